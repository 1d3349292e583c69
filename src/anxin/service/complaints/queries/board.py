"""The board of complaints and one complaint as its page shows it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound, written_in
from anxin.book.customers.queries import standings
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.kernel import masking, promises, vault
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.words import mark as _
from anxin.kernel.worktime import Calendar
from anxin.service.complaints import access
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
from anxin.service.complaints.rules import flow, numbering, principles, taxonomy, terms
from anxin.service.complaints.rules import templates as templates_rules
from anxin.service.desk.queries import glance

MOST: Final = 100
_CLOSED: Final = list(flow.CLOSED)


@dataclass(frozen=True, kw_only=True)
class BoardFilter:
    """What the board shows. `show` "": open, mine, late, watched, done."""

    show: str = ""
    state: str = ""
    line: str = ""
    cause: str = ""
    channel: str = ""
    severity: str = ""
    text: str = ""


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


def list_complaints(actor: Actor, wanted: BoardFilter, *, now: datetime) -> QuerySet[Complaint]:
    """Raises NotPermitted. Texts are looked for in the number, the policy, the claim and the name, by beginning."""
    rows = access.visible_complaints(actor).select_related("handler", "unit", "party")
    rows = rows.filter(state__in=_CLOSED) if wanted.show == "done" else rows.exclude(state__in=_CLOSED)
    if wanted.show == "mine":
        rows = rows.filter(Q(handler=actor.user_id) | Q(registered_by=actor.user_id))
    elif wanted.show == "late":
        rows = rows.filter(Q(due_at__lte=now) | Q(target_due_at__lte=now))
    elif wanted.show == "watched":
        rows = rows.filter(is_supervised=True)
    for name in ("state", "line", "cause", "channel", "severity"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if text := wanted.text.strip():
        rows = rows.filter(
            Q(ref__startswith=text.upper()) | Q(policy_no=text) | Q(claim_no=text) | Q(complainant__startswith=text)
        )
    return rows


def counts(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Open, late by law, about to be late, watched: counted up to a hundred each."""
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED)
    return {
        "open": rows[:MOST].count(),
        "late": rows.filter(due_at__lte=now, told_at__isnull=True)[:MOST].count(),
        "amber": rows.filter(amber_at__lte=now, due_at__gt=now, told_at__isnull=True)[:MOST].count(),
        "target": rows.filter(target_due_at__lte=now)[:MOST].count(),
        "watched": rows.filter(is_supervised=True)[:MOST].count(),
    }


