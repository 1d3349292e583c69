"""The request desk: the list, a new request, one request with its steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CustomerNotFound
from anxin.book.rights import data, forms, queries, rules, services, tasks
from anxin.book.rights.data import Rejected, RequestNotFound, RequestView, State, StillHeld
from anxin.book.rights.services import explaining
from anxin.foundation.approvals import queries as approvals
from anxin.foundation.approvals.data import AlreadyAsked, ReasonMissing
from anxin.kernel import clock
from anxin.kernel.names import normalise_name
from anxin.kernel.web import pages
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column, Listing, key

STATES = {
    State.RECEIVED: (_("Identity to be checked"), "warn"),
    State.WORKING: (_("Being worked on"), "info"),
    State.ANSWERED: (pgettext_lazy("rights", "Answered"), "ok"),
    State.REFUSED: (_("Refused with a reason"), "danger"),
    State.WITHDRAWN: (_("Taken back"), ""),
}
ACTIONS = {
    "receive": _("Taken in"), "verify": _("Identity checked"), "assign": _("Assigned"), "extend": _("Extended"),
    "copy": _("Copy made"), "take": _("Copy handed out"), "restrict": _("File restricted"),
    "ask_erasure": _("Erasure asked for"), "erase": _("Erased"),
    "answer": pgettext_lazy("rights", "Answered"), "refuse": _("Refused with a reason"), "withdraw": _("Taken back"),
}  # fmt: skip
SHOWS = {"": _("Open requests"), "mine": _("Mine"), "done": _("Closed requests")}
LISTING = Listing(
    code="rights",
    orders={"due": (key("due_date"), key("id")), "-received": (key("-received_at"), key("-id"))},
    default="due",
    columns=(
        Column(code="ref", label=_("Request no.")),
        Column(code="kind", label=_("What is asked for")),
        Column(code="who", label=_("Customer")),
        Column(code="requester", label=_("Who asks"), flexible=True),
        Column(code="received", label=_("Received"), kind="date"),
        Column(code="due", label=_("Last day"), kind="date"),
        Column(code="assignee", label=_("Assigned to")),
        Column(code="state", label=_("Status")),
    ),
)


# 404 for a request or customer that is not there or out of reach.
rights_page = partial(pages.page, missing=(RequestNotFound, CustomerNotFound))


@rights_page("rights.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    show, kind = request.GET.get("show", ""), request.GET.get("kind", "")
    if show not in SHOWS or (kind and kind not in data.KINDS):
        raise Http404
    found = LISTING.first_page_if_bad(
        queries.list_requests(actor, show=show, kind=kind), sort="-received" if show == "done" else "due",
        cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    count, late = queries.count_late(actor, today=today)
    context = {
        "page": found, "rows": [shown(queries.view(row)) for row in found.rows], "columns": LISTING.columns,
        "show": show, "shows": SHOWS.items(), "kind": kind, "today": today, "count": count, "late": late,
        "kinds": [(code, gettext(word)) for code, word in data.KINDS.items()],
        "may_receive": actor.may("rights.receive"), "may_read": actor.may("rights.restricted"),
    }  # fmt: skip
    return render(request, "rights/list.html", context)


@rights_page("rights.receive", methods=("GET", "HEAD", "POST"))
def receive_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.ReceiveForm(
        request.POST if request.method == "POST" else None, initial={"party_ref": request.GET.get("party", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.receive_request(actor=actor, now=clock.now(), **form.cleaned_data)
        except Rejected as error:
            put(form, error)
        else:
            messages.success(request, gettext("The request %(ref)s is taken in.") % {"ref": made.ref})
            return redirect("rights:request", made.id) if actor.may("rights.view") else redirect("workspace:home")
    context = {"form": form, "nav": "rights", "crumbs": crumbs(gettext("New request"))}
    return render(request, "rights/receive.html", context, status=422 if form.errors else 200)


@rights_page("rights.view")
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _page(request, request_id, {})


def _page(
    request: HttpRequest, request_id: UUID, bound: dict[str, django_forms.Form], status: int = 200
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    seen = queries.get_request(actor, request_id)
    start = {"version": seen.version}
    may_handle = actor.may("rights.handle")
    moves = {move.action for move in rules.WORKFLOW.allowed(seen.state, actor.may)}
    offered: dict[str, django_forms.Form] = {}
    if "verify" in moves:
        offered["verify"] = forms.VerifyForm(initial={**start, "party_ref": seen.party_ref})
    if "answer" in moves:
        said = ""
        if seen.kind == data.RequestKind.EXPLANATION and seen.party_id:
            # Only a draft: what rules decided, in words, to be read and completed.
            said = explaining.draft(seen.party_id, today=clock.today())
        offered["answer"] = forms.AnswerForm(initial={**start, "answer": said})
        if said:
            offered["answer"].fields["answer"].widget.attrs["rows"] = 14
    if "refuse" in moves:
        offered["refuse"] = forms.RefuseForm(initial=start)
        if seen.extended_to is None:
            offered["extend"] = forms.ExtendForm(initial={**start, "until": seen.due_date + timedelta(days=10)})
        offered["withdraw"] = forms.WithdrawForm(initial=start)
    certificate = queries.find_certificate(seen.party_id) if seen.party_id else None
    waiting = approvals.pending_for(services.ERASURE, seen.party_id) if seen.party_id else None
    verdict = None
    if seen.party_id and seen.is_open and certificate is None:
        verdict = queries.verdicts([seen.party_id], today=clock.today()).get(seen.party_id)
    is_working = seen.state is State.WORKING and may_handle
    is_restricted = seen.party_id is not None and queries.is_restricted(seen.party_id)
    context: dict[str, Any] = {
        **shown(seen), "forms": {**offered, **bound}, "verdict": shown_verdict(verdict) if verdict else None,
        "moves": [
            (ACTIONS.get(move.action, move.action), move) for move in queries.moves_of(actor, request_id)
        ],
        "today": clock.today(), "may_handle": may_handle, "nav": "rights", "crumbs": crumbs(seen.ref),
        "may_archive": is_working and seen.kind in ("access", "portability"),
        "may_restrict": is_working and not is_restricted and seen.kind in ("erasure", "restriction", "correction")
        and certificate is None,
        "is_restricted": is_restricted, "may_read": actor.may("rights.restricted"),
        "may_erase": is_working and seen.kind == "erasure" and waiting is None
        and bool(verdict and _may_ask(verdict)),
        "may_correct": is_working and seen.kind == "correction" and not is_restricted and actor.may("customers.edit"),
        "waiting": waiting, "certificate": certificate, "is_other": _is_other(seen),
        "restrict_form": forms.RestrictForm(initial={"ground": "erasure" if seen.kind == "erasure" else "request"}),
        "erase_form": forms.ReasonForm(),
    }  # fmt: skip
    return render(request, "rights/request.html", context, status=status)


def _is_other(seen: RequestView) -> bool:
    """Whoever says to ask for themselves bears another name than the file."""
    return seen.capacity == "self" and bool(seen.party_name) and (
        normalise_name(seen.requester) != normalise_name(seen.party_name)
    )  # fmt: skip


def _may_ask(verdict: data.Verdict) -> bool:
    legal = [line for line in verdict.lines if line.ground != "file"]
    return all(line.until is not None and line.until <= clock.today() for line in legal)


@rights_page("rights.handle", methods=("POST",))
def act_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One step; `do` names it."""
    actor, now, action = actor_of(request), clock.now(), request.POST.get("do", "")
    steps: dict[str, tuple[type[django_forms.Form], Callable[..., RequestView]]] = {
        "verify": (forms.VerifyForm, services.verify_identity),
        "answer": (forms.AnswerForm, services.answer_request),
        "refuse": (forms.RefuseForm, services.refuse_request),
        "extend": (forms.ExtendForm, services.extend_request),
        "withdraw": (forms.WithdrawForm, services.withdraw_request),
    }
    if action not in steps:
        raise Http404
    form_class, step = steps[action]
    form = form_class(request.POST)
    if form.is_valid():
        try:
            step(actor=actor, now=now, request_id=request_id, **form.cleaned_data)
        except Rejected as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("rights:request", request_id)
    return _page(request, request_id, {action: form}, status=422)


