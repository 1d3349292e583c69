"""Starting, doing and ending long work.

A job is a row; the queue only wakes a worker up for it. Whoever does the work holds a lease and the number of the
attempt, and everything it writes about the job is one UPDATE that demands this number. A worker that was stopped and
comes back to life after another took over finds its number gone, and writes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q
from procrastinate import exceptions as queue_errors
from procrastinate.tasks import Task

from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import access, queries, rules
from anxin.foundation.jobs.access import JobNotFound
from anxin.foundation.jobs.data import Finished, JobState, JobView, OtherWork
from anxin.foundation.jobs.models import Job
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

__all__ = [
    "JobCancelled", "JobFailed", "JobLost", "JobNotFound", "Running", "cancel", "kind_label", "other_work",
    "register_kind", "register_other_work", "revive", "run", "start",
]  # fmt: skip

SHANGHAI = ZoneInfo("Asia/Shanghai")
log = logging.getLogger(__name__)


class JobLost(Exception):
    """Another worker has taken the job over. Stop at once and write nothing."""


class JobCancelled(Exception):
    """The owner asked to stop. Work raises it from `progress`; what was committed before stays."""


class JobFailed(Exception):
    """The work cannot be done, for a reason its owner can understand. `message` is an English text of the catalogue."""

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.message, self.values = message, values


QueuedTask: TypeAlias = Task[[str], None, [str]]
_kinds: dict[str, str] = {}


def register_kind(kind: str, label: str) -> None:
    """Name a kind of job, from `AppConfig.ready`; `label` is English and marked for translation."""
    if _kinds.setdefault(kind, label) != label:
        raise ValueError(f"The kind of job {kind!r} is registered twice.")


def kind_label(kind: str) -> str:
    return _kinds.get(kind, kind)


# Whose work, begun after which moment, begun up to which one (both may be open), how many at most; newest first.
OtherSource: TypeAlias = Callable[[Actor, datetime | None, datetime | None, int], Sequence[OtherWork]]
_others: dict[str, OtherSource] = {}


def register_other_work(room: str, source: OtherSource) -> None:
    """Show the work of a room that keeps its own books (imports) among the jobs, from `AppConfig.ready`."""
    _others[room] = source


def other_work(actor: Actor, after: datetime | None, until: datetime | None, most: int) -> list[OtherWork]:
    """Work of other rooms within the actor's reach, newest first."""
    found = [work for source in _others.values() for work in source(actor, after, until, most)]
    return sorted(found, key=lambda one: one.created_at, reverse=True)[:most]


@transaction.atomic
def start(
    *, actor: Actor, now: datetime, kind: str, title: str, arguments: Mapping[str, Any], task: QueuedTask,
    total: int | None = None, dedupe_key: str = "",
) -> JobView:  # fmt: skip
    """Put work into the queue, in the transaction of the caller: job and task exist together or not at all.

    `task` is a procrastinate task taking `job_id: str`; `arguments` are plain values without personal data. While a job
    of the same kind with the same `dedupe_key` is under way, that one is returned with `is_new` False.
    """
    if kind not in _kinds:
        raise ValueError(f"The kind of job {kind!r} is not registered.")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, title=title, owner_id=actor.user_id, arguments=dict(arguments), total=total,
                dedupe_key=dedupe_key, task_name=task.name, created_at=now,
            )  # fmt: skip
    except IntegrityError:
        under_way = Job.objects.filter(
            kind=kind, dedupe_key=dedupe_key, state__in=[JobState.WAITING, JobState.RUNNING]
        ).first()
        if not dedupe_key or under_way is None:
            raise
        return queries.view(under_way)
    task.configure(queueing_lock=_place_of(job.id)).defer(job_id=str(job.id))
    audit.record(
        actor=actor, now=now, action="jobs.start", object_kind="job", object_id=job.id, object_ref=kind,
        detail={"kind": kind},
    )  # fmt: skip
    return queries.view(job, is_new=True)


