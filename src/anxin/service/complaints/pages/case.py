"""One complaint: its page and its moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.approvals.data import AlreadyAsked
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.promises import Light
from anxin.kernel.web.pages import actor_of
from anxin.service.complaints import data, forms, services
from anxin.service.complaints.data import Refused, State
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.pages.edge import (
    POST,
    complaints_page,
    crumbs,
    language,
    put,
    said,
    staff,
    state_of,
    units,
    words,
)
from anxin.service.complaints.queries import board, compensating, governing
from anxin.service.complaints.queries.board import Clocks, Opened
from anxin.service.complaints.rules import flow, intake, numbering, templates
from anxin.service.complaints.services import drafts, papers, stored

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
WORDS: Final[Mapping[str, Any]] = {
    "register": _("Complaint registered"), "review": _("Reviewed, back to the first seat"), "dispatch": _("Dispatched"),
    "send_back": _("Sent back to be completed"), "complete": _("Completed"), "refuse": _("Not accepted"),
    "feed_back": _("Findings fed back"), "propose_plan": _("Plan submitted"), "approve_plan": _("Plan approved"),
    "reject_plan": _("Plan sent back"), "notify": _("Decision told"), "execute": _("Decision carried out"),
    "call_back": _("Called back"), "archive": _("Archived"), "redispatch": _("Handed over"),
    "recuse": _("Stood aside"), "supplement": _("New material"), "extend": _("Extended to thirty days"),
    "extend_again": _("Extended to sixty days"), "appraise": _("Paused for an appraisal"),
    "mediate": _("Paused for a mediation"), "resume": _("Clock goes on"), "supervise": _("Supervised"),
    "answer_supervision": _("Supervision answered"), "escalate": _("Escalated"), "declare_major": _("Declared major"),
    "merge": _("Merged with another"), "withdraw": _("Complaint taken back"), "ask_check": _("Check asked for"),
    "uphold": _("Check: upheld"), "overturn": _("Check: to be decided anew"), "reopen": _("Reopened"),
}  # fmt: skip
_LEVELS: Final = {"escalate": "danger", "declare_major": "danger", "refuse": "danger", "overturn": "danger",
                  "approve_plan": "ok", "notify": "ok", "archive": "ok", "call_back": "ok", "supervise": "warn",
                  "extend": "warn", "extend_again": "warn"}  # fmt: skip
_LANGUAGES: Final = {"zh": "中文", "en": "English"}
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
TABS: Final = ("history", "talks", "internal", "evidence")
_AS_EXTENSION: Final = frozenset({"extend", "extend_again"})


@complaints_page("complaints.view")
def complaint_page(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, number, {})


def show(
    request: HttpRequest, number: str, bound: dict[str, django_forms.Form], status: int = 200
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of(request), clock.now()
    seen = board.open_complaint(actor, number, now=now)
    row, known = seen.row, words()
    shift, tab = _shift(request.GET.get("weeks", "")), request.GET.get("tab", TABS[0])
    if "talk" in bound or "evidence" in bound:
        tab = "talks" if "talk" in bound else "evidence"
    weeks = board.weeks_of(seen.clocks, now=now, shift=shift)
    contact_at, contact_due = board.first_contact(seen, now=now)
    risk, risk_word = intake.risk_of(
        channel=row.channel, is_forwarded=row.forwarded_at is not None, severity=row.severity
    )
    offered = offers(actor, seen)
    may_work = any(actor.may(f"complaints.{one}") for one in ("handle", "review", "register"))
    main = next((action for action in MAIN if action in offered), "")
    left = drafts.kept(actor, page_of(row.ref, main), now=now) if main and main not in bound else None
    template_rows = board.templates(today=clock.today())
    written = request.GET.get("in", seen.language)
    filled = templates.texts(template_rows, main, request.GET.get("template", ""), written)
    made = {
        action: bound.get(action)
        or _form(
            actor,
            action,
            seen,
            None,
            known,
            left[0] if left and action == main else {},
            template=filled if action == main else {},
        )
        for action in offered
    }
    state, level = state_of(row.state)
    same, whole = governing.same_cause(row, since=now - timedelta(days=30)) if not row.source else (0, 0)
    context: dict[str, Any] = {
        "seen": seen, "row": row, "state": state, "level": level, "now": now, "nav": "complaints",
        "crumbs": crumbs(row.ref), "steps": steps_of(seen), "weeks": weeks, "shift": shift,
        "last_day": weeks[-1][-1].day if weeks else None,
        "ring": ring_of(seen.clocks), "clocks": seen.clocks,
        "channel": known["channels"].get(row.channel, row.channel), "line": known["lines"].get(row.line, ""),
        "cause": known["causes"].get(row.cause, row.cause), "detail": known["details"].get(row.detail_cause, ""),
        "nature": known["natures"].get(row.nature, ""), "situation": said(data.SITUATIONS, row.situation),
        "rater": said(data.RATER, row.rater), "risk": risk, "risk_word": gettext(risk_word),
        "principles": [(gettext(one.label), one.verdict, gettext(one.why))
                       for one in (() if row.source else board.principles_of(seen, now=now))],
        "contact_at": contact_at, "contact_due": contact_due, "tab": tab if tab in TABS else TABS[0],
        "neighbours": board.neighbours(actor, row), "kept_at": left[1] if left else None,
        "draft": page_of(row.ref, main),
        "compensation": compensating.offer_of(row, now=now) if main == "propose_plan" else None,
        "escalates_at": flow.escalates_at(
            stored.case_of(row), row.target_due_at, seen.clocks.calendar, stored.content_of(now)
        ),
        "templates": [
            {
                "code": code, "label": one["label_en"] if language() == "en" else one["label_zh"],
                # In the customer's language first.
                "languages": [(seen.language, _LANGUAGES[seen.language])]
                + [(key, word) for key, word in _LANGUAGES.items() if key != seen.language],
            }
            for code, one in templates.offered(template_rows, main).items()
        ],
        "may_audit": actor.may("audit.view"), "may_call": bool(seen.contact) and may_work,
        "severity": said(data.SEVERITIES, row.severity), "capacity": said(data.CAPACITIES, row.capacity),
        "validity": said(data.VALIDITIES, row.validity), "outcome": said(data.OUTCOMES, row.outcome),
        "mood": said(data.MOODS, row.mood), "mood_now": said(data.MOODS, row.mood_now),
        "severity_level": {"major": "danger", "difficult": "warn", "repeated": "warn"}.get(row.severity, "warn"),
        "moves": [
            (WORDS.get(move.action, move.action), _LEVELS.get(move.action, "info"), move) for move in seen.moves
        ],
        "talk_count": sum(talk.kind != "internal" for talk in seen.talks),
        "internal_count": sum(talk.kind == "internal" for talk in seen.talks),
        "tab_talks": [
            (said(data.TALKS, talk.kind), said(data.WAYS, talk.way), talk)
            for talk in seen.talks if (talk.kind == "internal") == (tab == "internal")
        ],
        "evidence": [(said(data.EVIDENCE_KINDS, one.kind), one) for one in seen.evidence],
        "plans": [(said(data.OUTCOMES, one.outcome), one) for one in seen.plans],
        "decisions": [(said(data.WAYS, one.way), one) for one in seen.decisions],
        "blame": [
            (said(data.DEGREES, one.degree), said(data.PENALTIES, one.penalty), one) for one in seen.responsibilities
        ],
        "whys": [line for line in row.root_cause.splitlines() if line.strip()], "same": same, "whole": whole,
        "main": main, "main_form": made.get(main), "main_word": MOVES[main][1] if main else "",
        "forms": [(action, *MOVES[action][1:], made[action]) for action in offered if action != main],
        "buttons": [(action, *MOVES[action][1:]) for action in offered if action != main],
        "may_add": may_work, "may_blame": actor.may("complaints.handle") and row.validity in ("valid", "partly"),
        "may_review": actor.may("complaints.review"),
        "talk_form": bound.get("talk") or forms.TalkForm(initial={"way": "phone"}),
        "evidence_form": bound.get("evidence") or forms.EvidenceForm(),
        "penalty_form": bound.get("penalty") or forms.PenaltyForm(),
        "open_dialog": next((action for action in bound if action != main), ""),
        "is_silent": row.state not in flow.CLOSED or bool(row.silent_until and row.silent_until > clock.today()),
    }  # fmt: skip
    return render(request, "complaints/complaint.html", context, status=status)


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


def _form(
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
        needed = "complaints.handle" if actor.may("complaints.handle") else "complaints.register"
        more = {"units": units(actor, needed), "staff": staff(actor, needed)}
        start |= {"unit_id": row.unit_id, "findings": row.findings, "root_cause": row.root_cause}
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


def page_of(ref: str, action: str) -> str:
    """Under what the draft of a move is kept."""
    return f"{ref}.{action}"


def _shift(text: str) -> int:
    """How many windows of the calendar on or back; at most two years."""
    return int(text) if text.lstrip("-").isdigit() and len(text) < 4 and abs(int(text)) <= 20 else 0


@complaints_page("complaints.view", methods=POST)
def act_page(request: HttpRequest, number: str) -> HttpResponse:
    """One move; `do` names it."""
    actor, now, action = actor_of(request), clock.now(), request.POST.get("do", "")
    if action not in MOVES:
        raise Http404
    seen = board.open_complaint(actor, number, now=now)
    form = _form(actor, action, seen, request.POST, words(), {}, request.FILES)
    if form.is_valid():
        try:
            _run(actor, seen.row, action, form)
        except Refused as error:
            put(form, error)
        except AlreadyAsked:
            form.add_error(None, gettext("The same waits for approval already."))
        else:
            drafts.drop(actor, page_of(seen.row.ref, action))
            messages.success(request, gettext("Saved."))
            return redirect("complaints:complaint", seen.row.ref)
    return show(request, number, {action: form}, status=422)


def _run(actor: Actor, row: Complaint, action: str, form: django_forms.Form) -> None:
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


def steps_of(seen: Opened) -> list[dict[str, Any]]:
    """The stepper: what is done and when, the step at hand, and by when the rest."""
    done_at = {}
    for move in reversed(seen.moves):
        done_at[move.action] = move.at
        if move.action in ("reopen", "overturn"):
            for action in ("feed_back", "approve_plan", "notify", "execute", "call_back", "archive"):
                done_at.pop(action, None)
    state, target = State(seen.row.state), seen.clocks.target
    made: list[dict[str, Any]] = []
    for label, states, action in data.STEPS:
        is_current = state in states or (action == "review" and state is State.REGISTERED)
        if action == "register" and state is State.REGISTERED:
            is_current = False
        if action == "review" and state is State.INCOMPLETE:
            is_current = False
        note: Any = ""
        step = "done" if action in done_at and not is_current else ""
        if step:
            note = f"{done_at[action].astimezone(numbering.CHINA):%m-%d %H:%M}"
        elif is_current:
            step = "current"
            note = gettext("target missed") if target and target.is_late else gettext("in progress")
        made.append({"label": gettext(label), "note": note, "state": step})
    return made


def ring_of(clocks: Clocks) -> dict[str, Any] | None:
    """The round clock: days left by law and the part of the circle that is used up."""
    reading = clocks.statutory
    if reading is None:
        return None
    used = min(max(reading.share, 0.0), 1.0)
    whole = 276.5  # circumference of a circle of radius 44
    colour = {Light.GREEN: "var(--ok)", Light.AMBER: "var(--warn)", Light.RED: "var(--danger)"}[reading.light]
    left = reading.days_left if reading.days_left is not None else 0
    return {
        "dash": f"{used * whole:.1f} {whole}", "colour": colour, "days": abs(left), "is_late": reading.is_late,
        "is_finished": clocks.clock is not None and clocks.clock.done_at is not None, "phase": str(reading.phase),
        "language": language(),
    }  # fmt: skip
