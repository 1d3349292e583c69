"""The call centre in figures: of days, by half-hour, queue, agent, menu and what calls were about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.desk.models import Call, SeatSpell, Touchpoint
from anxin.service.desk.rules import call_figures, staffing
from anxin.service.desk.rules.call_figures import CallFacts, Contact, Figure, Metrics
from anxin.service.desk.rules.calling import Measures
from anxin.service.desk.rules.telephony import AgentState

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A month of a large centre is some hundred thousand calls: a second to count.
MOST_DAYS: Final = 31
# A spell that began longer ago is a screen left open overnight.
LONGEST_SPELL: Final = timedelta(hours=16)
# Handling of a call before any is known, in seconds.
USUAL: Final = 180.0


@dataclass(frozen=True, kw_only=True)
class AgentFigures:
    name: str
    metrics: Metrics
    occupancy: Figure
    solved: Figure


@dataclass(frozen=True, kw_only=True)
class HalfHourFigures:
    begins: time
    metrics: Metrics
    need: staffing.HalfHour | None


@dataclass(frozen=True, kw_only=True)
class CallFigures:
    """`paths`: keys pressed → (calls, of these asked for a person); `young`: contacts too young to be judged;
    `unknown_ends`: answered calls whose end nobody saw, left out of handling times."""

    days: int
    total: Metrics
    solved: Figure
    young: int
    occupancy: Figure
    half_hours: Sequence[HalfHourFigures]
    queues: Sequence[tuple[str, Metrics]]
    agents: Sequence[AgentFigures]
    paths: Sequence[tuple[tuple[str, ...], int, int]]
    codes: Sequence[tuple[str, int]]
    unknown_ends: int


def read(
    actor: Actor, *, first: date, last: date, now: datetime, measures: Measures, queue: str = "",
    target: staffing.Target | None = None,
) -> CallFigures:  # fmt: skip
    """Incoming calls of the days from `first` to `last`, at most MOST_DAYS. A query for calls, spells, contacts.

    Needs `desk.lead`; below scope ALL only calls that agents of one's units took.
    """
    last = min(max(last, first), first + timedelta(days=MOST_DAYS - 1))
    begins = datetime.combine(first, time(), SHANGHAI)
    ends = datetime.combine(last, time(), SHANGHAI) + timedelta(days=1)
    days = (last - first).days + 1
    staff = _staff(actor)
    rows = Call.objects.filter(direction="inbound", rang_at__gte=begins, rang_at__lt=ends)
    if staff is not None:
        rows = rows.filter(agent__in=staff)
    if queue:
        rows = rows.filter(queue=queue)
    keys, names, facts = _facts(rows)
    values: dict[str, Any] = {
        "within_seconds": measures.answer_seconds, "variant": measures.variant,
        "short_abandon_seconds": measures.short_seconds,
    }  # fmt: skip
    total = call_figures.measure(facts, **values)
    judged, young = _judged(rows, keys, begins=begins, ends=ends, now=now, days=measures.repeat_days)
    spells = _spells(staff, begins=begins, ends=min(ends, now))
    by_slot = call_figures.grouped(facts, lambda one: one.slot, **values)
    answered = [one for one in facts if one.answered and one.agent is not None]
    return CallFigures(
        days=days, total=total, solved=call_figures.solved_at_once(judged), young=young,
        occupancy=call_figures.occupancy(
            sum(busy for _name, busy, _free in spells.values()), sum(free for _name, _busy, free in spells.values())
        ),
        half_hours=_half_hours(by_slot, days, total.aht.value or USUAL, target or measures.target),
        queues=call_figures.grouped((one for one in facts if one.queue), lambda one: one.queue, **values),
        agents=_agents(answered, names, spells, judged, values),
        paths=_paths(facts), codes=Counter(one.code for one in facts if one.code).most_common(),
        unknown_ends=sum(one.answered and one.is_lost for one in facts),
    )  # fmt: skip


def queues_seen(actor: Actor, *, since: datetime) -> list[str]:
    """Queues that calls were in since then."""
    actor.require("desk.lead")
    rows = Call.objects.filter(rang_at__gte=since).exclude(queue="").order_by("queue")
    return list(rows.values_list("queue", flat=True).distinct()[:100])


def _staff(actor: Actor) -> Collection[UUID] | None:
    """Whose calls the actor counts; None: everybody's."""
    scope = actor.require("desk.lead")
    if scope is Scope.ALL:
        return None
    return org.members_within(actor.unit_paths) if scope is Scope.UNIT else org.colleagues_of(actor)


