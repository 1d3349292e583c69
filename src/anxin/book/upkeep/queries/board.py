"""The dashboard: sums of the nights by source, branch and manager, within the actor's reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db.models import Q, Sum

from anxin.book.customers.queries import origins
from anxin.book.upkeep import access
from anxin.book.upkeep.data import Board, Slice
from anxin.book.upkeep.models import Cell, Correction
from anxin.foundation.org import queries as org
from anxin.kernel import sources
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope

MOST: Final = 12
NIGHTS: Final = 30


def board(actor: Actor) -> Board:
    """As of the last night that judged. A constant number of queries."""
    cells = Cell.objects.filter(_within(actor))
    days = list(cells.values("as_of").annotate(n=Sum("customers"), total=Sum("score_sum")).order_by("-as_of")[:NIGHTS])
    corrections = access.visible_corrections(actor).filter(state=Correction.State.OPEN).count()
    if not days:
        return Board(
            as_of=None, whole=None, before=None, sources=(), units=(), managers=(), problems=(), trend=(),
            open_corrections=corrections,
        )  # fmt: skip
    last = days[0]["as_of"]
    rows = list(
        cells.filter(as_of=last).values(
            "source", "unit_id", "unit__name", "manager_id", "manager__display_name", "customers", "score_sum",
            "completeness_sum", "truth_sum", "poor", "problems",
        )
    )  # fmt: skip
    found: dict[str, int] = {}
    for row in rows:
        for code, count in row["problems"].items():
            found[code] = found.get(code, 0) + count
    sums = ("customers", "score_sum", "completeness_sum", "truth_sum", "poor")
    before = list(cells.filter(as_of=days[1]["as_of"]).values(*sums)) if len(days) > 1 else []
    return Board(
        as_of=last, whole=_slice("", "", rows), before=_slice("", "", before) if before else None,
        sources=_slices(rows, lambda row: (row["source"], sources.name(row["source"]))),
        units=_slices(rows, lambda row: (str(row["unit_id"] or ""), row["unit__name"] or "")),
        managers=_slices(rows, lambda row: (str(row["manager_id"] or ""), row["manager__display_name"] or "")),
        problems=tuple(sorted(found.items(), key=lambda one: -one[1])),
        trend=tuple((day["as_of"], round(day["total"] / max(day["n"], 1), 1)) for day in reversed(days)),
        open_corrections=corrections,
    )  # fmt: skip


def sources_report(actor: Actor) -> list[tuple[str, int, int, int]]:
    """A05, A06: by source of information: customers, those with a policy in force, annual premium (fen)."""
    return origins.by_information_source(actor, permission="upkeep.view")


def _within(actor: Actor) -> Q:
    """The reach of `upkeep.view` over cells: they bear manager and unit as customers do."""
    scope = actor.require("upkeep.view")
    if scope is Scope.ALL:
        return Q()
    if scope is Scope.OWN:
        return Q(manager=actor.user_id)
    if scope is Scope.TEAM:
        return Q(manager__in=org.colleagues_of(actor))
    return Q(unit__in=org.units_within(actor.unit_paths))


def _slices(
    rows: Iterable[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], tuple[str, str]]
) -> tuple[Slice, ...]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    found = [_slice(code, label, group) for (code, label), group in groups.items()]
    return tuple(sorted(found, key=lambda one: (one.score, -one.customers))[:MOST])


def _slice(key: str, label: str, rows: Iterable[Mapping[str, Any]]) -> Slice:
    group = list(rows)
    count = sum(int(row["customers"]) for row in group)

    def mean(name: str) -> float:
        total = sum(int(row[name]) for row in group)
        return round(float(total) / max(count, 1), 1)

    return Slice(
        key=key, label=label, customers=count, score=mean("score_sum"), completeness=mean("completeness_sum"),
        truth=mean("truth_sum"), poor=sum(row["poor"] for row in group),
    )  # fmt: skip
