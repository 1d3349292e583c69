"""Who sees which jobs: one's own; with scope TEAM or UNIT those of the colleagues; with ALL every one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.foundation.jobs.models import Job
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


class JobNotFound(Exception):
    """No such job within the actor's reach."""


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    scope = actor.require("jobs.view")
    if scope is Scope.ALL:
        return Job.objects.all()
    if scope is Scope.OWN:
        return Job.objects.filter(owner_id=actor.user_id)
    return Job.objects.filter(Q(owner_id=actor.user_id) | Q(owner_id__in=org.colleagues_of(actor)))


def get_job(actor: Actor, job_id: UUID) -> Job:
    """Raises JobNotFound, also for a job of somebody else."""
    found = visible_jobs(actor).filter(pk=job_id).select_related("owner").first()
    if found is None:
        raise JobNotFound(str(job_id))
    return found
