"""Confirming a planned run, carrying it out in chunks, and taking it back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from anxin.book.customers.services import custody
from anxin.foundation.accounts import queries as accounts
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _
from anxin.service.managers import access, rules
from anxin.service.managers.data import Cause, Reason, RunKind, RunState
from anxin.service.managers.models import Decision, Run
from anxin.service.managers.queries import frames, wording
from anxin.service.managers.queries.runs import TELL
from anxin.service.managers.services import planning, pool
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

APPLY_JOB: Final = "managers.apply"
CHUNK: Final = 1_000
State = Decision.State


@transaction.atomic
def confirm(*, actor: Actor, now: datetime, run_id: UUID, version: int, task: jobs.QueuedTask) -> Run:
    """Carry out a plan as it was seen. Raises RunNotFound, StaleState, IllegalTransition."""
    return _start(actor, now, run_id, version, "confirm", task, {"confirmed_by_id": actor.user_id})


@transaction.atomic
def undo(*, actor: Actor, now: datetime, run_id: UUID, version: int, task: jobs.QueuedTask) -> Run:
    """Give back whoever is still where the run put them. Raises RunNotFound, StaleState, IllegalTransition."""
    return _start(
        actor, now, run_id, version, "undo", task, {"undone_by_id": actor.user_id, "undone_at": now}
    )  # fmt: skip


@transaction.atomic
def drop(*, actor: Actor, now: datetime, run_id: UUID, version: int) -> None:
    """Throw a plan away. Raises RunNotFound, StaleState, IllegalTransition."""
    run = access.get_run(actor, run_id)
    rules.WORKFLOW.move(run.state, "drop")
    _advance(run, version, RunState.DROPPED, finished_at=now)
    run.decisions.all().delete()
    planning.record(actor, now, "managers.drop", run)


def _start(
    actor: Actor, now: datetime, run_id: UUID, version: int, move: str, task: jobs.QueuedTask, changes: dict[str, Any]
) -> Run:
    run = access.get_run(actor, run_id)
    following = rules.WORKFLOW.move(run.state, move).to_state
    _advance(run, version, RunState(following), **changes)
    job = jobs.start(
        actor=actor, now=now, kind=APPLY_JOB, title=rules.day_of(run.asked_at).isoformat(), task=task,
        arguments={"run": str(run.pk)}, total=run.summary.get("assigned", 0),
    )  # fmt: skip
    Run.objects.filter(pk=run.pk).update(job_id=job.id)
    planning.record(actor, now, f"managers.{move}", run, customers=run.summary.get("assigned", 0))
    run.refresh_from_db()
    return run


def _advance(run: Run, version: int, state: RunState, **changes: Any) -> None:
    done = Run.objects.filter(pk=run.pk, version=version, state=run.state).update(
        state=state, version=F("version") + 1, **changes
    )
    if not done:
        seen = Run.objects.get(pk=run.pk)
        raise StaleState(seen.state, seen.version)


def work(running: jobs.Running) -> Finished:
    """The work of both jobs: chunks that are each one transaction; another attempt goes on behind the last chunk."""
    run = Run.objects.get(pk=UUID(running.arguments["run"]))
    kept = Counter(running.result.get("counts", {}))
    is_undo = run.state == RunState.UNDOING
    while run.state in (RunState.APPLYING, RunState.UNDOING):
        with transaction.atomic():
            running.fence()
            rows = next_of(run, is_undo=is_undo)
            if not rows:
                finish(run, running.clock())
                break
            now = running.clock()
            moved = (give_back if is_undo else apply)(run, rows, now, actor=running.actor)
            kept["moved"] += moved
            kept["left"] += len(rows) - moved
            running.progress(sum(kept.values()), keep={"counts": dict(kept), "run": str(run.pk)})
    return Finished(
        message=_("%(moved)s customers changed hands, %(left)s left alone."),
        values={"moved": kept["moved"], "left": kept["left"]},
        result={"counts": dict(kept), "run": str(run.pk)},
    )


def next_of(run: Run, *, is_undo: bool, size: int = CHUNK) -> list[Decision]:
    rows: QuerySet[Decision] = run.decisions.filter(state=State.APPLIED if is_undo else State.PLANNED)
    if not is_undo and run.kind != RunKind.RECYCLE:
        rows = rows.filter(after__isnull=False)
    return list(rows.order_by("pk")[:size])


def finish(run: Run, now: datetime) -> None:
    """The last chunk is done: the run is done, or undone."""
    state = rules.WORKFLOW.move(run.state, "return" if run.state == RunState.UNDOING else "finish").to_state
    summary = {**run.summary}
    summary["applied"] = run.decisions.filter(state=State.APPLIED).count()
    summary["skipped"] = run.decisions.filter(state=State.SKIPPED).count()
    Run.objects.filter(pk=run.pk, state=run.state).update(
        state=state, finished_at=now if run.finished_at is None else run.finished_at, summary=summary,
        version=F("version") + 1,
    )  # fmt: skip


def apply(run: Run, rows: Sequence[Decision], now: datetime, *, actor: Actor) -> int:
    """Move the customers of these decisions; returns how many moved. Left alone is whom somebody else moved meanwhile,
    and whom their new manager has no room for any more. A deputy is not asked for room."""
    moves = [
        custody.Move(
            party_id=row.party_id, before=row.before_id, after=row.after_id,
            reason=run.reason or wording.history_text(row.reason, load=row.load, place=row.place, level=row.level),
        )
        for row in rows
    ]  # fmt: skip
    moved = custody.move(
        actor=actor, now=now, moves=moves, action=f"managers.{run.kind}", keeps_room=run.kind != RunKind.ABSENCE
    )
    done = [row for row in rows if row.party_id in moved]
    _mark(rows, moved, State.APPLIED, State.SKIPPED)
    pool.left(party_ids=[row.party_id for row in done if row.after_id is not None])
    pool.entered(
        rows=[(row.party_id, row.before_id) for row in done if row.after_id is None], now=now,
        cause=Cause.RECYCLED if run.kind == RunKind.RECYCLE else Cause.RELEASED, reason=Reason.RECYCLED,
    )  # fmt: skip
    _follow(actor, now, [_Way(row.party_id, row.before_id, row.after_id) for row in done])
    if run.tells:
        _tell(run, done, now)
    return len(done)


def give_back(run: Run, rows: Sequence[Decision], now: datetime, *, actor: Actor) -> int:
    """Move back whoever is still with whom the run gave them to; returns how many."""
    said = Reason.BACK if run.kind == RunKind.ABSENCE else ""
    moves = [
        custody.Move(
            party_id=row.party_id, before=row.after_id, after=row.before_id,
            reason=wording.history_text(said) if said else wording.taken_back(),
        )
        for row in rows
    ]  # fmt: skip
    moved = custody.move(actor=actor, now=now, moves=moves, action="managers.undo")
    done = [row for row in rows if row.party_id in moved]
    # Who went on to somebody else since then stays there; the decision is over either way.
    _mark(rows, {row.party_id for row in rows}, State.UNDONE, State.UNDONE)
    pool.left(party_ids=[row.party_id for row in done if row.before_id is not None])
    pool.entered(
        rows=[(row.party_id, row.after_id) for row in done if row.before_id is None], now=now, cause=Cause.RELEASED,
        reason="",
    )  # fmt: skip
    _follow(actor, now, [_Way(row.party_id, row.after_id, row.before_id) for row in done])
    if run.tells:
        worklist.close_for_subjects(
            actor=actor, now=now, kinds=[TELL], subject_ids=[row.pk for row in rows], outcome="superseded"
        )
    return len(done)


def _mark(rows: Sequence[Decision], moved: set[UUID], yes: str, no: str) -> None:
    done = [row.pk for row in rows if row.party_id in moved]
    Decision.objects.filter(pk__in=done).update(state=yes)
    if len(done) < len(rows):
        Decision.objects.filter(pk__in=[row.pk for row in rows if row.party_id not in moved]).update(state=no)


@dataclass(frozen=True)
class _Way:
    party_id: UUID
    before: UUID | None
    after: UUID | None


def _follow(actor: Actor, now: datetime, ways: Sequence[_Way]) -> None:
    """Open tasks go with the customers; such of the pool have none, and what goes into it keeps its tasks."""
    pairs: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for one in ways:
        if one.before is not None and one.after is not None:
            pairs[one.before, one.after].append(one.party_id)
    for (before, after), parties in sorted(pairs.items()):
        worklist.follow(actor=actor, now=now, parties=parties, before=before, after=after, unit_id=org.unit_of(after))


def _tell(run: Run, rows: Sequence[Decision], now: datetime) -> None:
    """A task for the new manager: tell the customer, until the day the scheme says."""
    due = rules.tell_by(now, frames.in_force(now).settings.tell_days)
    people = {row.before_id for row in rows} | {row.after_id for row in rows}
    names = accounts.names_of([key for key in people if key is not None])
    units = {key: org.unit_of(key) for key in {row.after_id for row in rows} if key is not None}
    worklist.ensure_items(
        now=now,
        items=[
            NewItem(
                kind=TELL, occurrence=f"{run.pk}:{row.party_id}", starts_at=now, due_at=due, party_id=row.party_id,
                owner_id=row.after_id, unit_id=units.get(row.after_id) if row.after_id else None,
                detail={"before": names.get(row.before_id, "") if row.before_id else "",
                        "after": names.get(row.after_id, "") if row.after_id else ""},
                priority=1, subject_kind="decision", subject_id=row.pk,
            )
            for row in rows
            if row.after_id is not None
        ],
    )  # fmt: skip
