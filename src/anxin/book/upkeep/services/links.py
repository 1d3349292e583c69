"""Cards that customers fill in by themselves (A07): a signed link for a few days and one answer.

The address holds the number of the link and a secret, both signed; the database only a digest of the secret. Whoever
opens it sees no value of the file beyond the surname.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CHOICES
from anxin.book.upkeep import access, data, rules
from anxin.book.upkeep.data import LinkState, NotFound, UpkeepRejected
from anxin.book.upkeep.events import CardAnswered
from anxin.book.upkeep.models import CardAnswer, CardLink
from anxin.foundation.audit import services as audit
from anxin.kernel import outbox, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _

_SALT: Final = "upkeep.card"
_LONGEST: Final = {"mobile": 20, "email": 120, "home_address": 300, "employer": 120, "contact_preference": 120}
_TABLE: Final = {"table": "upkeep_cardanswer", "column": "values_sealed"}


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the page of a customer knows: whether the link is good, the language, the surname with the rest hidden."""

    state: LinkState
    language: str = ""
    greeting: str = ""
    expires_at: datetime | None = None


@transaction.atomic
def make_link(*, actor: Actor, now: datetime, ref: str, language: str = "zh-hans", days: int = rules.LINK_DAYS) -> str:
    """A fresh link, the token of its address; links sent before are revoked. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "upkeep.invite")
    if party.kind != "person":
        raise UpkeepRejected(_("Only persons fill in a card."))
    if not 1 <= days <= 30:
        raise UpkeepRejected(_("A link is good for 1 to 30 days."))
    CardLink.objects.filter(party=party.pk, used_at=None, revoked_at=None).update(revoked_at=now)
    secret = secrets.token_urlsafe(24)
    row = CardLink.objects.create(
        id=uuid7(), party_id=party.pk, token_hash=_digest(secret), language=language, created_at=now,
        created_by_id=actor.user_id, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="upkeep.make_link", object_kind="party", object_id=party.pk, object_ref=party.ref,
        detail={"days": days},
    )  # fmt: skip
    return signing.Signer(salt=_SALT).sign(f"{row.pk.hex}.{secret}")


@transaction.atomic
def revoke(*, actor: Actor, now: datetime, link_id: UUID) -> None:
    """The link opens nothing any more. Raises NotFound."""
    row = access.visible_links(actor).filter(pk=link_id).first()
    if row is None:
        raise NotFound(str(link_id))
    if CardLink.objects.filter(pk=row.pk, used_at=None, revoked_at=None).update(revoked_at=now):
        audit.record(actor=actor, now=now, action="upkeep.revoke_link", object_kind="party", object_id=row.party_id)


def is_too_often(*, token: str, address: str) -> bool:
    """Whether this link, or somebody at this network address, opens cards too often; counts this time.

    Behind a proxy many customers share an address: its limit only stops a flood.
    """
    return _count(f"link:{token}") > rules.OPENINGS or _count(f"address:{address}") > rules.OPENINGS * 20


def _count(what: str) -> int:
    key = f"upkeep.card:{hashlib.sha256(what.encode()).hexdigest()[:40]}"
    cache.add(key, 0, timeout=int(rules.WINDOW.total_seconds()))
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0


def open_card(*, token: str, now: datetime) -> Card:
    """What the page may show for a token. An unknown, forged or used one tells nothing of anybody."""
    row = _find(token)
    if row is None:
        return Card(state=LinkState.UNKNOWN)
    state = _state(row, now)
    if state is not LinkState.OPEN:
        return Card(state=state, language=row.language)
    return Card(state=state, language=row.language, greeting=row.party.name[:1] + "*", expires_at=row.expires_at)


@transaction.atomic
def submit(*, token: str, now: datetime, values: Mapping[str, str], agrees: bool) -> LinkState:
    """Keep what a customer filled in until somebody decides on it; ends the link. Raises UpkeepRejected.

    The state says why nothing was kept, if it was not OPEN.
    """
    row = _find(token)
    if row is None:
        return LinkState.UNKNOWN
    row = CardLink.objects.select_for_update().select_related("party").get(pk=row.pk)
    state = _state(row, now)
    if state is not LinkState.OPEN:
        return state
    if not agrees:
        raise UpkeepRejected(_("Without your consent nothing can be kept."))
    said = _clean(values)
    if not said:
        raise UpkeepRejected(_("Fill in at least one field."))
    CardLink.objects.filter(pk=row.pk).update(used_at=now)
    key = uuid7()
    CardAnswer.objects.create(
        id=key, link=row, party_id=row.party_id, notice=data.NOTICE, submitted_at=now,
        values_sealed=vault.ring().seal(json.dumps(said, ensure_ascii=False), row=key, **_TABLE),
    )  # fmt: skip
    outbox.publish(
        CardAnswered(answer_id=key, party_id=row.party_id, owner_id=row.party.manager_id, unit_id=row.party.unit_id)
    )
    audit.record(
        actor=Actor.system("customer", channel="card"), now=now, action="upkeep.submit_card", object_kind="party",
        object_id=row.party_id, object_ref=row.party.ref, detail={"fields": sorted(said), "notice": data.NOTICE},
    )  # fmt: skip
    return LinkState.OPEN


def note_try(*, token: str) -> None:
    """A sending that could not be kept counts against the link."""
    row = _find(token)
    if row is not None:
        CardLink.objects.filter(pk=row.pk).update(tries=F("tries") + 1)


def _find(token: str) -> CardLink | None:
    try:
        plain = signing.Signer(salt=_SALT).unsign(token)
        key, _sep, secret = plain.partition(".")
        row = CardLink.objects.select_related("party").filter(pk=UUID(key)).first()
    except (signing.BadSignature, ValueError):
        return None
    if row is None or not secrets.compare_digest(bytes(row.token_hash), _digest(secret)):
        return None
    return row if row.party.state == "active" else None


def _state(row: CardLink, now: datetime) -> LinkState:
    return rules.link_state(
        now=now, expires_at=row.expires_at, used_at=row.used_at, revoked_at=row.revoked_at, tries=row.tries
    )


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    said = {}
    for name in data.CARD_FIELDS:
        text = " ".join(str(values.get(name, "")).split())
        if not text:
            continue
        if name in CHOICES and text not in CHOICES[name]:
            raise UpkeepRejected(_("This is not one of the choices."))
        said[name] = text[: _LONGEST.get(name, 60)]
    return said


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
