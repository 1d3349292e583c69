"""My jobs, their progress while they run, stopping one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.jobs import queries, services
from anxin.foundation.jobs.data import JobState, JobView, OtherWork, percent
from anxin.foundation.jobs.models import Job
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.paging import Page
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column, Listing, key

STATES = {
    JobState.WAITING: (_("Waiting"), ""),
    JobState.RUNNING: (_("Running"), "info"),
    JobState.DONE: (_("Done"), "ok"),
    JobState.FAILED: (_("Failed"), "danger"),
    JobState.CANCELLED: (_("Stopped"), "warn"),
}
MOST_OTHERS = 50
LISTING = Listing(
    code="jobs",
    orders={"-created": (key("-created_at"), key("-id"))},
    default="-created",
    columns=(
        Column(code="kind", label=_("Kind")),
        Column(code="title", label=_("Job"), flexible=True),
        Column(code="state", label=_("Status")),
        Column(code="progress", label=_("Progress")),
        Column(code="owner", label=_("Started by")),
        Column(code="created", label=_("Started"), kind="date"),
        Column(code="do", label=_("Actions"), kind="actions"),
    ),
)


@page("jobs.view")
def list_page(request: HttpRequest) -> HttpResponse:
    found = LISTING.first_page_if_bad(queries.list_jobs(actor_of(request)), cursor=request.GET.get("cursor", ""))
    jobs = [queries.view(row) for row in found.rows]
    # One more than is shown tells whether any are left out; the room's own list has them all.
    others = _others_beside(actor_of(request), found, jobs)
    left_out, others = others[MOST_OTHERS:], others[:MOST_OTHERS]
    rows = sorted([*map(_shown, jobs), *map(_shown_other, others)], key=lambda row: row["created_at"], reverse=True)
    context = {
        "page": found,
        "columns": LISTING.columns,
        "rows": rows,
        "is_moving": any(not row["is_over"] for row in rows),
        "others_shown": MOST_OTHERS,
        "all_others": left_out[0].all_url if left_out else "",
    }
    return render(
        request, "jobs/list_body.html" if request.headers.get("HX-Target") == "jobs" else "jobs/list.html", context
    )


@page("jobs.view")
def progress_page(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The part that shows one job; asks for itself again while the job is not over. Embedded by other rooms' pages."""
    try:
        job = queries.get_job(actor_of(request), job_id)
    except queries.JobNotFound as error:
        raise Http404 from error
    return render(request, "jobs/progress.html", _shown(job))


@page("jobs.view", methods=("POST",))
def cancel_page(request: HttpRequest, job_id: UUID) -> HttpResponse:
    try:
        job = services.cancel(actor=actor_of(request), now=clock.now(), job_id=job_id)
    except services.JobNotFound as error:
        raise Http404 from error
    if request.headers.get("HX-Request"):
        return render(request, "jobs/progress.html", _shown(job))
    return redirect("jobs:list")


def _others_beside(actor: Actor, found: Page[Job], jobs: list[JobView]) -> list[OtherWork]:
    """The work of other rooms that was begun within the time of this page of jobs, up to the first job of the next."""
    until = jobs[0].created_at if jobs and found.previous_cursor else None
    after = queries.begun_before(actor, jobs[-1].created_at) if jobs and found.next_cursor else None
    return services.other_work(actor, after, until, MOST_OTHERS + 1)


def _shown_other(work: OtherWork) -> dict[str, Any]:
    return {**vars(work), "percent": percent(work.done, work.total)}


def _shown(job: JobView) -> dict[str, Any]:
    label, level = STATES[job.state]
    return {
        "title": job.title,
        "is_over": job.is_over,
        "done": job.done,
        "total": job.total,
        "percent": job.percent,
        "owner_name": job.owner_name,
        "created_at": job.created_at,
        "job": job,
        "kind": gettext(services.kind_label(job.kind)),
        "state": label,
        "level": level,
        "message": gettext(job.message) % job.message_values if job.message else "",
        "download_url": _download(job),
    }


def _download(job: JobView) -> str:
    if job.document_id is None:
        return ""
    try:
        return reverse("documents:download", args=[job.document_id])
    except NoReverseMatch:
        return ""
