"""Runs: planning one, looking at it, confirming it, taking it back; how far customers are told."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.book.customers.services import volume
from anxin.kernel import clock
from anxin.kernel.web import answers, dialogs
from anxin.kernel.web.pages import actor_of
from anxin.service.managers import forms, queries, rules, services, tasks
from anxin.service.managers.data import DecisionState, Reason, Refused, RunKind, RunState, RunView
from anxin.service.managers.pages.edge import BOTH, KINDS, POST, STATES, go, managers_page, put, staff_of
from anxin.service.managers.services import exporting

MOVING: Final = (RunState.PLANNING, RunState.APPLYING, RunState.UNDOING)
LEVELS: Final = {
    DecisionState.PLANNED: "info", DecisionState.APPLIED: "ok", DecisionState.SKIPPED: "warn", DecisionState.UNDONE: "",
}  # fmt: skip


@managers_page("managers.allocate")
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": [_shown(one) for one in queries.list_runs(actor_of(request))],
        "crumbs": [(reverse("managers:board"), _("Customer managers")), ("", _("Allocations and hand-overs"))],
    }
    return render(request, "managers/runs.html", context)


@managers_page("managers.allocate", methods=POST)
def allocate(request: HttpRequest) -> HttpResponse:
    """Plan to give the pool away by the rules."""
    unit = request.POST.get("unit", "")
    try:
        made = services.plan_allocation(
            actor=actor_of(request), now=clock.now(), task=tasks.plan, unit_id=UUID(unit) if unit else None
        )
    except (Refused, ValueError) as error:
        text = _(error.message) % error.values if isinstance(error, Refused) else _("Choose a unit within your reach.")
        return answers.toast(HttpResponse(status=422), text, level="danger")
    return go(request, reverse("managers:run", args=[made.pk]))


@managers_page("managers.allocate", methods=BOTH)
def hand_over(request: HttpRequest) -> HttpResponse:
    """Plan a hand-over: of who leaves, or of a part."""
    actor = actor_of(request)
    initial = {"manager": request.GET.get("manager", "")}
    form = forms.HandOverForm(
        request.POST if request.method == "POST" else None, staff=staff_of(actor), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.plan_hand_over(
                actor=actor, now=clock.now(), task=tasks.plan, manager_id=UUID(given["manager"]),
                kind=RunKind(given["kind"]), reason=given["reason"],
                target_id=UUID(given["target"]) if given["target"] else None, tiers=given["tiers"],
                most=given["most"] or 0, tells=given["tells"],
            )  # fmt: skip
        except Refused as error:
            put(form, error)
        else:
            return go(request, reverse("managers:run", args=[made.pk]))
    return dialogs.ask(
        request, form, title=_("Hand over customers"), button=_("Plan the hand-over"), back=reverse("managers:runs"),
        hint=_("Nothing moves yet: you will see who gets whom, and why, and confirm it then."),
    )  # fmt: skip


@managers_page("managers.allocate")
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    seen = queries.get_run(actor, run_id)
    to, after = _key(request.GET.get("to", "")), _key(request.GET.get("after", ""))
    reason = request.GET.get("reason", "") if request.GET.get("reason", "") in set(Reason) else ""
    context: dict[str, Any] = {**_shown(seen), "is_moving": seen.state in MOVING, "to": to, "reason": reason}
    if seen.state is not RunState.PLANNING:
        rows, rest = queries.decisions(actor, run_id, to=to, reason=reason, after=after)
        shares = queries.shares(actor, run_id, now=now)
        context |= {
            "shares": [{"one": one, "before": one.before / 100, "after": one.after / 100} for one in shares],
            "unassigned": queries.unassigned(actor, run_id), "telling": queries.telling(actor, run_id, now=now),
            "decisions": [(row, exporting.STATES[row.state], LEVELS[row.state]) for row in rows], "rest": rest,
            "chosen": next((one.name for one in shares if one.id == to), ""),
        }  # fmt: skip
    context |= {
        "may": {move.action for move in rules.WORKFLOW.allowed(seen.state)},
        "may_export": actor.may(exporting.PERMISSION),
        "crumbs": [
            (reverse("managers:board"), _("Customer managers")),
            (reverse("managers:runs"), _("Allocations and hand-overs")), ("", KINDS[seen.kind]),
        ],
    }  # fmt: skip
    is_part = request.headers.get("HX-Target") == "run"
    return render(request, "managers/run_body.html" if is_part else "managers/run.html", context)


@managers_page("managers.allocate", methods=POST)
def confirm(request: HttpRequest, run_id: UUID) -> HttpResponse:
    services.confirm(
        actor=actor_of(request), now=clock.now(), run_id=run_id, version=_version(request), task=tasks.apply
    )
    return redirect("managers:run", run_id)


@managers_page("managers.allocate", methods=POST)
def undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    services.undo(
        actor=actor_of(request), now=clock.now(), run_id=run_id, version=_version(request), task=tasks.apply
    )  # fmt: skip
    return redirect("managers:run", run_id)


@managers_page("managers.allocate", methods=POST)
def drop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    services.drop(actor=actor_of(request), now=clock.now(), run_id=run_id, version=_version(request))
    return redirect("managers:runs")


@managers_page(exporting.PERMISSION, methods=POST)
def export(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Its customers as a file, by a job."""
    try:
        exporting.start(
            actor=actor_of(request), now=clock.now(), run_id=run_id, language=get_language() or "zh-hans",
            title=_("Allocations and hand-overs"), task=tasks.export,
        )  # fmt: skip
    except (Refused, volume.TooMuch) as error:
        messages.error(request, _(str(error)))
        return redirect("managers:run", run_id)
    return redirect("jobs:list")


@managers_page("managers.packages")
def decision(request: HttpRequest, item: UUID) -> HttpResponse:
    """Where a task to tell a customer leads: the file."""
    ref = queries.party_of_decision(actor_of(request), item)
    if ref is None:
        raise Http404
    return redirect("customers:file", ref)


def _shown(seen: RunView) -> dict[str, Any]:
    word, level = STATES[seen.state]
    return {"run": seen, "kind": KINDS[seen.kind], "state": word, "state_level": level}


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