def count_late(actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Open ones in reach, and of them those past a day, counted over the first hundred: for the rail, one query."""
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED).order_by("due_at", "id")[:MOST]
    late = Q(due_at__lte=now, told_at__isnull=True) | Q(target_due_at__lte=now)
    found = rows.aggregate(count=Count("pk"), late=Count("pk", filter=late))
    return found["count"], found["late"]


def by_state(actor: Actor) -> dict[str, int]:
    """Open complaints per state within reach, counted over at most a thousand."""
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED).order_by("due_at", "id")
    inside = Complaint.objects.filter(pk__in=rows.values("pk")[:1_000])
    return dict(inside.values_list("state").annotate(n=Count("pk")))


def open_complaint(actor: Actor, ref: str, *, now: datetime) -> Opened:
    """Raises NotPermitted and ComplaintNotFound."""
    access.get_complaint(actor, ref)
    row = Complaint.objects.select_related(
        "handler", "unit", "party", "registered_by", "merged_into", "repeats", "rectification"
    ).get(ref=ref.strip().upper())
    party: Any = row.party
    contact = ""
    if row.contact_sealed:
        contact = masking.mask_phone(
            vault.ring().open(
                bytes(row.contact_sealed), table="complaints_complaint", column="contact_sealed", row=row.pk
            ),
        )
    earlier = 0
    if party is not None:
        rows = Complaint.objects.filter(party=party, received_at__gte=now - timedelta(days=365))
        earlier = rows.exclude(pk=row.pk).count()
    return Opened(
        row=row, party_ref=party.ref if party else "", party_name=party.name if party else "",
        language=written_in(party.language if party else ""),
        standing=_standing(actor, party),
        contact=contact, moves=list(row.moves.order_by("-number")),
        talks=list(row.talks.select_related("by").order_by("-at")),
        evidence=list(row.evidence.select_related("added_by").order_by("-added_at")),
        plans=list(row.plans.select_related("proposed_by").order_by("-proposed_at")),
        decisions=list(row.decisions.order_by("-made_at")),
        responsibilities=list(row.responsibilities.select_related("unit", "user")),
        checks=list(row.checks.order_by("-asked_at")), supervisions=list(row.supervisions.order_by("-ordered_at")),
        matters=list(row.matters.order_by("id")[:50]), earlier=earlier, clocks=clocks_of(row, now=now),
    )  # fmt: skip


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
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED).filter(due_at__isnull=False)
    before = rows.filter(Q(due_at__lt=row.due_at) | Q(due_at=row.due_at, pk__lt=row.pk)).order_by("-due_at", "-id")
    after = rows.filter(Q(due_at__gt=row.due_at) | Q(due_at=row.due_at, pk__gt=row.pk)).order_by("due_at", "id")
    found = [one.values_list("ref", flat=True).first() or "" for one in (before, after)]
    return found[0], found[1], before.order_by()[:MOST].count() + 1, rows[:MOST].count()


def first_contact(seen: Opened, *, now: datetime) -> tuple[datetime | None, datetime]:
    """(when somebody first talked to the complainant, by when it was due): working hours from the registration."""
    hours = terms.days(schemes.active(terms.TERMS, on=numbering.day_of(now)).content, "first_contact")
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


def words(language: str, *, today: date) -> dict[str, dict[str, str]]:
    """Code → word of every group of the taxonomy."""
    content = schemes.active(taxonomy.TAXONOMY, on=today).content
    return {group: taxonomy.words_of(content, group, language) for group in taxonomy.GROUPS}


def templates(*, today: date) -> Content:
    """The texts of the scheme `complaints.templates`."""
    return schemes.active(templates_rules.TEMPLATES, on=today).content


def detail_parents(*, today: date) -> dict[str, str]:
    """Detailed cause → its cause."""
    content = schemes.active(taxonomy.TAXONOMY, on=today).content
    return {row["code"]: row.get("parent", "") for row in taxonomy.rows_of(content, "details")}


def of_party(actor: Actor, ref: str) -> tuple[UUID, list[Complaint]]:
    """(the customer, their last twenty complaints within reach). Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref)
    rows = access.visible_complaints(actor).filter(party=party).select_related("handler")
    return party.pk, list(rows.order_by("-received_at", "-id")[:20])


def lines_for_caller(actor: Actor, party_id: UUID, now: datetime) -> list[glance.Line]:
    """What an agent on the telephone must know: that complaints are open, and which of them the agent may open."""
    rows = list(Complaint.objects.filter(party=party_id).exclude(state__in=_CLOSED).order_by("received_at")[:5])
    if not rows:
        return []
    reached: set[UUID] = set()
    if actor.may("complaints.view"):
        mine = access.visible_complaints(actor).filter(pk__in=[one.pk for one in rows])
        reached = set(mine.values_list("pk", flat=True))
    return [
        glance.Line(
            icon="message-report", kind=_("Complaint"), text=one.ref if one.pk in reached else "",
            url=f"/complaints/{one.ref}/" if one.pk in reached else "",
            note=_("Past its limit") if one.due_at is not None and one.due_at <= now else _("Not closed"),
            level="danger" if one.due_at is not None and one.due_at <= now else "warn", due_at=one.due_at,
        )
        for one in rows
    ]  # fmt: skip


def silent_since(party_id: UUID, *, today: date) -> tuple[bool, date | None]:
    """(no marketing to this customer now, until which day it is known to last). Asks for no permission: a door."""
    rows = Complaint.objects.filter(party=party_id)
    if rows.exclude(state__in=_CLOSED).exists():
        return True, None
    last = rows.filter(silent_until__gt=today).order_by("-silent_until").values_list("silent_until", flat=True).first()
    return last is not None, last


def silences(today: date) -> QuerySet[Any, Any]:
    """Keys of all customers who are not to be approached for marketing on a day, for `permissions.register_silence`."""
    rows = Complaint.objects.filter(party__isnull=False).order_by()
    # Two small indexes, not one OR over all complaints there ever were.
    later = rows.filter(silent_until__gt=today).values("party")
    return rows.exclude(state__in=_CLOSED).values("party").union(later, all=True)


def silent_parties(party_ids: list[UUID], *, today: date) -> set[UUID]:
    """Which of these customers are not to be approached for marketing today."""
    rows = Complaint.objects.filter(party__in=party_ids)
    found = rows.filter(~Q(state__in=_CLOSED) | Q(silent_until__gt=today)).values_list("party_id", flat=True)
    return {key for key in found if key is not None}
