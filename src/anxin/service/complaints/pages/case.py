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
from anxin.kernel.promises import Light
from anxin.kernel.web.pages import actor_of
from anxin.service.complaints import access, data, forms
from anxin.service.complaints.data import Refused, State
from anxin.service.complaints.pages import moves
from anxin.service.complaints.pages.edge import (
    POST,
    complaints_page,
    crumbs,
    language,
    put,
    said,
    state_of,
    words,
)
from anxin.service.complaints.queries import board, compensating, governing, opened, routing
from anxin.service.complaints.queries.opened import Clocks, Opened
from anxin.service.complaints.rules import flow, intake, numbering, templates
from anxin.service.complaints.services import drafts

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
TABS: Final = ("history", "talks", "internal", "evidence")


@complaints_page("complaints.view")
def complaint_page(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, number, {})


def show(
    request: HttpRequest, number: str, bound: dict[str, django_forms.Form], status: int = 200
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of(request), clock.now()
    seen = opened.open_complaint(actor, number, now=now)
    row, known = seen.row, words()
    shift, tab = _shift(request.GET.get("weeks", "")), request.GET.get("tab", TABS[0])
    if "talk" in bound or "evidence" in bound:
        tab = "talks" if "talk" in bound else "evidence"
    weeks = opened.weeks_of(seen.clocks, now=now, shift=shift)
    contact_at, contact_due = opened.first_contact(seen, now=now)
    risk, risk_word = intake.risk_of(
        channel=row.channel, is_forwarded=row.forwarded_at is not None, severity=row.severity
    )
    offered = moves.offers(actor, seen)
    may_work = any(actor.may(f"complaints.{one}") for one in ("handle", "review", "register"))
    main = next((action for action in moves.MAIN if action in offered), "")
    left = drafts.kept(actor, moves.page_of(row.ref, main), now=now) if main and main not in bound else None
    # Only the form of the step at hand is on the page: those of the other moves are fetched when they are opened.
    template_rows = board.templates(today=clock.today()) if main in templates.FIELDS else {"texts": []}
    written = request.GET.get("in", seen.language)
    filled = templates.texts(template_rows, main, request.GET.get("template", ""), written)
    made = {action: form for action, form in bound.items() if action in moves.MOVES}
    if main and main not in made:
        made[main] = moves.form_of(actor, main, seen, None, known, left[0] if left else {}, template=filled)
    is_judged = bool(row.findings or seen.responsibilities)
    state, level = state_of(row.state)
    same, whole = governing.same_cause(row, since=now - timedelta(days=30)) if is_judged and not row.source else (0, 0)
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
                       for one in (() if row.source else opened.principles_of(seen, now=now))],
        "contact_at": contact_at, "contact_due": contact_due, "tab": tab if tab in TABS else TABS[0],
        "neighbours": opened.neighbours(actor, row), "kept_at": left[1] if left else None,
        "draft": moves.page_of(row.ref, main),
        "compensation": compensating.offer_of(row, now=now) if main == "propose_plan" else None,
        "escalates_at": opened.escalates_at(seen),
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
        "matters": [
            [word for word in (one.respondent, known["lines"].get(one.line, one.line), one.product,
                               one.words or known["causes"].get(one.cause, one.cause),
                               said(data.OUTCOMES, one.outcome) or one.outcome_words) if word]
            for one in seen.matters
        ],
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
        "turn": routing.turn_of(row, today=clock.today()) if not main and row.state not in flow.CLOSED else None,
        "main": main, "main_form": made.get(main), "main_word": moves.MOVES[main][1] if main else "",
        "forms": [(action, *moves.MOVES[action][1:], form) for action, form in made.items() if action != main],
        "buttons": [(action, *moves.MOVES[action][1:]) for action in offered if action != main],
        "may_add": may_work, "may_blame": actor.may("complaints.handle") and row.validity in ("valid", "partly"),
        "may_review": actor.may("complaints.review"),
        "talk_form": bound.get("talk") or forms.TalkForm(initial={"way": "phone"}),
        "evidence_form": bound.get("evidence") or forms.EvidenceForm(),
        "penalty_form": bound.get("penalty") or forms.PenaltyForm(),
        "open_dialog": next((action for action in bound if action != main), ""),
        "is_silent": row.state not in flow.CLOSED or bool(row.silent_until and row.silent_until > clock.today()),
    }  # fmt: skip
    return render(request, "complaints/complaint.html", context, status=status)


def _shift(text: str) -> int:
    """How many windows of the calendar on or back; at most two years."""
    return int(text) if text.lstrip("-").isdigit() and len(text) < 4 and abs(int(text)) <= 20 else 0


@complaints_page("complaints.view")
def move_page(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of one move: a dialog over the complaint, or a page of its own without htmx."""
    actor = actor_of(request)
    seen = opened.open_complaint(actor, number, now=clock.now())
    if action not in moves.offers(actor, seen):
        raise Http404
    _kind, word, css, symbol = moves.MOVES[action]
    context = {
        "row": seen.row, "action": action, "word": word, "css": css, "symbol": symbol, "nav": "complaints",
        "form": moves.form_of(actor, action, seen, None, words(), {}), "crumbs": crumbs(seen.row.ref),
    }  # fmt: skip
    is_dialog = bool(request.headers.get("HX-Request"))
    return render(request, f"complaints/move_{'dialog' if is_dialog else 'page'}.html", context)


@complaints_page("complaints.view", methods=POST)
def act_page(request: HttpRequest, number: str) -> HttpResponse:
    """One move; `do` names it."""
    actor, now, action = actor_of(request), clock.now(), request.POST.get("do", "")
    if action not in moves.MOVES:
        raise Http404
    seen = opened.open_complaint(actor, number, now=now)
    form = moves.form_of(actor, action, seen, request.POST, words(), {}, request.FILES)
    if form.is_valid():
        try:
            moves.run(actor, seen.row, action, form)
        except Refused as error:
            put(form, error)
        except AlreadyAsked:
            form.add_error(None, gettext("The same waits for approval already."))
        else:
            drafts.drop(actor, moves.page_of(seen.row.ref, action))
            if not access.visible_complaints(actor).filter(pk=seen.row.pk).exists():
                # Sent on to a unit beyond one's own: the page would say that there is no such complaint.
                messages.success(
                    request, gettext("Saved. %(ref)s is now with a unit you do not see.") % {"ref": seen.row.ref}
                )
                return redirect("complaints:list")
            messages.success(request, gettext("Saved."))
            return redirect("complaints:complaint", seen.row.ref)
    return show(request, number, {action: form}, status=422)


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
