"""Reading jobs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from anxin.foundation.jobs import access
from anxin.foundation.jobs.access import JobNotFound
from anxin.foundation.jobs.data import JobState, JobView
from anxin.foundation.jobs.models import Job
from anxin.kernel.actor import Actor

__all__ = ["JobNotFound", "count_unfinished", "get_job", "list_jobs", "rows_taken_out", "view"]


def list_jobs(actor: Actor) -> QuerySet[Job]:
    """The actor's jobs with their owners, for a keyset page (`view` turns its rows into data). Stays in this room."""
    return access.visible_jobs(actor).select_related("owner")


def begun_before(actor: Actor, moment: datetime) -> datetime | None:
    """When the newest of the actor's jobs older than `moment` was begun."""
    older = access.visible_jobs(actor).filter(created_at__lt=moment).order_by("-created_at", "-id")
    return older.values_list("created_at", flat=True).first()


def get_job(actor: Actor, job_id: UUID) -> JobView:
    """Raises JobNotFound."""
    return view(access.get_job(actor, job_id))


def count_unfinished(actor: Actor) -> int:
    return Job.objects.filter(owner_id=actor.user_id, state__in=[JobState.WAITING, JobState.RUNNING]).count()


def rows_taken_out(owner_id: UUID, *, since: datetime) -> int:
    """Rows of the exports that a user started from `since` on; what failed or was cancelled took nothing out."""
    exports = Job.objects.filter(owner=owner_id, created_at__gte=since, kind__endswith=".export")
    counted = exports.exclude(state__in=[JobState.FAILED, JobState.CANCELLED])
    return counted.aggregate(rows=Sum("total"))["rows"] or 0


def view(job: Job, *, is_new: bool = False) -> JobView:
    return JobView(
        id=job.id,
        kind=job.kind,
        title=job.title,
        state=JobState(job.state),
        owner_id=job.owner_id,
        owner_name=job.owner.display_name if job.owner is not None else "",
        done=job.done,
        total=job.total,
        message=job.message,
        message_values=job.message_values,
        result=job.result,
        document_id=job.document_id,
        attempt=job.attempt,
        is_cancel_wanted=job.is_cancel_wanted,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        is_new=is_new,
    )


def is_work_waiting() -> bool:
    """Whether any job waits for a worker or is being done."""
    return Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists()
