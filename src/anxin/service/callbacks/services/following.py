"""What follows from a call-back, and what it follows from: tickets that were resolved, problems that were solved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.book.customers.queries import permissions
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.callbacks.data import Kind, State, Way
from anxin.service.callbacks.models import CallBack, Found
from anxin.service.callbacks.queries import scheme as schemes
from anxin.service.callbacks.rules import due
from anxin.service.callbacks.services import generation

BY_HAND = (Kind.RENEWAL, Kind.SATISFACTION, Kind.CARE)
LONGEST_AHEAD = timedelta(days=400)


def success(when: datetime, way: Way) -> dict[str, Any]:
    """The columns that say when and how it succeeded."""
    return {"success_on": due.day_of(when), "success_way": way}


def after_success(row: CallBack, *, now: datetime, at: datetime, way: Way) -> None:
    """A second call-back makes the first a success; regular care is planned anew."""
    if row.previous_id is not None:
        CallBack.objects.filter(pk=row.previous_id, success_on__isnull=True).update(**success(at, way))
    if row.kind == Kind.CARE and row.subject_kind == "regular":
        _again(row, now)


def _again(row: CallBack, now: datetime) -> None:
    rules = schemes.rules(now)
    classes = {one["abc"]: one["days"] for one in rules["care"]}
    customer = customers.get_row(Actor.system("callbacks"), row.party_id)
    days = classes.get(customer.abc if customer else "", max(classes.values()))
    start = due.start_of(due.day_of(now) + timedelta(days=days))
    plan(
        party_id=row.party_id, kind=Kind.CARE, now=now, start=start, until=start + timedelta(days=rules["care_days"]),
        occurrence=f"{row.pk}:next", unit_id=row.unit_id, subject_kind="regular",
    )  # fmt: skip


def plan(
    *, party_id: UUID, kind: Kind, now: datetime, start: datetime, until: datetime, occurrence: str,
    unit_id: UUID | None, subject_kind: str = "", **columns: Any,
) -> CallBack:  # fmt: skip
    """One call-back, once for each `occurrence` of its kind: called from `start` on, due at `until`."""
    amber_at = due.amber_between(start, until, schemes.rules(now)["amber_percent"])
    row, _is_new = CallBack.objects.get_or_create(
        kind=kind, occurrence=occurrence,
        defaults={
            "state": State.WAITING, "party_id": party_id, "unit_id": unit_id, "subject_kind": subject_kind,
            "starts_at": start, "due_at": until, "amber_at": amber_at, "not_before": start,
            "changed_at": now, "created_at": now, **columns,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def plan_by_hand(
    *, actor: Actor, now: datetime, ref: str, kind: Kind, start: datetime, is_regular: bool = False, note: str = "",
    key: UUID,
) -> CallBack:  # fmt: skip
    """A call-back somebody wants for a customer; `key` makes a form that is sent twice one. Care may be regular: by the
    class of the customer the next is planned when one succeeded. Raises CustomerNotFound, Rejected."""
    party = customers.get_party(actor, ref, "callbacks.plan")
    if kind not in BY_HAND:
        raise Rejected("kind", _("These are made by the product itself."))
    if not now - timedelta(days=1) <= start <= now + LONGEST_AHEAD:
        raise Rejected("start", _("Choose a day from today on, within a year."))
    if permissions.silent([party.pk], today=due.day_of(start)):
        raise Rejected(
            "start", _("A complaint of this customer is open, or was closed lately: no care or sales calls now.")
        )
    until = due.start_of(due.day_of(start) + timedelta(days=schemes.rules(now)["hand_days"]))
    row = plan(
        party_id=party.pk, kind=kind, now=now, start=start, until=until,
        occurrence=str(key), unit_id=party.unit_id, note=note.strip()[:500],
        subject_kind="regular" if is_regular and kind is Kind.CARE else "hand",
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="callbacks.plan", object_kind="call_back", object_id=row.pk, object_ref=party.ref,
        detail={"kind": kind},
    )  # fmt: skip
    return row


@transaction.atomic
def ticket_resolved(*, now: datetime, ticket_id: UUID, party_id: UUID | None) -> None:
    """A problem's ticket: it is solved, the customer is called a second time. Another ticket: some of the customers are
    asked how they found it. Any number of times with the same end."""
    found = Found.objects.select_for_update().filter(ticket_id=ticket_id).select_related("call_back").first()
    if found is not None:
        _solved(found, now)
        return
    customer = customers.get_row(Actor.system("callbacks"), party_id) if party_id else None
    if party_id is None or customer is None:
        return
    rules = schemes.rules(now)
    if ticket_id.int % 100 >= rules["satisfaction_percent"]:
        return
    generation.hold()  # or two tickets solved at once would both find nobody asked
    if permissions.silent([party_id], today=due.day_of(now)):
        return
    quiet = now - timedelta(days=rules["quiet_days"])
    if CallBack.objects.filter(
        party=party_id, kind__in=(Kind.SATISFACTION, Kind.CLAIM), created_at__gte=quiet
    ).exists():  # fmt: skip
        return
    until = _working(now, rules["satisfaction_days"], rules)
    plan(
        party_id=party_id, kind=Kind.SATISFACTION, now=now, start=now, until=until, occurrence=str(ticket_id),
        unit_id=customers.get_party(Actor.system("callbacks"), customer.ref).unit_id, subject_kind="ticket",
        subject_id=ticket_id,
    )  # fmt: skip


def _solved(found: Found, now: datetime) -> None:
    if found.solved_at is not None:
        return
    found.solved_at = now
    found.save(update_fields=["solved_at"])
    first = found.call_back
    rules = schemes.rules(now)
    root = first.previous_id or first.pk
    cooling_due = None
    if first.kind == Kind.NEW_BUSINESS and first.cooling_ends is not None:
        cooling_due = due.start_of(first.cooling_ends + timedelta(days=1))
    until = due.second_due(_working(now, rules["second_days"], rules), cooling_due, now)
    plan(
        party_id=first.party_id, kind=Kind(first.kind), now=now, start=now, until=until,
        occurrence=f"{first.occurrence}:{first.round + 1}"[:80], unit_id=first.unit_id,
        subject_kind=first.subject_kind, subject_id=first.subject_id, round=first.round + 1, previous_id=root,
        policy_id=first.policy_id, policy_no=first.policy_no, line=first.line, channel=first.channel,
        seller_id=first.seller_id, underwritten_date=first.underwritten_date, receipt_date=first.receipt_date,
        is_assumed=first.is_assumed, cooling_ends=first.cooling_ends,
    )  # fmt: skip


def _working(now: datetime, days: int, rules: Any) -> datetime:
    calendar = org.working_calendar()
    return due.due_after(due.day_of(now), days, "working_days", calendar, rules["amber_percent"]).due_at
