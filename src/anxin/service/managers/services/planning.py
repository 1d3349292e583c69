"""Planning a run: who would get whom, and why. Nothing moves before somebody confirmed it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import F, Q

from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.foundation.org import queries as org
from anxin.kernel import bulk, bulk_read
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.words import mark as _
from anxin.service.managers import access, rules
from anxin.service.managers.data import TIERS, Choice, ManagerNotFound, Reason, Refused, RunKind, RunState
from anxin.service.managers.models import Decision, Run
from anxin.service.managers.queries import frames

PLAN_JOB: Final = "managers.plan"
TABLE: Final = "managers_decision"
LONGEST_REASON: Final = 200
WITHOUT_MANAGER: Final = Q(manager__isnull=True)


def plan_allocation(*, actor: Actor, now: datetime, task: jobs.QueuedTask, unit_id: UUID | None = None) -> Run:
    """Plan to give everybody in the pool a manager by the rules, within a unit and below (None: all one reaches).

    Returns the run; its job fills it. Raises NotPermitted and Refused.
    """
    scope = actor.require("managers.allocate")
    if unit_id is None and scope is not Scope.ALL:
        unit_id = next(iter(sorted(actor.unit_ids)), None)
    units = access.units_of(actor, "managers.allocate")
    if units is not None and unit_id not in units:
        raise Refused(_("Choose a unit within your reach."))
    return _begin(actor=actor, now=now, task=task, kind=RunKind.ALLOCATE, unit_id=unit_id, arguments={})


def plan_hand_over(
    *, actor: Actor, now: datetime, task: jobs.QueuedTask, manager_id: UUID, kind: RunKind, reason: str,
    target_id: UUID | None = None, tiers: Sequence[str] = (), most: int = 0, tells: bool | None = None,
) -> Run:  # fmt: skip
    """Plan to hand over the customers of a manager: to a person, or by the rules to whoever is near and has room.

    `tiers` and `most` cut it to some (the heaviest first); who leaves hands over all. Customers of one who leaves are
    told (a task each), of others when `tells`. Raises NotPermitted, ManagerNotFound, Refused.
    """
    access.check_staff(actor, manager_id, "managers.allocate")
    if kind not in (RunKind.HAND_OVER, RunKind.LEAVE):
        raise Refused(_("Choose what is to be done."))
    if not reason.strip():
        raise Refused(_("Say why the customers change hands."))
    if target_id == manager_id:
        raise Refused(_("Choose somebody else to take over."))
    if target_id is not None:
        try:
            access.check_staff(actor, target_id, "managers.allocate")
        except ManagerNotFound as error:
            raise Refused(_("Choose a customer manager within your reach.")) from error
    leaves = kind is RunKind.LEAVE
    return _begin(
        actor=actor, now=now, task=task, kind=kind, unit_id=org.unit_of(manager_id), manager_id=manager_id,
        target_id=target_id, reason=reason.strip()[:LONGEST_REASON], tells=leaves if tells is None else tells or leaves,
        arguments={"tiers": [] if leaves else [one for one in tiers if one in (*TIERS, "none")],
                   "most": 0 if leaves else max(most, 0)},
    )  # fmt: skip


@transaction.atomic
def _begin(
    *, actor: Actor, now: datetime, task: jobs.QueuedTask, kind: RunKind, unit_id: UUID | None,
    arguments: dict[str, Any], manager_id: UUID | None = None, target_id: UUID | None = None, reason: str = "",
    tells: bool = False,
) -> Run:  # fmt: skip
    run = Run.objects.create(
        kind=kind, state=RunState.PLANNING, scheme_version=frames.in_force(now).version, unit_id=unit_id,
        manager_id=manager_id, target_id=target_id, arguments=arguments, reason=reason, tells=tells,
        asked_by_id=actor.user_id, asked_at=now,
    )  # fmt: skip
    job = jobs.start(
        actor=actor, now=now, kind=PLAN_JOB, title=rules.day_of(now).isoformat(), arguments={"run": str(run.pk)},
        task=task,
    )  # fmt: skip
    Run.objects.filter(pk=run.pk).update(job_id=job.id)
    run.job_id = job.id
    record(actor, now, "managers.plan", run)
    return run


def work(running: jobs.Running) -> Finished:
    """The work of the job: one transaction, so that a run has all its decisions or none."""
    now = running.clock()
    with transaction.atomic():
        running.fence()
        run = Run.objects.select_for_update().get(pk=UUID(running.arguments["run"]))
        if run.state != RunState.PLANNING:
            return Finished()
        plan = decide(running.actor, run, now)
        write(run, plan)
        summary = summary_of(plan)
        rules.WORKFLOW.move(run.state, "plan")
        Run.objects.filter(pk=run.pk).update(
            state=RunState.PLANNED, summary=summary, version=F("version") + 1,
            scheme_version=frames.in_force(now).version,
        )  # fmt: skip
    return Finished(
        message=_("%(assigned)s customers would move, %(unassigned)s would not."),
        values={"assigned": summary["assigned"], "unassigned": summary["unassigned"]},
        result={"run": str(run.pk)},
    )


def decide(actor: Actor, run: Run, now: datetime) -> pl.DataFrame:
    """The plan of a run on the book as it is now: columns of rules.PLAN, without those who keep their manager."""
    found = frames.in_force(now)
    places = frames.units()
    within = _staff_of(actor, run)
    staff = frames.staff(found.settings, today=rules.day_of(now), within=within, places=places)
    everybody = staff if within is None else frames.staff(found.settings, today=rules.day_of(now), places=places)
    if run.manager_id is None:
        # Who made the business is known by the staff number, wherever they are; only those within reach are given any.
        where = _pool(actor, run)
        people = frames.parties(where, found.settings, staff, places)
        plan = rules.allocate(people, staff, found.settings)
    else:
        people = frames.parties(theirs(run), found.settings, everybody, places)
        people = _cut(people, run)
        plan = _hand_over(people, staff, run, found.settings)
    plan = plan.filter(pl.col("reason") != Reason.KEPT.value)
    return named(plan, places)


def _hand_over(people: pl.DataFrame, staff: pl.DataFrame, run: Run, settings: rules.Settings) -> pl.DataFrame:
    leaver = run.manager_id.hex if run.manager_id else ""
    others = staff.filter(pl.col("manager") != leaver)
    if run.target_id is None:
        # A unit says where the manager sat, when the file does not say where the customer belongs. Who manages nobody
        # by their role (a new post, an old book) has none here.
        home = staff.filter(pl.col("manager") == leaver)["path"].to_list()
        if home:
            people = people.with_columns(pl.col("path").fill_null(home[0]))
        return rules.allocate(people, others, settings)
    target = run.target_id.hex
    chosen = replace(settings, rules=(OWNED,))
    plan = rules.allocate(people.with_columns(owner=pl.lit(target)), others, chosen)
    return plan.with_columns(reason=pl.col("reason").replace(Reason.OWNER.value, Reason.CHOSEN.value), rule=0)


def _pool(actor: Actor, run: Run) -> Q:
    where = WITHOUT_MANAGER
    if run.unit_id is None:
        return where
    inside = set(org.units_at_or_below(run.unit_id))
    units = access.units_of(actor, "managers.allocate")
    return where & Q(unit__in=inside if units is None else inside & set(units))


def theirs(run: Run) -> Q:
    where = Q(manager=run.manager_id)
    tiers = list(run.arguments.get("tiers", []))
    if tiers:
        named = Q(standing__tier__in=["" if one == "none" else one for one in tiers])
        where &= named | Q(standing__isnull=True) if "none" in tiers else named
    return where


def _cut(people: pl.DataFrame, run: Run) -> pl.DataFrame:
    most = int(run.arguments.get("most", 0))
    return people.sort(["weight", "party"], descending=[True, False]).head(most) if most else people


def _staff_of(actor: Actor, run: Run) -> Collection[UUID] | None:
    within = access.staff_of(actor, "managers.allocate")
    if run.unit_id is None or run.manager_id is not None:
        return within
    paths = frames.units().filter(pl.col("unit") == run.unit_id.hex)["path"].to_list()
    inside = set(org.members_within(paths))
    return inside if within is None else inside & set(within)


def named(plan: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The path of the place as the name of the unit: what an explanation shows."""
    names = dict(zip(places["path"], places["unit_name"], strict=True))
    return plan.with_columns(pl.col("place").replace(names))


