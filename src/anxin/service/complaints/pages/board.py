"""The board, the registration and what looks alike, the supervise list, and the panel on the customer page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column, Listing, key
from anxin.service.complaints import access, data, forms, services
from anxin.service.complaints.data import Refused
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.pages.edge import BOTH, complaints_page, crumbs, put, said, state_of, units, words
from anxin.service.complaints.queries import board, governing, prefill, similar
from anxin.service.complaints.queries.board import BoardFilter
from anxin.service.complaints.rules import intake
from anxin.service.complaints.services import drafts

SHOWS = {"": _("Open complaints"), "waiting": _("Not dispatched yet"), "mine": _("Mine"), "late": _("Past a day"),
         "watched": _("Supervised"), "done": _("Closed complaints")}  # fmt: skip
LISTING = Listing(
    code="complaints",
    orders={
        "due": (key("due_at", nullable=True), key("id")), "-received": (key("-received_at"), key("-id")),
        "target": (key("target_due_at", nullable=True), key("id")),
    },
    default="due",
    columns=(
        Column(code="ref", label=_("Complaint no.")),
        Column(code="title", label=_("Subject of the complaint"), flexible=True),
        Column(code="who", label=_("Complainant")),
        Column(code="received", label=_("Received"), kind="date", sort="-received"),
        Column(code="state", label=_("Status")),
        Column(code="target", label=_("Step due"), sort="target"),
        Column(code="due", label=_("Decision due"), sort="due"),
        Column(code="handler", label=_("Handler")),
    ),
)  # fmt: skip


@complaints_page("complaints.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    told = {name: request.GET.get(name, "") for name in ("show", "state", "line", "cause", "channel", "severity")}
    if told["show"] not in SHOWS:
        raise Http404
    wanted = BoardFilter(**told, text=request.GET.get("q", "")[:40])
    default = "-received" if wanted.show == "done" else "target" if wanted.show == "mine" else "due"
    found = LISTING.first_page_if_bad(
        board.list_complaints(actor, wanted, now=now), sort=request.GET.get("sort") or default,
        cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    known, of_state = words(), board.by_state(actor)
    context = {
        "page": found, "rows": [shown(row, known) for row in found.rows], "columns": LISTING.columns,
        "show": wanted.show, "shows": SHOWS.items(), "wanted": wanted, "counts": board.counts(actor, now=now),
        "now": now, "may_register": actor.may("complaints.register"), "may_report": actor.may("complaints.report"),
        "states": [(code, state_of(code)[0], of_state[code]) for code in data.STATES if code in of_state],
        "severities": [(code, gettext(word)) for code, word in data.SEVERITIES.items()],
        "causes": known["causes"].items(), "lines": known["lines"].items(), "channels": known["channels"].items(),
    }  # fmt: skip
    return render(request, "complaints/list.html", context)


def shown(row: Complaint, known: dict[str, dict[str, str]]) -> dict[str, Any]:
    """One line of the board."""
    state, level = state_of(row.state)
    seconds = (row.due_at - row.received_at).total_seconds() if row.due_at else None
    return {
        "one": row, "state": state, "level": level, "channel": known["channels"].get(row.channel, row.channel),
        "cause": known["causes"].get(row.cause, row.cause), "severity": said(data.SEVERITIES, row.severity),
        "severity_level": {"major": "danger", "difficult": "warn", "repeated": "warn"}.get(row.severity, ""),
        "total_seconds": int(seconds) if seconds else None, "is_told": row.told_at is not None,
    }  # fmt: skip


@complaints_page("complaints.register", methods=BOTH)
def register_page(request: HttpRequest) -> HttpResponse:
    """`party` and `ticket` in the address fill in what is known; what was typed before and kept comes back."""
    actor, now = actor_of(request), clock.now()
    party, ticket = request.GET.get("party", "")[:20], request.GET.get("ticket", "")[:40]
    start: dict[str, Any] = {"received_at": forms.moment_text(now), "channel": "hotline", "situation": ""}
    known = prefill.of_ticket(actor, ticket, now=now) if ticket else {}
    known |= prefill.of_party(actor, party or known.get("party_ref", ""))
    left = None if known or request.method == "POST" else drafts.kept(actor, "new", now=now)
    start |= left[0] if left else known
    form = forms.RegisterForm(
        request.POST if request.method == "POST" else None, words=words(), initial=start,
        units=units(actor, "complaints.register", limit=1_000),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register_complaint(
                actor=actor, now=now, ticket_ref=known.get("ticket_ref", ticket), **form.facts_told()
            )
        except Refused as error:
            put(form, error)
        else:
            drafts.drop(actor, "new")
            messages.success(request, gettext("The complaint %(ref)s is registered.") % {"ref": made.ref})
            return redirect("complaints:complaint", made.ref)
    context = {
        "form": form, "nav": "complaints", "crumbs": crumbs(gettext("Register a complaint")),
        "steps": [tuple(map(gettext, step)) for step in intake.STEPS], "ticket": known.get("ticket_ref", ""),
        "methods": [(gettext(word), gettext(text)) for _code, word, text in intake.METHODS],
        "papers": [
            (gettext(data.CAPACITIES.get(code, "Legal person or organisation")), [gettext(one) for one in told])
            for code, told in intake.PAPERS.items()
        ],
        "kept_at": left[1] if left else None, "draft": "new", "may_read": actor.may("knowledge.view"),
    }  # fmt: skip
    return render(request, "complaints/register.html", context, status=422 if form.errors else 200)


@complaints_page("complaints.register")
def similar_page(request: HttpRequest) -> HttpResponse:
    """What looks alike, while the registration is typed."""
    rows = similar.find_similar(
        actor_of(request), now=clock.now(), party_ref=request.GET.get("party_ref", "")[:20],
        complainant=request.GET.get("complainant", "")[:120], policy_no=request.GET.get("policy_no", "")[:60],
        claim_no=request.GET.get("claim_no", "")[:60],
    )  # fmt: skip
    known = words()
    return render(request, "complaints/similar.html", {"rows": [shown(row, known) for row in rows]})


@complaints_page("complaints.view")
def supervisions_page(request: HttpRequest) -> HttpResponse:
    is_open = request.GET.get("show", "") != "done"
    rows = governing.list_supervisions(actor_of(request), is_open=is_open).order_by("due_at", "id")[:200]
    context = {"rows": rows, "is_open": is_open, "now": clock.now(), "nav": "complaints",
               "crumbs": crumbs(gettext("Supervised complaints"))}  # fmt: skip
    return render(request, "complaints/supervisions.html", context)


@complaints_page("complaints.view")
def panel_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Complaints of a customer, and whether marketing is silent."""
    actor = actor_of(request)
    party_id, rows = board.of_party(actor, ref)
    is_silent, until = board.silent_since(party_id, today=clock.today())
    known = words()
    context = {
        "rows": [shown(row, known) for row in rows], "ref": ref, "is_silent": is_silent, "until": until,
        "may_register": actor.may("complaints.register"),
    }  # fmt: skip
    return render(request, "complaints/panel.html", context)


@complaints_page("complaints.view")
def go_page(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """To the page of a complaint by its key: what work items link to."""
    return redirect("complaints:complaint", access.get_by_id(actor_of(request), complaint_id).ref)