@rights_page("rights.handle", methods=("POST",))
def archive_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Have the copy made."""
    services.start_archive(actor=actor_of(request), now=clock.now(), request_id=request_id, task=tasks.make_archive)
    messages.success(request, gettext("The copy is being made. You will find it here."))
    return redirect("rights:request", request_id)


@rights_page("rights.handle", methods=("POST",))
def take_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Hand the copy out, once."""
    name, content = services.take_archive(actor=actor_of(request), now=clock.now(), request_id=request_id)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@rights_page("rights.handle", methods=("POST",))
def restrict_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Restrict the file a request is about."""
    actor = actor_of(request)
    seen = queries.get_request(actor, request_id)
    form = forms.RestrictForm(request.POST)
    if seen.party_id is not None and queries.is_restricted(seen.party_id):
        messages.info(request, gettext("The file is restricted."))
        return redirect("rights:request", request_id)
    if form.is_valid():
        try:
            services.restrict(
                actor=actor, now=clock.now(), ref=seen.party_ref, request_id=request_id, **form.cleaned_data
            )
        except Rejected as error:
            put(form, error)
        else:
            messages.success(request, gettext("The file is restricted."))
            return redirect("rights:request", request_id)
    messages.error(request, gettext("Nothing was changed: say why the file is restricted."))
    return redirect("rights:request", request_id)


@rights_page("rights.handle", methods=("POST",))
def erase_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask a second person to have the file erased."""
    actor = actor_of(request)
    seen = queries.get_request(actor, request_id)
    ask_for_erasure(request, seen.party_ref, request_id)
    return redirect("rights:request", request_id)


