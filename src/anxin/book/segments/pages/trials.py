"""The dry run of a draft scheme: begin it, see how far it is, see who would move."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.book.segments import tasks
from anxin.book.segments.queries import previews
from anxin.book.segments.services import trials
from anxin.foundation.jobs import queries as jobs
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web.pages import actor_of, page


@page("schemes.edit", methods=("GET", "POST"))
def begin(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What the dry run does, and the button; then the job. Embedded by the page of the version."""
    actor = actor_of(request)
    try:
        if request.method == "POST":
            job = trials.start(actor=actor, now=clock.now(), version_id=version_id, task=tasks.trial)
            return redirect("segments:trial", job_id=job.id)
        seen = schemes.get_version(actor, version_id)
    except schemes.SchemeNotFound as error:
        raise Http404 from error
    return _answer(request, {"seen": seen})


@page("schemes.edit")
def trial(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far the dry run is, then what it found; asks for itself while it is under way."""
    try:
        job = jobs.get_job(actor_of(request), job_id)
    except jobs.JobNotFound as error:
        raise Http404 from error
    if job.kind != trials.KIND:
        raise Http404
    found: Any = job.result
    context: dict[str, Any] = {"job": job}
    if job.is_over and "moves" in found:
        as_of, content = date.fromisoformat(found["as_of"]), _content(actor_of(request), found["version_id"])
        context |= {
            "tried": previews.tried(found["kind"], found["moves"], as_of, content),
            "result": found,
        }
    return _answer(request, context)


def _content(actor: Actor, version_id: str) -> Content | None:
    """Of the draft that was tried; None when it is gone since."""
    try:
        return schemes.get_version(actor, UUID(version_id)).content
    except schemes.SchemeNotFound:
        return None


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "segments/trial_body.html" if is_part else "segments/trial.html", context)