@transaction.atomic
def cancel(*, actor: Actor, now: datetime, job_id: UUID) -> JobView:
    """Ask a job to stop. One that waits is over at once; one that runs stops at its next report of progress."""
    job = access.get_job(actor, job_id)
    stopped = Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELLED, is_cancel_wanted=True, finished_at=now, message=""
    )
    if not stopped:
        stopped = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(is_cancel_wanted=True)
    if stopped:
        audit.record(
            actor=actor, now=now, action="jobs.cancel", object_kind="job", object_id=job.id, object_ref=job.kind
        )
    job.refresh_from_db()
    return queries.view(job)


@dataclass(frozen=True)
class Running:
    """The hold on a job while its work is done."""

    job_id: UUID
    attempt: int
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    actor: Actor
    clock: Callable[[], datetime]

    def progress(
        self, done: int, total: int | None = None, message: str = "", *, keep: Mapping[str, Any] | None = None,
        **values: str | int,
    ) -> None:  # fmt: skip
        """Say how far the work is. Called inside the transaction of what was done, a zombie's chunk rolls back.

        `keep` is stored with the job and comes back as `result` when another attempt resumes. Raises JobLost and
        JobCancelled.
        """
        changes: dict[str, Any] = {"done": done, "lease_until": self.clock() + rules.LEASE}
        if total is not None:
            changes["total"] = total
        if message:
            changes |= {"message": message, "message_values": values}
        if keep is not None:
            changes["result"] = dict(keep)
        self._write(**changes)
        if Job.objects.filter(pk=self.job_id, is_cancel_wanted=True).exists():
            raise JobCancelled

    def fence(self) -> None:
        """Inside the transaction of an effect: go on only while this worker still holds the job (JobLost otherwise)."""
        self._write(lease_until=self.clock() + rules.LEASE)

    def _write(self, **changes: Any) -> None:
        if not _held(self.job_id, self.attempt).update(**changes):
            raise JobLost(str(self.job_id))


def run(job_id: str | UUID, work: Callable[[Running], Finished | None], *, clock: Callable[[], datetime]) -> bool:
    """Do the work of a job: claim it, keep the lease alive, write how it ended. For `tasks.py`.

    Returns False without doing anything when the job is over, cancelled or in the hands of a living worker. A loss of
    the database puts the job back; any other exception ends it as failed and is raised again. The text of an unexpected
    exception may quote a customer, so only its class is stored; raise JobFailed to say more.
    """
    held = _claim(UUID(str(job_id)), clock)
    if held is None:
        return False
    try:
        with _heartbeat(held), _no_endless_transaction():
            finished = work(held) or Finished()
            held._write(
                state=JobState.DONE, finished_at=clock(), lease_until=None, message=finished.message,
                message_values=dict(finished.values), result=dict(finished.result), document_id=finished.document_id,
            )  # fmt: skip
    except JobLost:
        log.warning("Job %s was taken over by another worker; attempt %s wrote nothing.", held.job_id, held.attempt)
        return False
    except JobCancelled:
        _end(held, JobState.CANCELLED, "")
        return False
    except JobFailed as error:
        _end(held, JobState.FAILED, error.message, error.values)
        return False
    except (OperationalError, InterfaceError):
        # The database went away: the sweep wakes the job up again when the lease is over.
        raise
    except Exception as error:
        _end(held, JobState.FAILED, _("Stopped by an unexpected error (%(error)s)."), {"error": type(error).__name__})
        raise
    return True


def _claim(job_id: UUID, clock: Callable[[], datetime]) -> Running | None:
    now = clock()
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lte=now)
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("owner").filter(free, pk=job_id).first()
        if job is None:
            return None
        if rules.is_given_up(job.attempt):
            _give_up(Q(pk=job.pk), now)
            return None
        if job.is_cancel_wanted:
            Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED, finished_at=now, lease_until=None)
            return None
        owner = job.owner
        if owner is not None and not owner.is_active:
            Job.objects.filter(pk=job.pk).update(
                state=JobState.FAILED, finished_at=now, message=_("Its owner may no longer sign in."), message_values={}
            )
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING,
            attempt=F("attempt") + 1,
            lease_until=now + rules.LEASE,
            started_at=job.started_at or now,
        )
        actor = (
            Actor.system(job.kind)
            if owner is None
            else org.actor_for(owner, today=now.astimezone(SHANGHAI).date(), channel="worker")
        )
    return Running(
        job_id=job.pk, attempt=job.attempt + 1, arguments=job.arguments, result=job.result, actor=actor, clock=clock
    )