def ask_for_erasure(request: HttpRequest, ref: str, request_id: UUID | None) -> None:
    """Ask, and say how it went."""
    try:
        services.ask_erasure(
            actor=actor_of(request), now=clock.now(), ref=ref, reason=request.POST.get("reason", ""),
            request_id=request_id,
        )  # fmt: skip
    except StillHeld as error:
        until = error.until.isoformat() if error.until else gettext("an end that is not known yet")
        messages.error(
            request, gettext("A retention period runs until %(until)s: restrict the file.") % {"until": until}
        )
    except AlreadyAsked:
        messages.error(request, gettext("This erasure waits for approval already."))
    except ReasonMissing:
        messages.error(request, gettext("Say why the file is to be erased."))
    else:
        messages.success(request, gettext("A second person is asked to approve."))


def put(form: django_forms.Form, error: Rejected) -> None:
    form.add_error(error.field if error.field in form.fields else None, gettext(str(error)))


def crumbs(last: str) -> list[tuple[str, str]]:
    return [("/rights/", gettext("Requests about personal data")), ("", last)]


def shown(seen: RequestView) -> dict[str, Any]:
    word, level = STATES[seen.state]
    today = clock.today()
    return {
        "one": seen, "state": word, "level": level, "kind_word": gettext(data.KINDS.get(seen.kind, seen.kind)),
        "channel": gettext(data.CHANNELS.get(seen.channel, seen.channel)),
        "capacity": gettext(data.CAPACITIES.get(seen.capacity, seen.capacity)),
        "method": gettext(data.IDENTITY_METHODS[seen.identity_method]) if seen.identity_method else "",
        "refusal": gettext(data.REFUSALS[seen.refusal]) if seen.refusal else "",
        "is_late": seen.is_open and seen.last_day < today, "days_left": (seen.last_day - today).days,
    }  # fmt: skip


def shown_verdict(verdict: data.Verdict) -> dict[str, Any]:
    lines = sorted(verdict.lines, key=lambda line: (line.until is not None, line.until), reverse=False)
    return {
        "due": verdict.due, "is_over": verdict.is_over(clock.today()), "version": verdict.scheme_version,
        "lines": [(gettext(data.HOLD_GROUNDS.get(line.ground, line.ground)), line) for line in lines],
    }  # fmt: skip