def _facts(rows: QuerySet[Call]) -> tuple[set[str], dict[UUID, str], list[CallFacts]]:
    """Keys of the calls, names of the agents, and what is known of each call."""
    keys: set[str] = set()
    names: dict[UUID, str] = {}
    facts = []
    columns = (
        "pk", "answered_at", "ended_at", "wrapped_at", "hold_seconds", "wanted_human", "is_end_seen",
        "agent_id", "agent__display_name", "queue", "menu", "wrap_code",
    )  # fmt: skip
    asked = Coalesce("asked_at", "rang_at")
    for (
        key, answered, ended, wrapped, hold, wanted, is_end_seen, agent, name, queue, menu, code, since,
    ) in rows.values_list(*columns, asked):  # fmt: skip
        over = answered or ended
        keys.add(str(key))
        if agent is not None:
            names[agent] = name
        talk = _seconds(answered, ended)
        local = since.astimezone(SHANGHAI)
        facts.append(
            CallFacts(
                wanted_human=wanted, answered=answered is not None, wait=_seconds(since, over),
                talk=max(0.0, talk - hold), hold=hold, after_work=_seconds(ended, wrapped) if answered else 0.0,
                is_whole=is_end_seen and ended is not None, is_lost=not is_end_seen,
                slot=time(local.hour, local.minute // 30 * 30), queue=queue, agent=agent, menu=tuple(menu), code=code,
            )
        )  # fmt: skip
    return keys, names, facts


def _seconds(since: datetime | None, until: datetime | None) -> float:
    return max(0.0, (until - since).total_seconds()) if since is not None and until is not None else 0.0


def _judged(
    calls: QuerySet[Call], keys: set[str], *, begins: datetime, ends: datetime, now: datetime, days: int
) -> tuple[list[tuple[Contact, bool]], int]:
    """Contacts of these calls with whether they solved the matter, and how many are too young to be judged. A repeat
    may come over any channel."""
    contacts = [
        Contact(customer=party, topic=topic, at=at, agent=agent, is_judged=source == "call" and source_key in keys)
        for party, topic, at, agent, source, source_key in Touchpoint.objects.filter(
            party__in=calls.exclude(party=None).values("party"), direction="inbound", at__gte=begins,
            at__lt=ends + timedelta(days=days),
        ).values_list("party_id", "topic", "at", "staff_id", "source", "source_key")
    ]  # fmt: skip
    judged = call_figures.judge(contacts, until=now, days=days)
    return judged, sum(one.is_judged for one in contacts) - len(judged)


def _spells(
    staff: Collection[UUID] | None, *, begins: datetime, ends: datetime
) -> dict[UUID, tuple[str, float, float]]:
    """Name, seconds busy and seconds waiting for a call of each agent, cut to the period."""
    rows = SeatSpell.objects.filter(began_at__gte=begins - LONGEST_SPELL, began_at__lt=ends).filter(
        Q(ended_at=None) | Q(ended_at__gt=begins)
    )
    if staff is not None:
        rows = rows.filter(user__in=staff)
    found: dict[UUID, tuple[str, float, float]] = {}
    for user, name, state, began, ended in rows.values_list(
        "user_id", "user__display_name", "state", "began_at", "ended_at"
    ):
        seconds = _seconds(max(began, begins), min(ended or ends, ends, began + LONGEST_SPELL))
        _name, busy, free = found.get(user, (name, 0.0, 0.0))
        busy += seconds if state in {AgentState.ON_CALL, AgentState.WRAP_UP} else 0.0
        free += seconds if state == AgentState.AVAILABLE else 0.0
        found[user] = (name, busy, free)
    return found


def _half_hours(
    slots: Sequence[tuple[time, Metrics]], days: int, usual: float, target: staffing.Target
) -> list[HalfHourFigures]:
    """The people a mean day needs: calls of each half-hour ÷ days."""
    found = []
    for begins, metrics in slots:
        need = None
        if metrics.offered:
            (need,) = staffing.plan([(begins, metrics.offered / days, metrics.aht.value or usual)], target)
        found.append(HalfHourFigures(begins=begins, metrics=metrics, need=need))
    return found


def _agents(
    answered: Sequence[CallFacts], names: dict[UUID, str], spells: dict[UUID, tuple[str, float, float]],
    judged: Sequence[tuple[Contact, bool]], values: dict[str, Any],
) -> list[AgentFigures]:  # fmt: skip
    by_agent = dict(call_figures.grouped(answered, lambda one: one.agent, **values))
    nobody = call_figures.measure([], **values)
    found = [
        AgentFigures(
            name=names.get(agent) or spells[agent][0], metrics=by_agent.get(agent, nobody),
            occupancy=call_figures.occupancy(*spells.get(agent, ("", 0.0, 0.0))[1:]),
            solved=call_figures.solved_at_once(one for one in judged if one[0].agent == agent),
        )
        for agent in {one for one in by_agent if one is not None} | spells.keys()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.metrics.answered, one.name))


def _paths(facts: Sequence[CallFacts]) -> list[tuple[tuple[str, ...], int, int]]:
    """The commonest paths through the menu, with all who began them."""
    count: Counter[tuple[str, ...]] = Counter()
    asked: Counter[tuple[str, ...]] = Counter()
    for one in facts:
        if one.menu:
            count[one.menu] += 1
            asked[one.menu] += one.wanted_human
    return [
        (path, number, asked[path]) for path, number in sorted(count.items(), key=lambda one: (-one[1], one[0]))[:20]
    ]