def revive(*, now: datetime) -> int:
    """Wake up again what fell asleep with its worker; end what was tried too often. Returns how many were woken."""
    asleep = Q(state=JobState.RUNNING, lease_until__lte=now) | Q(
        state=JobState.WAITING, created_at__lte=now - rules.WAITING_IS_LOST_AFTER
    )
    _give_up(asleep & Q(attempt__gte=rules.MOST_ATTEMPTS), now)
    woken = 0
    for job_id, task_name in Job.objects.filter(asleep).order_by("created_at").values_list("id", "task_name")[:200]:
        woken += _queue_again(job_id, task_name)
    return woken


def _give_up(which: Q, now: datetime) -> None:
    Job.objects.filter(which).update(
        state=JobState.FAILED, finished_at=now, lease_until=None,
        message=_("Given up after %(attempts)s attempts: each one ended without a word."),
        message_values={"attempts": rules.MOST_ATTEMPTS},
    )  # fmt: skip


def _queue_again(job_id: UUID, task_name: str) -> bool:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    place = _place_of(job_id)
    if ProcrastinateJob.objects.filter(queueing_lock=place, status="todo").exists():
        return False
    try:
        with transaction.atomic():
            app.configure_task(task_name, queueing_lock=place, queue=app.tasks[task_name].queue).defer(
                job_id=str(job_id)
            )
    except queue_errors.AlreadyEnqueued:
        return False
    return True


def _place_of(job_id: UUID) -> str:
    """One place in the queue per job: waking it twice queues it once."""
    return f"job-{job_id}"


def _held(job_id: UUID, attempt: int) -> Any:
    return Job.objects.filter(pk=job_id, attempt=attempt, state=JobState.RUNNING)


def _end(held: Running, state: JobState, message: str, values: Mapping[str, str | int] | None = None) -> None:
    _held(held.job_id, held.attempt).update(
        state=state, finished_at=held.clock(), lease_until=None, message=message, message_values=dict(values or {})
    )


class _heartbeat:  # noqa: N801 - used like a function
    """Keeps the lease alive from a thread of its own while the work is inside one long computation."""

    def __init__(self, held: Running) -> None:
        self._held = held
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{held.job_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=rules.HEARTBEAT.total_seconds())

    def _beat(self) -> None:
        try:
            while not self._over.wait(rules.HEARTBEAT.total_seconds()):
                try:
                    with transaction.atomic():
                        with connection.cursor() as cursor:
                            # The work may hold the row in its own open transaction: then nobody can take it.
                            cursor.execute("SET LOCAL lock_timeout = '2s'")
                            # Stopped between this update and its commit, the thread would keep the row for ever.
                            _limit_idle_transaction(cursor, is_local=True)
                        alive = _held(self._held.job_id, self._held.attempt).update(
                            lease_until=self._held.clock() + rules.LEASE
                        )
                    if not alive:
                        return
                except (OperationalError, InterfaceError):
                    connection.close()
        finally:
            connection.close()


class _no_endless_transaction:  # noqa: N801 - used like a function
    """Lets the server end this session when it sits idle inside a transaction, as a stopped process does."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            _limit_idle_transaction(cursor, is_local=False)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or not issubclass(kind, OperationalError | InterfaceError):
            with connection.cursor() as cursor:
                # Back to what the process began with: a worker has a limit of its own.
                cursor.execute("RESET idle_in_transaction_session_timeout")


def _limit_idle_transaction(cursor: CursorWrapper, *, is_local: bool) -> None:
    milliseconds = int(rules.LONGEST_IDLE_TRANSACTION.total_seconds() * 1000)
    cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, %s)", [str(milliseconds), is_local])
