"""Reading runs: what was planned and done, for whom, why, and how far customers are told."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum

from anxin.book.customers import queries as customers
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.service.managers import access, rules
from anxin.service.managers.data import DecisionState, DecisionView, Reason, RunKind, RunState, RunView, Share, Telling
from anxin.service.managers.models import Decision, Run
from anxin.service.managers.queries import frames
from anxin.service.managers.queries.wording import text_of
from anxin.service.worklist import queries as worklist

TELL: Final = "new_manager"
MOST_SHARES: Final = 200
_NAMES: Final = ("unit", "manager", "target", "asked_by", "confirmed_by", "undone_by")


def list_runs(actor: Actor, *, limit: int = 50) -> list[RunView]:
    """The latest runs within reach."""
    rows = access.visible_runs(actor).select_related(*_NAMES).order_by("-asked_at", "-id")
    return [view(row) for row in rows[:limit]]


def get_run(actor: Actor, run_id: UUID) -> RunView:
    """Raises RunNotFound."""
    return view(Run.objects.select_related(*_NAMES).get(pk=access.get_run(actor, run_id).pk))


def shares(actor: Actor, run_id: UUID, *, now: datetime) -> list[Share]:
    """Who gets how many, the most first; loads before and after by the capacities of today."""
    run = access.get_run(actor, run_id)
    rows = (
        run.decisions.filter(after__isnull=False).values("after")
        .annotate(customers=Count("pk"), weight=Sum("weight"), most=Max("load")).order_by("-customers", "after")
    )[:MOST_SHARES]  # fmt: skip
    found = list(rows)
    settings = frames.in_force(now).settings
    ids = [row["after"] for row in found]
    staff = {
        UUID(row["manager"]): row
        for row in frames.staff(
            settings, today=rules.day_of(now), within=ids, are_absent_free=True
        ).to_dicts()
    }  # fmt: skip
    is_before = run.state in (RunState.PLANNED, RunState.PLANNING, RunState.DROPPED, RunState.UNDONE)
    names = {one.id: one for one in org.find_staff(frames.SYSTEM, ids=ids, limit=MOST_SHARES)}
    shown = []
    for row in found:
        one = staff.get(row["after"])
        load, capacity = (one["load"], one["capacity"]) if one else (0, 0)
        before = load if is_before else load - row["weight"]
        person = names.get(row["after"])
        shown.append(
            Share(
                id=row["after"], name=person.name if person else "", unit=person.unit if person else "",
                customers=row["customers"], before=_share(before, capacity),
                after=_share(before + row["weight"], capacity),
            )
        )  # fmt: skip
    return shown


def _share(weight: int, capacity: int) -> int:
    return max(weight, 0) * 10_000 // capacity if capacity else 0


def unassigned(actor: Actor, run_id: UUID) -> list[tuple[str, str, int]]:
    """Code, sentence and number of those nobody was found for."""
    run = access.get_run(actor, run_id)
    if run.kind == RunKind.RECYCLE:
        return []
    rows = run.decisions.filter(after__isnull=True).values_list("reason").annotate(count=Count("pk"))
    counted = Counter(dict(rows.order_by()))
    return [(code, text_of(code), count) for code, count in counted.most_common()]


def decisions(
    actor: Actor, run_id: UUID, *, to: UUID | None = None, reason: str = "", after: UUID | None = None, limit: int = 50,
    permission: str = "",
) -> tuple[list[DecisionView], UUID | None]:  # fmt: skip
    """One page of the customers of a run that the actor reaches, and the place to go on from (None at the end).

    `permission`: only those the actor reaches by this one besides.
    """
    rows = _shown_of(actor, run_id, permission)
    if to is not None:
        rows = rows.filter(after=to)
    if reason:
        rows = rows.filter(reason=reason)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(
        rows.order_by("pk").values(
            "id", "party_id", "party__ref", "party__name", "party__standing__tier", "before__display_name",
            "after__display_name", "reason", "load", "level", "place", "state",
        )[: limit + 1]
    )  # fmt: skip
    shown = [
        DecisionView(
            party_id=row["party_id"], ref=row["party__ref"], name=row["party__name"],
            tier=row["party__standing__tier"] or "", before=row["before__display_name"] or "",
            after=row["after__display_name"] or "", reason=Reason(row["reason"]),
            text=text_of(row["reason"], load=row["load"], place=row["place"], level=row["level"]),
            state=DecisionState(row["state"]),
        )
        for row in found[:limit]
    ]  # fmt: skip
    return shown, found[limit - 1]["id"] if len(found) > limit else None


def count_to_export(actor: Actor, run_id: UUID, permission: str) -> int:
    """How many `decisions` has in all. Raises RunNotFound."""
    return _shown_of(actor, run_id, permission).count()


def _shown_of(actor: Actor, run_id: UUID, permission: str) -> QuerySet[Decision]:
    rows = _reached(actor, access.get_run(actor, run_id).decisions.all())
    return rows.filter(customers.reach(actor, permission, prefix="party__")) if permission else rows


def _reached(actor: Actor, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Customers one reaches, and such that were or will be of one's staff: a leaver's lead sees where they went."""
    staff = access.staff_of(actor, "managers.allocate")
    rows = rows.filter(party__state="active")
    if staff is None:
        return rows
    mine = customers.reach(actor, "managers.allocate", prefix="party__")
    units = access.units_of(actor, "managers.allocate")
    waiting = Q(party__manager__isnull=True) & access.as_ids(units, "party__unit")
    return rows.filter(mine | Q(before__in=list(staff)) | waiting)


def party_of_decision(actor: Actor, decision_id: UUID) -> str | None:
    """The customer a task to tell is about, within reach."""
    rows = Decision.objects.filter(customers.reach(actor, "managers.packages", prefix="party__"), pk=decision_id)
    return rows.filter(party__state="active").values_list("party__ref", flat=True).first()


def telling(actor: Actor, run_id: UUID, *, now: datetime) -> Telling:
    """How far the customers of a run are told who looks after them now."""
    run = access.get_run(actor, run_id)
    if not run.tells:
        return Telling()
    found = worklist.progress(TELL, run.decisions.filter(state=Decision.State.APPLIED).values("pk"), now=now)
    return Telling(total=found.total, done=found.done, overdue=found.overdue, due_at=found.next_due_at)


def view(row: Run) -> RunView:
    people: dict[str, Any] = {
        name: getattr(row, name).display_name if getattr(row, name) is not None else ""
        for name in ("manager", "target", "asked_by", "confirmed_by", "undone_by")
    }
    return RunView(
        id=row.pk, kind=RunKind(row.kind), state=RunState(row.state), is_automatic=row.is_automatic,
        scheme_version=row.scheme_version, summary=row.summary, reason=row.reason, tells=row.tells,
        unit_id=row.unit_id, unit=row.unit.name if row.unit is not None else "", manager_id=row.manager_id,
        asked_at=row.asked_at, finished_at=row.finished_at, undone_at=row.undone_at, job_id=row.job_id,
        version=row.version, **people,
    )  # fmt: skip
