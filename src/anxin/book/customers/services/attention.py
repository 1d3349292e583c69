"""The attention list: proposed by one, approved by another, lifted the same way, ended by the night, asked by systems.

Nobody who may not keep the list learns that an entry exists: not from a page, a search, an export, a notice, an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from anxin.book.customers import access, data, rules
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.book.customers.models import (
    AttentionEntry,
    AttentionHit,
    AttentionKey,
    ContactPoint,
    IdentityDocument,
    Party,
)
from anxin.book.customers.services import attention_keys
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import RequestView
from anxin.foundation.audit import services as audit
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.kernel import names, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _

ADD: Final = "customers.attention_add"
LIFT: Final = "customers.attention_lift"
BATCH: Final = "customers.attention_batch"
State = AttentionEntry.State


@dataclass(frozen=True, kw_only=True)
class Match:
    """An entry that fits what was asked. `is_certain`: a number of this person alone; a phone may be shared."""

    entry_id: UUID
    kind: str
    by: str
    is_certain: bool
    from_date: date
    until_date: date | None


def propose(
    *, actor: Actor, now: datetime, kind: str, reason: str, ref: str = "", name: str = "",
    birth_date: date | None = None, evidence: str = "", until_date: date | None = None,
    review_date: date | None = None, keys: Mapping[str, str] | None = None,
) -> UUID:  # fmt: skip
    """Propose an entry about a customer (`ref`) or about somebody who is none, and ask for the second person.

    `keys`: document, phone, plate, uscc → number. Raises NotPermitted, CustomerNotFound and Rejected.
    """
    actor.require("customers.attention")
    party = access.get_party(actor, ref, "customers.attention") if ref else None
    check_entry(kind, reason, until_date, review_date, rules.day_of(now))
    clean = {one: attention_keys.normal_key(one, value) for one, value in (keys or {}).items() if value.strip()}
    if party is None and not clean and not (name.strip() and birth_date):
        raise Rejected("name", _("Name the person with a birth date, or give a number."))
    with transaction.atomic():
        entry = AttentionEntry.objects.create(
            party=party, unit_id=party.unit_id if party else (org.unit_of(actor.user_id) if actor.user_id else None),
            kind=kind, name="" if party else names.normalise_name(name), birth_date=None if party else birth_date,
            reason=reason.strip(), evidence=evidence.strip(), from_date=rules.day_of(now), until_date=until_date,
            review_date=review_date, entered_by_id=actor.user_id, created_at=now, source=rules.STAFF_SOURCE,
        )  # fmt: skip
        attention_keys.keep_keys(entry.pk, clean)
        approvals.ask(
            actor=actor, now=now, kind=ADD, subject_kind="attention", subject_id=entry.pk,
            subject_ref=party.ref if party else "", summary=_("Add to the attention list: %(kind)s"),
            summary_values={"kind": data.ATTENTION_KINDS[kind]}, reason=reason, unit_id=entry.unit_id,
        )  # fmt: skip
        _record(actor, now, "customers.propose_attention", entry)
    return entry.pk


def ask_lift(*, actor: Actor, now: datetime, entry_id: UUID, reason: str) -> None:
    """Ask a second person to take an entry off the list. Raises Rejected, CustomerNotFound, AlreadyAsked."""
    entry = get_entry(actor, entry_id)
    if entry.state != State.ACTIVE:
        raise StaleState(entry.state, entry.version)
    if not reason.strip():
        raise Rejected("reason", _("Say why the entry is lifted."))
    with transaction.atomic():
        approvals.ask(
            actor=actor, now=now, kind=LIFT, subject_kind="attention", subject_id=entry.pk,
            subject_ref=entry.party.ref if entry.party else "", summary=_("Take off the attention list: %(kind)s"),
            summary_values={"kind": data.ATTENTION_KINDS.get(entry.kind, entry.kind)}, reason=reason,
            unit_id=entry.unit_id, payload={},
        )  # fmt: skip
        _record(actor, now, "customers.ask_lift_attention", entry)


def ask_batch(*, actor: Actor, now: datetime, batch_id: UUID, reason: str) -> int:
    """Ask a second person to let the imported entries of a batch count; how many they are."""
    rows = visible_entries(actor).filter(batch_id=batch_id, state=State.PROPOSED)
    count: int = rows.count()
    if not count:
        raise CustomerNotFound(str(batch_id))
    approvals.ask(
        actor=actor, now=now, kind=BATCH, subject_kind="attention", subject_id=batch_id,
        summary=_("Add %(count)s imported entries to the attention list"), summary_values={"count": count},
        reason=reason, unit_id=None,
    )  # fmt: skip
    return count


def on_added(actor: Actor, now: datetime, request: RequestView) -> None:
    """The second person agreed: the entry counts, and whoever fits it is looked for."""
    entry = _moved(subject_of(request), State.PROPOSED, State.ACTIVE)
    _record(actor, now, "customers.add_attention", entry)
    _find_parties([entry.pk], now)


def on_add_closed(actor: Actor, now: datetime, request: RequestView) -> None:
    entry = _moved(subject_of(request), State.PROPOSED, State.REFUSED, ended_at=now)
    _record(actor, now, "customers.refuse_attention", entry)


def on_lifted(actor: Actor, now: datetime, request: RequestView) -> None:
    entry = _moved(subject_of(request), State.ACTIVE, State.LIFTED, ended_at=now, lift_reason=request.reason)
    _record(actor, now, "customers.lift_attention", entry)


def on_batch_added(actor: Actor, now: datetime, request: RequestView) -> None:
    keys = list(
        AttentionEntry.objects.filter(batch_id=request.subject_id, state=State.PROPOSED).values_list("pk", flat=True)
    )
    AttentionEntry.objects.filter(pk__in=keys).update(state=State.ACTIVE, version=F("version") + 1)
    audit.record(
        actor=actor, now=now, action="customers.add_attention", object_kind="batch", object_id=request.subject_id,
        detail={"rows": len(keys)},
    )  # fmt: skip
    _find_parties(keys, now)


def judge_hit(*, actor: Actor, now: datetime, hit_id: UUID, is_same: bool) -> UUID:
    """Say whether the customer found is the person of the entry; if so the entry is about this customer from now on.

    Returns the entry.
    """
    hit = AttentionHit.objects.select_related("entry", "party").filter(pk=hit_id).first()
    if hit is None or not visible_entries(actor).filter(pk=hit.entry_id).exists():
        raise CustomerNotFound(str(hit_id))
    state = AttentionHit.State.CONFIRMED if is_same else AttentionHit.State.DISMISSED
    with transaction.atomic():
        done = AttentionHit.objects.filter(pk=hit.pk, state=AttentionHit.State.OPEN).update(
            state=state, judged_by_id=actor.user_id, judged_at=now
        )
        if not done:
            hit.refresh_from_db()
            raise StaleState(hit.state, 1)
        if is_same:
            AttentionEntry.objects.filter(pk=hit.entry_id, party__isnull=True).update(
                party=hit.party, unit=hit.party.unit, version=F("version") + 1
            )
        audit.record(
            actor=actor, now=now, action="customers.judge_attention", object_kind="party", object_id=hit.party_id,
            object_ref=hit.party.ref, detail={"is_same": is_same},
        )  # fmt: skip
    return hit.entry_id


def expire(*, now: datetime) -> dict[str, int]:
    """End what is past its last day; tell the keepers of entries to be reviewed. Any number of times."""
    today = rules.day_of(now)
    ended = AttentionEntry.objects.filter(state=State.ACTIVE, until_date__lte=today).update(
        state=State.EXPIRED, ended_at=now, version=F("version") + 1
    )
    told = 0
    for entry in AttentionEntry.objects.filter(state=State.ACTIVE, review_date__lte=today):
        told += _tell(entry, now, f"attention-review-{entry.pk}-{entry.review_date}")
    return {"expired": ended, "to_review": told}


def check(
    *, actor: Actor, now: datetime, purpose: str, document: str = "", phone: str = "", plate: str = "",
    code: str = "", name: str = "", birth_date: date | None = None,
) -> list[Match]:  # fmt: skip
    """What the list says of somebody, for systems of underwriting and claims. Every question is recorded, never what
    was asked with. Raises NotPermitted and Rejected (nothing to ask by)."""
    actor.require("customers.attention_check")
    if purpose not in data.ATTENTION_PURPOSES:
        raise Rejected("purpose", _("Say what the answer is for."))
    given = {"document": document, "phone": phone, "plate": plate, "uscc": code}
    keys = {one: attention_keys.normal_key(one, value, strict=False) for one, value in given.items() if value.strip()}
    if not keys and not (name.strip() and birth_date):
        raise Rejected("document", _("Give a number, or a name with a birth date."))
    found = _matches(keys, name, birth_date, rules.day_of(now))
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="customers.check_attention", object_kind="attention", reason=purpose,
            detail={"asked_by": sorted([*keys, *(["name"] if name else [])]), "found": len(found)},
        )  # fmt: skip
    return found


def match_parties(party_ids: Sequence[UUID], *, now: datetime) -> int:
    """Look for these customers on the list and tell its keepers of those who fit; how many hits are new.

    In the caller's transaction. A fixed number of queries, whatever the number of customers.
    """
    if not party_ids or not AttentionEntry.objects.filter(state=State.ACTIVE).exists():
        return 0
    today = rules.day_of(now)
    living = Q(entry__state=State.ACTIVE) & (Q(entry__until_date__isnull=True) | Q(entry__until_date__gt=today))
    found: dict[tuple[UUID, UUID], str] = {}
    keys: dict[bytes, list[UUID]] = {}
    for model, column, kinds, by in (
        (IdentityDocument, "number_blind", ("document", "uscc"), "document"),
        (ContactPoint, "value_blind", ("phone",), "phone"),
    ):
        blinds: dict[bytes, list[UUID]] = {}
        rows: Any = model._default_manager.filter(party__in=party_ids).values_list(column, "party")
        for blind, party in rows:
            blinds.setdefault(bytes(blind), []).append(party)
        fitting = AttentionKey.objects.filter(living, value_blind__in=list(blinds), kind__in=kinds)
        for blind, entry, its_party in fitting.values_list("value_blind", "entry", "entry__party"):
            for party in blinds[bytes(blind)]:
                if party != its_party:
                    found.setdefault((entry, party), by)
        keys |= blinds
    people = {
        (name, birth): key
        for key, name, birth in Party.objects.filter(pk__in=party_ids, birth_date__isnull=False).values_list(
            "pk", "name", "birth_date"
        )
    }
    named = AttentionEntry.objects.filter(
        state=State.ACTIVE, party__isnull=True, name__in={name for name, _birth in people}
    ).exclude(until_date__lte=today)
    for entry, name, birth in named.values_list("pk", "name", "birth_date"):
        if (name, birth) in people:
            found.setdefault((entry, people[(name, birth)]), "name_birth")
    return _keep_hits(found, now)


def _find_parties(entry_ids: Sequence[UUID], now: datetime) -> None:
    """Customers who fit new entries."""
    found: dict[tuple[UUID, UUID], str] = {}
    for entry, blind, kind, own in AttentionKey.objects.filter(entry__in=entry_ids).values_list(
        "entry", "value_blind", "kind", "entry__party"
    ):
        rows: Any = (
            ContactPoint.objects.filter(value_blind=blind)
            if kind == AttentionKey.Kind.PHONE
            else IdentityDocument.objects.numbered(bytes(blind))
        )
        by = "phone" if kind == AttentionKey.Kind.PHONE else "document"
        for party in rows.filter(party__state=Party.State.ACTIVE).values_list("party", flat=True)[:50]:
            if party != own:
                found.setdefault((entry, party), by)
    for row in AttentionEntry.objects.filter(pk__in=entry_ids, party__isnull=True, birth_date__isnull=False).exclude(
        name=""
    ):
        same = Party.objects.filter(name=row.name, birth_date=row.birth_date, state=Party.State.ACTIVE)
        for party in same.values_list("pk", flat=True)[:50]:
            found.setdefault((row.pk, party), "name_birth")
    _keep_hits(found, now)


def _keep_hits(found: Mapping[tuple[UUID, UUID], str], now: datetime) -> int:
    known = set(AttentionHit.objects.filter(entry__in={entry for entry, _party in found}).values_list("entry", "party"))
    fresh = [
        AttentionHit(id=uuid7(), entry_id=entry, party_id=party, by=by, found_at=now)
        for (entry, party), by in found.items()
        if (entry, party) not in known
    ]
    AttentionHit.objects.bulk_create(fresh, ignore_conflicts=True)
    for entry in AttentionEntry.objects.filter(pk__in={one.entry_id for one in fresh}):
        _tell(entry, now, f"attention-hit-{entry.pk}-{now.date()}")
    return len(fresh)


def _matches(keys: Mapping[str, str], name: str, birth: date | None, today: date) -> list[Match]:
    living = AttentionEntry.objects.filter(state=State.ACTIVE, from_date__lte=today).exclude(until_date__lte=today)
    found: dict[UUID, tuple[AttentionEntry, str, bool]] = {}
    ring = vault.ring()
    for kind, value in keys.items():
        blind = ring.blind(attention_keys.BLINDS[AttentionKey.Kind(kind)], value)
        rows = living.filter(keys__kind__in=_same(kind), keys__value_blind=blind)
        if kind in ("document", "uscc"):
            holders = list(IdentityDocument.objects.numbered(blind).values_list("party", flat=True))
            rows |= living.filter(party__in=holders)
            if kind == "uscc":
                rows |= living.filter(party__uscc=value)
        elif kind == "phone":
            rows |= living.filter(party__contact_points__value_blind=blind)
        for entry in rows.distinct():
            found.setdefault(entry.pk, (entry, kind, kind != "phone"))
    if name.strip() and birth is not None:
        plain = names.normalise_name(name)
        rows = living.filter(Q(name=plain, birth_date=birth) | Q(party__name=plain, party__birth_date=birth))
        for entry in rows:
            found.setdefault(entry.pk, (entry, "name_birth", False))
    return [
        Match(
            entry_id=entry.pk, kind=entry.kind, by=by, is_certain=sure, from_date=entry.from_date,
            until_date=entry.until_date,
        )
        for entry, by, sure in found.values()
    ]  # fmt: skip


def _same(kind: str) -> tuple[str, ...]:
    return ("document", "uscc") if kind in ("document", "uscc") else (kind,)


def visible_entries(actor: Actor) -> Any:
    """Entries within the reach of whoever keeps the list."""
    scope = actor.require("customers.attention")
    rows = AttentionEntry.objects.all()
    if scope == "all":
        return rows
    if scope == "unit":
        units = org.units_within(actor.unit_paths)
        return rows.filter(Q(unit__in=units) | Q(party__unit__in=units))
    return rows.filter(Q(entered_by=actor.user_id) | Q(access.reach(actor, "customers.attention", prefix="party__")))


def get_entry(actor: Actor, entry_id: UUID) -> AttentionEntry:
    """Raises CustomerNotFound, also for an entry beyond reach."""
    found: AttentionEntry | None = (
        visible_entries(actor).select_related("party", "entered_by", "unit").filter(pk=entry_id).first()
    )
    if found is None:
        raise CustomerNotFound(str(entry_id))
    return found


def check_entry(kind: str, reason: str, until: date | None, review: date | None, today: date) -> None:
    if kind not in data.ATTENTION_KINDS:
        raise Rejected("kind", _("Choose a kind of entry."))
    if not reason.strip():
        raise Rejected("reason", _("An entry needs its reason."))
    if until is not None and until <= today:
        raise Rejected("until_date", _("The last day lies in the past."))
    if review is not None and (review <= today or (until is not None and review > until)):
        raise Rejected("review_date", _("The day of review lies between today and the last day."))


def subject_of(request: RequestView) -> UUID:
    if request.subject_id is None:
        raise CustomerNotFound("")
    return request.subject_id


def _moved(entry_id: UUID, seen: str, to: str, **changes: Any) -> AttentionEntry:
    done = AttentionEntry.objects.filter(pk=entry_id, state=seen).update(state=to, version=F("version") + 1, **changes)
    entry = AttentionEntry.objects.select_related("party").get(pk=entry_id)
    if not done:
        raise StaleState(entry.state, entry.version)
    return entry


def _tell(entry: AttentionEntry, now: datetime, dedupe_key: str) -> int:
    keepers: Iterable[UUID] = org.holders_of("customers.attention", unit_id=entry.unit_id, today=rules.day_of(now))
    return notices.tell(
        now=now, users=keepers, kind="attention", title_zh="关注名单有一条记录需要处理",
        title_en="An entry of the attention list needs a look", dedupe_key=dedupe_key,
        url=f"/customers/attention/{entry.pk}/",
    )  # fmt: skip


def _record(actor: Actor, now: datetime, action: str, entry: AttentionEntry) -> None:
    party = entry.party
    audit.record(
        actor=actor, now=now, action=action, object_kind="party" if party else "attention",
        object_id=party.pk if party else entry.pk, object_ref=party.ref if party else "",
        detail={"kind": entry.kind},
    )  # fmt: skip
