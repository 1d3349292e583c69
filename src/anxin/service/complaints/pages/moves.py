"""The moves the page of a complaint offers, and their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.complaints import forms, services
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.pages.edge import staff, units
from anxin.service.complaints.queries import routing
from anxin.service.complaints.queries.opened import Opened
from anxin.service.complaints.rules import flow
from anxin.service.complaints.services import papers

# Action → its form, its word, the level of its button, its icon.
MOVES: Final[Mapping[str, tuple[type[django_forms.Form], Any, str, str]]] = {
    "review": (forms.ReviewForm, _("Pass the review"), "p", "checklist"),
    "send_back": (forms.WhyForm, _("Send back to be completed"), "", "arrow-left"),
    "complete": (forms.NothingForm, _("Completed: review again"), "p", "checklist"),
    "refuse": (forms.WhyForm, _("Do not accept"), "d", "ban"),
    "dispatch": (forms.DispatchForm, _("Dispatch"), "p", "send"),
    "feed_back": (forms.FeedBackForm, _("Submit the findings"), "p", "arrow-right"),
    "propose_plan": (forms.PlanForm, _("Submit the plan for approval"), "p", "arrow-right"),
    "notify": (forms.NoticeForm, _("Record the decision notice"), "p", "send"),
    "execute": (forms.ExecuteForm, _("Decision carried out"), "p", "checklist"),
    "call_back": (forms.CallBackForm, _("Record the call-back"), "p", "phone"),
    "archive": (forms.NothingForm, _("Archive the complaint"), "p", "archive"),
    "redispatch": (forms.HandOverForm, _("Hand over"), "", "user-share"),
    "recuse": (forms.HandOverForm, _("Stand aside"), "", "user-share"),
    "supplement": (forms.SupplementForm, _("Add new material"), "", "plus"),
    "ask_extension": (forms.ToldForm, _("Ask for an extension"), "", "calendar-time"),
    "appraise": (forms.ToldForm, _("Pause for an appraisal"), "", "clock"),
    "mediate": (forms.ToldForm, _("Pause for a mediation"), "", "clock"),
    "resume": (forms.NothingForm, _("Let the clock go on"), "p", "player-play"),
    "supervise": (forms.SuperviseForm, _("Supervise"), "", "flag"),
    "answer_supervision": (forms.WhyForm, _("Answer the supervision"), "", "flag"),
    "escalate": (forms.WhyForm, _("Escalate"), "d", "flag"),
    "declare_major": (forms.MajorForm, _("Declare a major complaint"), "d", "alert-triangle"),
    "merge": (forms.MergeForm, _("Merge into another complaint"), "", "link"),
    "withdraw": (forms.WhyForm, _("Withdrawn by the complainant"), "", "arrow-left"),
    "ask_check": (forms.WhyForm, _("Check by the superior asked for"), "", "shield"),
    "uphold": (forms.CheckForm, _("Check decided: upheld"), "", "shield-check"),
    "overturn": (forms.CheckForm, _("Check decided: decide anew"), "d", "shield"),
    "reopen": (forms.WhyForm, _("Reopen the complaint"), "", "refresh"),
}
MAIN: Final = (
    "review",
    "complete",
    "dispatch",
    "feed_back",
    "propose_plan",
    "notify",
    "execute",
    "call_back",
    "archive",
)
_AS_EXTENSION: Final = frozenset({"extend", "extend_again"})


def offers(actor: Actor, seen: Opened) -> list[str]:
    """The moves the page offers: those of the table that fit the pauses, checks and orders of the moment."""
    row = seen.row
    check = any(one.decided_at is None for one in seen.checks)
    found: list[str] = []
    for move in flow.WORKFLOW.allowed(row.state):
        action = "ask_extension" if move.action in _AS_EXTENSION else move.action
        needed = flow.HANDLE if action == "ask_extension" else move.permission or ""
        may = actor.may(needed) or (needed == flow.REGISTER and actor.may(flow.REVIEW))
        if action not in MOVES or action in found or not may:
            continue
        if row.pause and action in ("feed_back", "propose_plan", "notify", "appraise", "mediate"):
            continue
        if action == "resume" and not row.pause:
            continue
        if action == "answer_supervision" and not row.is_supervised:
            continue
        if (action in ("uphold", "overturn")) != check and action in ("uphold", "overturn", "ask_check", "archive"):
            continue
        if action == "ask_extension" and seen.clocks.extensions > 1:
            continue
        found.append(action)
    return found


def form_of(
    actor: Actor, action: str, seen: Opened, posted: Any, known: Mapping[str, Mapping[str, str]],
    left: Mapping[str, str], files: Any = None, template: Mapping[str, str] | None = None,
) -> django_forms.Form:  # fmt: skip
    """`left`: what was typed before and kept; `template`: for what is still blank."""
    kind, row = MOVES[action][0], seen.row
    start: dict[str, Any] = {"version": row.version}
    more: dict[str, Any] = {}
    if issubclass(kind, forms.ReviewForm):
        more = {"words": known}
        start |= {
            "severity": row.severity, "cause": row.cause, "detail_cause": row.detail_cause, "line": row.line,
            "is_internal": row.is_internal, "is_regulatory": row.is_regulatory,
        }  # fmt: skip
    elif issubclass(kind, forms._Staffed):
        more = {**_people(actor, kind, row)}
        start |= {"findings": row.findings, "root_cause": row.root_cause, "responsible_unit_id": row.unit_id}
        if kind is forms.DispatchForm and row.unit_id:
            near = routing.nearest(flow.HANDLE, row.unit_id, today=clock.today())
            start["unit_id"] = near[0].unit_id if near else None
        if issubclass(kind, forms.FeedBackForm):
            more["words"] = known
            start |= {"cause": row.cause, "detail_cause": row.detail_cause, "rater": row.rater}
    elif issubclass(kind, forms.NoticeForm):
        start |= {
            "remedies": papers.remedies(seen.language),
            "finding": row.findings, "delivered_at": forms.moment_text(clock.now()),
        }  # fmt: skip
    start |= {name: text for name, text in left.items() if name != "version"}
    start |= {name: text for name, text in (template or {}).items() if not start.get(name)}
    return kind(posted, files, initial=start, **more)


def _people(actor: Actor, kind: type[django_forms.Form], row: Complaint) -> dict[str, list[tuple[str, str]]]:
    """What the pickers of units and people offer: a dispatch those who handle complaints, a hand-over those who reach
    the unit, the findings whoever may answer for it."""
    if kind is forms.DispatchForm:
        found = routing.handlers(today=clock.today())
        return {
            "units": list({str(one.unit_id): one.unit for one in found}.items()),
            "staff": list({str(one.user_id): f"{one.name} · {one.unit}" for one in found}.items()),
        }
    if kind is forms.HandOverForm:
        near = routing.handlers_of(row.unit_id, today=clock.today())
        names = [(str(one.user_id), f"{one.name} · {one.unit}") for one in near if one.user_id != row.handler_id]
        return {"units": [], "staff": names}
    return {"units": units(actor, "complaints.handle"), "staff": staff(actor, "complaints.handle")}


def page_of(ref: str, action: str) -> str:
    """Under what the draft of a move is kept."""
    return f"{ref}.{action}"


def run(actor: Actor, row: Complaint, action: str, form: django_forms.Form) -> None:
    now, facts = clock.now(), dict(form.cleaned_data)
    version = int(facts.pop("version"))
    if action == "propose_plan":
        services.propose_plan(
            actor=actor, now=now, ref=row.ref, version=version, outcome=facts["outcome"], measures=facts["measures"],
            amount_fen=forms.fen_of(form, "amount"), method=facts["method"],
        )  # fmt: skip
        return
    if action == "ask_extension":
        services.ask_extension(actor=actor, now=now, ref=row.ref, version=version, **facts)
        return
    if action == "feed_back":
        facts["has_responsible"] = facts.get("responsible_unit_id") is not None
    file = facts.pop("proof_file", None)
    if file:
        facts["proof_file"] = (file.name, file.read())
    if action == "execute":
        facts["recovered_fen"] = forms.fen_of(form, "recovered")
    services.move(actor=actor, now=now, ref=row.ref, action=action, version=version, facts=facts)