def write(run: Run, plan: pl.DataFrame) -> None:
    """Decisions by COPY; planned ones unless the plan has a column `state`."""
    keys, _raw = bulk.new_keys(plan.height)
    bulk.copy_frame(
        TABLE,
        plan.select(
            id=pl.Series(keys, dtype=pl.String), run_id=pl.lit(run.pk.hex), party_id="party", before_id="before",
            after_id="after", reason="reason", rule="rule", load="load", level="level", place="place", weight="weight",
            state="state" if "state" in plan.columns else pl.lit(str(Decision.State.PLANNED)),
        ),
    )  # fmt: skip


def applied(run: Run) -> pl.DataFrame:
    """Those a run moved, in the order they were decided: columns of rules.PLAN."""
    rows = run.decisions.filter(state=Decision.State.APPLIED).values_list(
        "pk", "party_id", "before_id", "after_id", "reason", "rule", "load", "level", "place", "weight"
    )
    keys = ("key", "party", "before", "after")
    found = bulk_read.fetch(rows, {"key": pl.String(), **rules.PLAN}, keys=keys)
    return found.sort("key").select(list(rules.PLAN))


def leave_out(run: Run, parties: pl.Series) -> None:
    """Note of customers (hex) that they did not move after all."""
    rows = pl.DataFrame({"party_id": parties}).with_columns(
        run_id=pl.lit(run.pk.hex), state=pl.lit(str(Decision.State.SKIPPED))
    )
    bulk.update_frame(TABLE, rows, key=["party_id", "run_id"])


def summary_of(plan: pl.DataFrame) -> dict[str, int]:
    given = plan.filter(pl.col("after").is_not_null())
    return {
        "customers": plan.height, "assigned": given.height, "unassigned": plan.height - given.height,
        "managers": given["after"].n_unique() if given.height else 0,
    }  # fmt: skip


def record(actor: Actor, now: datetime, action: str, run: Run, **detail: Any) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="allocation_run", object_id=run.pk, reason=run.reason,
        detail={"kind": run.kind, **detail},
    )  # fmt: skip


OWNED: Final = rules.Rule(choose=Choice.OWNER)
