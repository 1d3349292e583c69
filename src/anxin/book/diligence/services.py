"""Grading, verifying, naming the people behind a customer, and the nightly reminder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import elements, merged
from anxin.book.diligence import data, rules
from anxin.book.diligence.data import Rejected
from anxin.book.diligence.events import ReviewDue
from anxin.book.diligence.models import Profile, RelatedPerson
from anxin.foundation.audit import services as audit
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Hold, Holdings, Mode, Records
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import names, outbox, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _

BATCH: Final = 1_000
_TEXTS: Final = (
    "risk_reason", "pep_note", "source_of_funds", "use_of_funds", "verification_method", "business_scope",
    "licence_no",
)  # fmt: skip


def review(*, actor: Actor, now: datetime, ref: str, version: int, values: Mapping[str, Any]) -> None:
    """Record what due diligence found; the next review follows from the grade. `version` 0: the first time.

    Raises NotPermitted, CustomerNotFound, Rejected and StaleState.
    """
    party = customers.get_party(actor, ref, "diligence.edit")
    if values.get("risk") not in data.RISKS:
        raise Rejected("risk", _("Choose the grade of risk."))
    if values["risk"] == "high" and not str(values.get("risk_reason", "")).strip():
        raise Rejected("risk_reason", _("Say why the risk is high."))
    if values.get("is_pep") and values["risk"] == "low":
        raise Rejected("risk", _("A politically exposed person is never of low risk."))
    if values.get("verification", "none") not in data.VERIFICATIONS:
        raise Rejected("verification", _("Choose the result of the verification."))
    scheme = schemes.active(rules.REVIEWS, on=rules.day_of(now))
    columns: dict[str, Any] = {name: str(values.get(name, "") or "").strip() for name in _TEXTS}
    columns |= {
        "risk": values["risk"], "is_pep": bool(values.get("is_pep")),
        "verification": values.get("verification", "none"), "licence_until": values.get("licence_until"),
        "verified_at": now if values.get("verification") == "passed" else None,
        "next_review_date": rules.next_review(rules.day_of(now), values["risk"], scheme.content),
        "scheme_version": scheme.version, "reviewed_at": now, "reviewed_by_id": actor.user_id,
    }  # fmt: skip
    with transaction.atomic():
        if version == 0:
            try:
                with transaction.atomic():
                    Profile.objects.create(party_id=party.pk, **columns)
            except IntegrityError as error:
                raise StaleState("profile", 1) from error
        elif not Profile.objects.filter(party=party.pk, version=version).update(version=F("version") + 1, **columns):
            raise StaleState("profile", version + 1)
        _record(actor, now, "diligence.review", party.pk, party.ref, values["risk"])


def add_person(
    *, actor: Actor, now: datetime, ref: str, role: str, name: str, document_kind: str, number: str,
    valid_until: date | None = None, share_bp: int | None = None,
) -> None:  # fmt: skip
    """Name somebody behind a customer. The number is sealed."""
    party = customers.get_party(actor, ref, "diligence.edit")
    profile = Profile.objects.filter(party=party.pk).first()
    if profile is None:
        raise Rejected("role", _("Grade the customer first."))
    if role not in data.ROLES:
        raise Rejected("role", _("Choose the role."))
    if not name.strip():
        raise Rejected("name", _("Name the person."))
    clean = "".join(number.split()).upper()
    if len(clean) < 5:
        raise Rejected("number", _("Give the number of the identity document."))
    if share_bp is not None and not 0 < share_bp <= 10_000:
        raise Rejected("share_bp", _("A share lies between 0 and 100 per cent."))
    key, ring = uuid7(), vault.ring()
    try:
        with transaction.atomic():
            RelatedPerson.objects.create(
                id=key, profile=profile, role=role, name=names.normalise_name(name), document_kind=document_kind,
                number_sealed=ring.seal(clean, table="diligence_relatedperson", column="number_sealed", row=key),
                number_blind=ring.blind("document", clean), valid_until=valid_until, share_bp=share_bp,
            )  # fmt: skip
            _record(actor, now, "diligence.add_person", party.pk, party.ref, role)
    except IntegrityError as error:
        raise Rejected("number", _("This person is named in this role already.")) from error


def remove_person(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    party = customers.get_party(actor, ref, "diligence.edit")
    with transaction.atomic():
        rows = RelatedPerson.objects.filter(pk=item, profile__party=party.pk)
        if not rows.delete()[0]:
            raise customers.CustomerNotFound(str(item))
        _record(actor, now, "diligence.remove_person", party.pk, party.ref, "")


def nightly(*, now: datetime) -> dict[str, int]:
    """Tell of every profile whose review, licence or ID document is due; once for each due day (the listener knows)."""
    today = rules.day_of(now)
    days = int(str(schemes.active(rules.REVIEWS, on=today).content["warning"]))
    until = today + timedelta(days=days)
    told = 0
    for rows in _batches(Q(party__state="active")):
        found = elements.elements_of([row.party_id for row in rows], today=today)
        with transaction.atomic():
            for row in rows:
                who = found.get(row.party_id)
                due = min([day for day in (row.next_review_date, row.licence_until) if day], default=until)
                if who is None or (due > until and who.expired is None):
                    continue
                why = "document" if who.expired is not None else "review"
                outbox.publish(
                    ReviewDue(
                        party_id=row.party_id, manager_id=who.manager_id, unit_id=who.unit_id,
                        due=who.expired or due, why=why,
                    )
                )  # fmt: skip
                told += 1
    return {"due": told}


def _batches(which: Q) -> Iterator[list[Profile]]:
    last: UUID | None = None
    while True:
        rows = Profile.objects.filter(which).order_by("pk")
        page = list(rows.filter(pk__gt=last)[:BATCH] if last else rows[:BATCH])
        if not page:
            return
        yield page
        last = page[-1].pk


def _record(actor: Actor, now: datetime, action: str, party_id: UUID, ref: str, what: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="party", object_id=party_id, object_ref=ref,
        detail={"what": what} if what else {},
    )  # fmt: skip


def export(party_id: UUID) -> Iterator[Records]:
    """Funds and verification; the grade of risk is not told (anti-money-laundering secrecy)."""
    rows = Profile.objects.filter(party__in=merged.members(party_id))
    yield privacy.records_of(
        "diligence", _("Customer due diligence"), rows,
        labels={"source_of_funds": _("Source of funds"), "use_of_funds": _("Use of funds"),
                "verification": _("Verification"), "verified_at": _("Verified at")},
        words={"verification": data.VERIFICATIONS},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    if mode is Mode.ERASE:
        rows = Profile.objects.filter(party__in=merged.members(party_id))
        people = RelatedPerson.objects.filter(profile__in=rows)
        removed = privacy.remove_rows(RelatedPerson, people) + privacy.remove_rows(Profile, rows)
        if removed:
            yield Erased(table="diligence_profile", removed=removed)


def find_holds(party_ids: Sequence[UUID]) -> dict[UUID, list[Hold]]:
    """Identity data of due diligence are kept for years from the end of the relation."""
    return {
        party: [Hold(ground="aml", since=rules.day_of(at))]
        for party, at in Profile.objects.filter(party__in=party_ids).values_list("party", "reviewed_at")
    }


HOLDINGS: Final = Holdings(
    room="diligence", covers=frozenset({"Profile", "RelatedPerson"}), export=export, erase=erase, holds=find_holds
)
