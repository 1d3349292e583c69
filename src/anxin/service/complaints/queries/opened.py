"""One complaint as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Q, QuerySet, Value

from anxin.book.customers.data import CustomerNotFound, written_in
from anxin.book.customers.queries import standings
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.kernel import masking, promises, vault
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.permissions import Scope
from anxin.kernel.statements import Json, Statement
from anxin.kernel.worktime import Calendar
from anxin.service.complaints import access
from anxin.service.complaints.data import State
from anxin.service.complaints.models import (
    Check,
    Complaint,
    Decision,
    Evidence,
    Matter,
    Move,
    Plan,
    Responsibility,
    Supervision,
    Talk,
)
from anxin.service.complaints.rules import flow, numbering, principles, terms

MOST: Final = 100
_CLOSED: Final = list(flow.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Both clocks at a moment. `statutory` None: closed before it came here."""

    statutory: promises.Reading | None
    target: promises.Reading | None
    clock: promises.Clock | None
    calendar: Calendar
    extensions: int


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """A day of the little calendar: how it is counted and why."""

    day: date
    is_working: bool
    name: str
    number: int  # of the working days counted, 0 for none
    is_start: bool
    is_today: bool
    is_due: bool
    is_make_up: bool


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One complaint with everything that belongs to it."""

    row: Complaint
    party_ref: str
    party_name: str
    language: str  # "en" or "zh": what the customer is written to in
    standing: standings.StandingView | None
    contact: str
    moves: list[Move]
    talks: list[Talk]
    evidence: list[Evidence]
    plans: list[Plan]
    decisions: list[Decision]
    responsibilities: list[Responsibility]
    checks: list[Check]
    supervisions: list[Supervision]
    matters: list[Matter]
    earlier: int
    clocks: Clocks
    terms: Content  # how long things may take, as it holds today


def open_complaint(actor: Actor, ref: str, *, now: datetime) -> Opened:
    """Raises NotPermitted and ComplaintNotFound."""
    row = access.get_complaint(
        actor, ref, related=("handler", "unit", "party", "registered_by", "merged_into", "repeats", "rectification")
    )
    party: Any = row.party
    contact = ""
    if row.contact_sealed:
        contact = masking.mask_phone(
            vault.ring().open(
                bytes(row.contact_sealed), table="complaints_complaint", column="contact_sealed", row=row.pk
            ),
        )
    has = _AROUND.one(complaint=row.pk, party=row.party_id or row.pk, since=now - timedelta(days=365))
    return Opened(
        row=row, party_ref=party.ref if party else "", party_name=party.name if party else "",
        language=written_in(party.language if party else ""),
        standing=_standing(actor, party),
        contact=contact, moves=list(row.moves.order_by("-number")),
        talks=list(row.talks.select_related("by").order_by("-at")) if has["talks"] else [],
        evidence=list(row.evidence.select_related("added_by").order_by("-added_at")) if has["evidence"] else [],
        plans=list(row.plans.select_related("proposed_by").order_by("-proposed_at")) if has["plans"] else [],
        decisions=list(row.decisions.order_by("-made_at")) if has["decisions"] else [],
        responsibilities=list(row.responsibilities.select_related("unit", "user")) if has["responsibilities"] else [],
        checks=list(row.checks.order_by("-asked_at")) if has["checks"] else [],
        supervisions=list(row.supervisions.order_by("-ordered_at")) if has["supervisions"] else [],
        matters=list(row.matters.order_by("id")[:50]) if row.matter_count > 1 else [],
        earlier=len(has["earlier"]), clocks=clocks_of(row, now=now),
        terms=schemes.active(terms.TERMS, on=numbering.day_of(now)).content,
    )  # fmt: skip


_KINDS: Final[Mapping[str, Any]] = {
    "talks": Talk, "evidence": Evidence, "plans": Plan, "decisions": Decision, "responsibilities": Responsibility,
    "checks": Check, "supervisions": Supervision,
}  # fmt: skip


def _around(*, complaint: Any, party: Any, since: Any) -> QuerySet[Any, Any]:
    """Which papers there are at all, so that nothing is asked for in vain; other complaints of the customer."""
    papers = {name: Exists(kind.objects.filter(complaint=complaint)) for name, kind in _KINDS.items()}
    others = Complaint.objects.filter(party=party, received_at__gte=since).exclude(pk=complaint).order_by()
    earlier = ArraySubquery(others.annotate(one=Value(1)).values("one")[:MOST])
    return Complaint.objects.filter(pk=complaint).values_list(Json(**papers, earlier=earlier))


_AROUND: Final = Statement(_around, complaint=UUID, party=UUID, since=datetime)


def _standing(actor: Actor, party: Any) -> standings.StandingView | None:
    """Tier, class and policies of the customer, for whoever reaches the file as well as the complaint."""
    if party is None:
        return None
    with suppress(CustomerNotFound, NotPermitted):
        return standings.get_standing(actor, party.ref, permission="customers.view")
    return None


def clocks_of(row: Complaint, *, now: datetime) -> Clocks:
    """Both clocks of a complaint at a moment."""
    calendar = org.working_calendar(row.unit_id)
    clock = promises.load(row.clock) if row.clock else None
    target = promises.load(row.target) if row.target else None
    since = sum(one.at >= clock.runs_since for one in clock.extensions) if clock else 0
    return Clocks(
        statutory=promises.read(clock, calendar, now, terms.AMBER) if clock else None,
        target=promises.read(target, calendar, now, terms.AMBER) if target else None, clock=clock, calendar=calendar,
        extensions=since,
    )  # fmt: skip


WINDOW: Final = timedelta(weeks=5)
LONGEST: Final = timedelta(days=69)


def weeks_of(clocks: Clocks, *, now: datetime, shift: int = 0) -> list[list[CalendarDay]]:
    """Whole weeks, Monday first, from the start to the end of the term, at most ten; `shift`: five weeks on or back.

    Working days are numbered from the day after the start.
    """
    if clocks.clock is None or clocks.statutory is None:
        return []
    calendar = clocks.calendar
    start = calendar.local_day(clocks.clock.runs_since)
    due, today = clocks.statutory.due_day, calendar.local_day(now)
    first = start - timedelta(days=start.weekday())
    last = min(due + timedelta(days=6 - due.weekday()), first + LONGEST)
    if shift:
        # A page of its own length, beside what the term covers.
        first = first + WINDOW * shift if shift < 0 else last + timedelta(days=1) + WINDOW * (shift - 1)
        last = first + WINDOW - timedelta(days=1)
    counted = 0
    day = min(first, start + timedelta(days=1))
    weeks: list[list[CalendarDay]] = []
    while day <= last:
        rule = calendar.rule_for(day)
        working = rule.is_working
        if working and start < day <= due:
            counted += 1
        if day >= first:
            if day.weekday() == 0:
                weeks.append([])
            weeks[-1].append(
                CalendarDay(
                    day=day, is_working=working, name=rule.name if day in calendar.exceptions else "",
                    number=counted if working and start < day <= min(due, today) else 0, is_start=day == start,
                    is_today=day == today, is_due=day == due, is_make_up=working and day.weekday() >= 5,
                )
            )  # fmt: skip
        day += timedelta(days=1)
    return weeks


def neighbours(actor: Actor, row: Complaint) -> tuple[str, str, int, int]:
    """(the complaint before, the one after) on the board, by the day the decision is due, "" at the ends; its place,
    and how many there are, both counted up to a hundred."""
    if row.due_at is None or row.state in flow.CLOSED:
        return "", "", 0, 0
    scope = actor.require("complaints.view")
    found = _BESIDE.one(
        scope, user=actor.user_id or row.pk, units=access.units_reached(actor, scope), due=row.due_at, key=row.pk
    )
    before = found["before"]
    return before[0] if before else "", next(iter(found["after"]), ""), len(before) + 1, len(found["all"])


def _beside(scope: Scope, *, user: Any, units: Any, due: Any, key: Any) -> QuerySet[Any, Any]:
    rows = access.within(scope, user=user, units=units).exclude(state__in=_CLOSED).filter(due_at__isnull=False)
    before = rows.filter(Q(due_at__lt=due) | Q(due_at=due, pk__lt=key)).order_by("-due_at", "-id")
    after = rows.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=key)).order_by("due_at", "id")
    return Complaint.objects.filter(pk=key).values_list(
        Json(
            before=ArraySubquery(before.values("ref")[:MOST]), after=ArraySubquery(after.values("ref")[:1]),
            all=ArraySubquery(rows.order_by().annotate(one=Value(1)).values("one")[:MOST]),
        )
    )  # fmt: skip


_BESIDE: Final = Statement(_beside, user=UUID, units=list, due=datetime, key=UUID)


def escalates_at(seen: Opened) -> datetime | None:
    """When the step at hand goes up by itself; None where it will not."""
    row = seen.row
    found: datetime | None = flow.escalates_at(
        state=State(row.state), is_escalated=row.is_escalated, pause=row.pause, target_due=row.target_due_at,
        calendar=seen.clocks.calendar, content=seen.terms,
    )  # fmt: skip
    return found


def first_contact(seen: Opened, *, now: datetime) -> tuple[datetime | None, datetime]:
    """(when somebody first talked to the complainant, by when it was due): working hours from the registration."""
    hours = terms.days(seen.terms, "first_contact")
    began = min((move.at for move in seen.moves if move.action == "register"), default=seen.row.received_at)
    clock = promises.Clock(term=promises.Term(promises.Measure.WORKING_MINUTES, hours * 60), started_at=began)
    talked = [talk.at for talk in seen.talks if talk.kind != "internal"]
    return min(talked, default=None), promises.due_at(clock, seen.clocks.calendar, now)


def principles_of(seen: Opened, *, now: datetime) -> tuple[principles.Principle, ...]:
    """How the six principles stand on what is on record."""
    row = seen.row
    decision = seen.decisions[0] if seen.decisions else None
    talks = [talk for talk in seen.talks if talk.kind != "internal"]
    extended = [move for move in seen.moves if move.action in ("extend", "extend_again")]
    plan = next((one for one in seen.plans if one.state == "approved"), None)
    # By who they are: two people may bear one name.
    approved = next((move for move in seen.moves if move.action == "approve_plan"), None)
    blamed = {one.user_id for one in seen.responsibilities if one.user_id}
    statutory, target = seen.clocks.statutory, seen.clocks.target
    return principles.check(
        principles.Record(
            is_told=decision is not None, has_contact=bool(talks),
            has_silent_extension=len(extended) > sum(talk.kind == "told" for talk in talks),
            sent_back=sum(move.action == "send_back" for move in seen.moves),
            is_reviewed=any(move.action == "review" for move in seen.moves),
            is_late=bool(statutory and statutory.is_late and row.told_at is None),
            late_steps=int(bool(target and target.is_late)), is_in_time=decision.was_in_time if decision else None,
            is_handler_blamed=row.handler_id in blamed,
            is_plan_by_two=None if plan is None or approved is None else approved.actor_id != plan.proposed_by_id,
            has_findings=bool(row.findings), evidence=sum(one.kind != "notice" for one in seen.evidence),
            validity=row.validity, outcome=row.outcome, satisfaction=row.satisfaction,
        )
    )  # fmt: skip
