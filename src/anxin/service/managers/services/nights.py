"""What happens by itself: absences begin and end, the pool is kept, whoever has no manager gets one."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from django.db.models import Q

from anxin.book.customers.services import custody
from anxin.kernel import bulk_abreast
from anxin.kernel.actor import Actor
from anxin.service.managers import rules
from anxin.service.managers.data import Cause, Reason, RunKind, RunState
from anxin.service.managers.models import Decision, Run, Waiting
from anxin.service.managers.queries import frames, wording
from anxin.service.managers.services import absences, applying, planning, pool

# Two automatic runs at once would count the same room twice.
_LOCK: Final = int.from_bytes(b"managers")
CHUNK: Final = 50_000
# So many customers change hands over two connections at once, in portions that each stay done.
ABREAST_FROM: Final = 20_000
PORTION: Final = 25_000


def nightly(*, actor: Actor, now: datetime) -> dict[str, int]:
    """All of it; any number of times with the same end."""
    begun, ended = absences.follow_calendar(actor=actor, now=now)
    recycled = recycle(actor=actor, now=now)
    new = pool.newcomers().count()
    if frames.in_force(now).settings.is_nightly:
        found = automatic(actor=actor, now=now)
    else:
        found = {"assigned": 0, "unassigned": 0}
        pool.reconcile(now=now)
    return {"absences": begun + ended, "new": new, "recycled": recycled, **found}


def automatic(*, actor: Actor, now: datetime, is_dry: bool = False) -> dict[str, int]:
    """Give everybody in the pool a manager by the rules, but those who came back to it: they are for people to take.

    One transaction: a killed run leaves nothing behind. Only a whole book (`ABREAST_FROM`) goes by portions, unless the
    caller is in a transaction: what a killed one gave stays given, and the next run ends it before its own. When nobody
    moves, no run is kept. `is_dry` only counts. Staff may give customers by hand meanwhile; whom a manager then has no
    room for stays in the pool.
    """
    is_abreast = bulk_abreast.is_possible()
    found = frames.in_force(now)
    if not is_dry:
        _end_killed(actor, now, found)
    with transaction.atomic():
        _one_at_a_time()
        places = frames.units()
        staff = frames.staff(found.settings, today=rules.day_of(now), places=places)
        back = Waiting.objects.filter(cause=Cause.RECYCLED)
        where = planning.WITHOUT_MANAGER & ~Q(pk__in=back.values("party"))
        people = frames.parties(where, found.settings, staff, places, is_abreast=is_abreast)
        plan = planning.named(rules.allocate(people, staff, found.settings), places)
        summary = planning.summary_of(plan)
        given = plan.filter(pl.col("after").is_not_null())
        if not is_dry:
            if given.height:
                stayed = carry_out(
                    actor, now, RunKind.ALLOCATE, given, summary, found,
                    is_abreast=is_abreast and given.height >= ABREAST_FROM,
                )  # fmt: skip
                summary = {
                    **summary,
                    "assigned": summary["assigned"] - stayed,
                    "unassigned": summary["unassigned"] + stayed,
                }
            # Only now: whoever comes and gets a manager the same night never waits.
            pool.reconcile(now=now)
            pool.told(plan)
        return {"assigned": summary["assigned"], "unassigned": summary["unassigned"]}


def after_import(*, actor: Actor, now: datetime) -> int:
    """What came in gets managers when the scheme says so; returns how many did."""
    if not frames.in_force(now).settings.is_on_import:
        return 0
    return automatic(actor=actor, now=now)["assigned"]


@transaction.atomic
def recycle(*, actor: Actor, now: datetime) -> int:
    """Whom nobody contacted for long goes back to the pool; returns how many."""
    _one_at_a_time()
    found = frames.in_force(now)
    plan = pool.untouched(found.settings, now=now)
    if plan.height:
        carry_out(actor, now, RunKind.RECYCLE, plan, planning.summary_of(plan), found)
    return plan.height


def carry_out(
    actor: Actor,
    now: datetime,
    kind: RunKind,
    plan: pl.DataFrame,
    summary: dict[str, Any],
    found: frames.InForce,
    *,
    is_abreast: bool = False,
) -> int:
    """Write a plan down as a run and move its customers; returns how many stayed.

    In the transaction of the caller, or `is_abreast`: then nothing the caller wrote may be in that, and the run is
    there, under way, from the beginning. Whoever came out of the pool is still in it: reconcile.
    """
    begin = partial(
        Run.objects.create, kind=kind, state=RunState.APPLYING, is_automatic=True, scheme_version=found.version,
        summary=summary, asked_by_id=actor.user_id, asked_at=now,
    )  # fmt: skip
    run = bulk_abreast.run([begin])[0] if is_abreast else begin()
    # By key: that is about the order the files lie in.
    portions = [
        partial(_carry, actor, now, run, part)
        for part in plan.sort("party").iter_slices(PORTION if is_abreast else CHUNK)
    ]
    moved = pl.concat(bulk_abreast.run(portions) if is_abreast else [carry() for carry in portions])
    done = plan.filter(pl.col("party").is_in(moved.implode()))
    back = done.filter(pl.col("after").is_null()).select("party", "before").rows()
    pool.entered(
        rows=[(UUID(key), UUID(before)) for key, before in back], now=now, cause=Cause.RECYCLED,
        reason=Reason.RECYCLED,
    )  # fmt: skip
    return plan.height - done.height + _end(actor, now, run, done, found)


def _carry(actor: Actor, now: datetime, run: Run, part: pl.DataFrame) -> pl.Series:
    """Move the customers of a part of the plan and write down what became of it; the keys of those moved."""
    moved = custody.move_frame(actor=actor, now=now, moves=_moves(part), action=f"managers.{run.kind}")
    is_moved = pl.col("party").is_in(moved.implode())
    states = pl.when(is_moved).then(pl.lit(str(Decision.State.APPLIED))).otherwise(pl.lit(str(Decision.State.SKIPPED)))
    planning.write(run, part.with_columns(state=states))
    return moved


def _end(actor: Actor, now: datetime, run: Run, done: pl.DataFrame, found: frames.InForce) -> int:
    """End a run whose customers of `done` (PLAN) have moved; returns how many go back, because they are too many."""
    over = done.clear()
    if run.kind == RunKind.ALLOCATE:
        over = _beyond(done, found, now)
        back = _moves(over).select(
            "party", pl.col("after").alias("before"), pl.lit(None, dtype=pl.String).alias("after"), "reason"
        )
        custody.move_frame(actor=actor, now=now, moves=back, action=f"managers.{run.kind}")
        planning.leave_out(run, over["party"])
    applying.finish(run, now)
    planning.record(actor, now, f"managers.{run.kind}", run, customers=done.height - over.height)
    return over.height


@transaction.atomic
def _end_killed(actor: Actor, now: datetime, found: frames.InForce) -> None:
    """End what was killed between its portions: whoever holds the lock knows that nobody is at it."""
    _one_at_a_time()
    for run in Run.objects.filter(kind=RunKind.ALLOCATE, is_automatic=True, state=RunState.APPLYING).order_by("pk"):
        _end(actor, now, run, planning.applied(run), found)


def _beyond(given: pl.DataFrame, found: frames.InForce, now: datetime) -> pl.DataFrame:
    """Those just given that are more than a manager can carry, the last ones first: rows of `given`.

    What a manager carries is read anew, and stays as it is read until the transaction ends. Only here, after all is
    written: from the beginning, nobody could give anybody a customer for minutes.
    """
    custody.hold_all_managers()
    staff = frames.staff(found.settings, today=rules.day_of(now), are_absent_free=True)
    return rules.beyond(given, staff)


def _moves(plan: pl.DataFrame) -> pl.DataFrame:
    """Columns of custody.FRAME. The sentences are few: each is made once."""
    said = ("reason", "load", "place", "level")
    rounded = plan.with_columns(pl.col("load") // 100 * 100)
    kinds = rounded.select(said).unique()
    texts = [
        wording.history_text(reason, load=load, place=place, level=level)
        for reason, load, place, level in kinds.iter_rows()
    ]
    told = rounded.join(kinds.with_columns(pl.Series("text", texts, dtype=pl.String())), on=said, how="left")
    return told.select("party", "before", "after", pl.col("text").alias("reason"))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
