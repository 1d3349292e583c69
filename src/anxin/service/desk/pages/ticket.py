"""The page of one ticket: what was said, what was promised, who the customer is, what may be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.foundation.documents.services import DocumentDamaged, DocumentNotFound
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.promises import Phase
from anxin.kernel.web import answers, dialogs, panels
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms, queries, services
from anxin.service.desk.data import Action, MessageKind, TicketState
from anxin.service.desk.pages import words
from anxin.service.desk.queries import routing, schemes
from anxin.service.desk.queries.ticket import TicketView
from anxin.service.desk.rules import workflow

ICONS = {
    Action.TAKE: "user-check", Action.ASK: "hourglass", Action.REFER: "corner-down-right",
    Action.RESUME: "player-play", Action.RESOLVE: "circle-check", Action.CLOSE: "lock", Action.REOPEN: "arrow-back-up",
    Action.RETURN: "inbox", Action.WITHDRAW: "circle-x", Action.HAND_OVER: "user-share", Action.MERGE: "arrow-merge",
    Action.OPEN: "plus",
}  # fmt: skip
# The move that usually comes next stands first and is blue.
MAIN = {
    TicketState.NEW: Action.TAKE, TicketState.WORKING: Action.RESOLVE, TicketState.WAITING: Action.RESUME,
    TicketState.REFERRED: Action.RESUME, TicketState.RESOLVED: Action.CLOSE,
}  # fmt: skip
_MESSAGES = {
    MessageKind.FROM_CUSTOMER: ("from", "phone-incoming"),
    MessageKind.TO_CUSTOMER: ("out", "send"),
    MessageKind.NOTE: ("note", "notes"),
}


@page("desk.tickets")
def ticket(request: HttpRequest, item: UUID) -> HttpResponse:
    return _page(request, item)


def _page(request: HttpRequest, item: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    try:
        view = queries.get_view(actor, item, now=now)
    except queries.TicketNotFound as error:
        raise Http404 from error
    party = view.ticket.party_id
    may_work = actor.may("desk.work")
    context = {
        **words.shown(view.row, {view.type.code: view.type} if view.type else {}), "view": view,
        "ticket": view.ticket, "may_work": may_work, "nav": "desk",
        "customer": customers.get_row(actor, party) if party and actor.may("customers.view") else None,
        "others": services.look(actor=actor, now=now, ticket_id=item),
        "thread": [_message(one) for one in view.messages],
        "history": [_move(one) for one in reversed(view.moves)],
        "bars": [_bar(one, now) for one in view.promises] or _standard(view),
        "steps": [(words.state(one.state)[0], one) for one in view.steps],
        "answers": _answers(view), "documents": _documents(view),
        "actions": _actions(view) if may_work else [],
        "may_know": actor.may("knowledge.view"), "may_open": actor.may("desk.open"),
        "buttons": panels.actions(actor, view.row.party_ref, subject="ticket", number=view.row.number),
        "told": view.told, "missing": [words.label(one) for one in view.missing_documents],
        "may_record": bool(view.row.party_ref) and actor.may("desk.record"),
        "green": _green(view, now) if view.row.kind == data.TicketKind.CLAIM_REPORT else None,
        "is_watching": any(key == actor.user_id for key, _name in view.watchers),
        "message": forms.MessageForm(initial={"version": view.row.version}), **more,
    }  # fmt: skip
    return render(request, "desk/ticket.html", context, status=status)


def _message(one: Any) -> dict[str, Any]:
    css, icon = _MESSAGES[MessageKind(one["kind"])]
    return {**one, "css": css, "icon": icon, "who": one["author__display_name"] or ""}


def _move(one: Any) -> dict[str, Any]:
    word = data.ACTIONS.get(one.action)
    more = {
        "promise": _("Time promised"), "link": _("Linked"), "merged_in": _("Another ticket merged into this one"),
        "documents": _("Told of the missing documents"), "retype": _("Sorted anew"),
    }  # fmt: skip
    why = {"next": _("taken as the next one"), "manager": _("given to the customer manager")}.get(one.why, one.why)
    return {
        "label": _(word) if word else more.get(one.action, one.action), "icon": ICONS.get(one.action, "point"),
        "at": one.at, "who": one.actor_name, "why": why,
        "after": words.state(one.after)[0] if one.after in set(TicketState) and one.after != one.before else "",
    }  # fmt: skip


def _bar(one: Any, now: datetime) -> dict[str, Any]:
    reading = one.reading
    is_day = one.clock.term.counts_days
    return {
        "label": _(data.PROMISES[one.kind]), "reading": reading, "phase": reading.phase.value,
        "is_open": reading.phase in (Phase.RUNNING, Phase.PAUSED), "is_paused": reading.phase is Phase.PAUSED,
        "is_kept": one.is_kept, "due": reading.due_at, "due_day": reading.due_day if is_day else None,
        "days_left": reading.days_left, "unpublished": reading.unpublished,
        "total": max(int((reading.due_at - one.clock.runs_since).total_seconds()), 60),
        "beaten": int(one.margin.total_seconds()) if one.margin and one.margin.total_seconds() > 0 else 0,
        "over": int(-one.margin.total_seconds()) if one.margin and one.margin.total_seconds() < 0 else 0,
    }  # fmt: skip


def _standard(view: TicketView) -> list[dict[str, Any]]:
    """A ticket from a file has its promise only once somebody moved it, or after a night: show what it will be."""
    row = view.row
    if not row.is_open:
        return []
    return [
        {"label": _(data.PROMISES[data.PromiseKind.RESOLVE]), "is_open": True, "is_paused": False, "due": row.due_at,
         "due_day": None, "days_left": None, "total": row.total_seconds}
    ]  # fmt: skip


def _green(view: TicketView, now: datetime) -> dict[str, Any]:
    """How the green channel stands for this claim (D09): its limit, and how often it was used."""
    rules: Any = queries.service(now)
    return {
        "limit": rules["green_fen"], "count": rules["green_count"], "days": rules["green_days"],
        "used": schemes.green_used(view.ticket.party_id, now),
    }  # fmt: skip


def _answers(view: TicketView) -> list[tuple[str, str]]:
    labels = {one.code: words.label(one) for one in view.type.fields} if view.type else {}
    return [(labels.get(code, code), text) for code, text in view.ticket.answers.items()]


def _documents(view: TicketView) -> list[dict[str, Any]]:
    have = {one.required: one for one in view.files if one.required}
    asked = view.type.documents if view.type else ()
    return [
        {"code": one.code, "label": words.label(one), "is_required": one.is_required, "file": have.get(one.code)}
        for one in asked
    ]


def _actions(view: TicketView) -> list[dict[str, Any]]:
    main = MAIN.get(view.row.state)
    found = [
        {"code": one.action, "label": _(data.ACTIONS[Action(one.action)]), "icon": ICONS[Action(one.action)],
         "is_main": one.action == main, "asks": one.action in workflow.NEEDS_REASON or one.action == Action.MERGE}
        for one in view.allowed
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one["is_main"])


@page("desk.work", methods=("GET", "HEAD", "POST"))
def move(request: HttpRequest, item: UUID) -> HttpResponse:
    """GET: the dialog that asks for the reason. POST: the move."""
    actor, now = actor_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    action = given.get("action", "")
    try:
        view = queries.get_view(actor, item, now=now)
    except queries.TicketNotFound as error:
        raise Http404 from error
    if action not in set(Action) or action == Action.OPEN:
        return HttpResponse(status=400)
    form = forms.MoveForm(
        request.POST if request.method == "POST" else None, action=Action(action),
        colleagues=_colleagues(actor, item, now) if action == Action.HAND_OVER else [],
        initial={"version": view.row.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            _do(actor, now, item, Action(action), form.cleaned_data)
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, _(str(error)))
        except services.TicketNotFound as error:
            raise Http404 from error
        else:
            return _done(request, item)
    context = {
        "form": form, "title": _(data.ACTIONS[Action(action)]), "url": request.path, "action": action,
        "number": view.row.number,
        "fits": routing.candidates(actor, item, now=now) if action == Action.HAND_OVER else [],
    }  # fmt: skip
    status = 422 if form.errors else 200
    template = "desk/move.html" if request.headers.get("HX-Request") else "desk/move_page.html"
    return render(request, template, context, status=status)


def _do(actor: Any, now: datetime, item: UUID, action: Action, values: dict[str, Any]) -> None:
    if action is Action.MERGE:
        into = queries.find_by_number(actor, values["into"])
        if into is None:
            raise Rejected("into", _("There is no such ticket within your reach."))
        services.merge(actor=actor, now=now, ticket_id=item, version=values["version"], into_id=into)
        return
    services.move(
        actor=actor, now=now, ticket_id=item, version=values["version"], action=action, why=values.get("why", ""),
        to=UUID(values["to"]) if values.get("to") else None, satisfaction=values.get("satisfaction"),
    )  # fmt: skip


def _colleagues(actor: Any, item: UUID, now: datetime) -> list[tuple[str, str]]:
    staff = org.find_staff(actor, permission="desk.work", limit=200)
    return [(str(one.id), f"{one.name} · {one.unit}") for one in staff]


def _done(request: HttpRequest, item: UUID) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("desk:ticket", item)
    response = HttpResponse(status=204)
    response.headers["HX-Refresh"] = "true"
    return answers.close_dialog(response)


@page("desk.work", methods=("POST",))
def say(request: HttpRequest, item: UUID) -> HttpResponse:
    form = forms.MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=422, message=form)
    values = form.cleaned_data
    try:
        services.say(
            actor=actor_of(request), now=clock.now(), ticket_id=item, kind=MessageKind(values["kind"]),
            body=values["body"], version=values["version"],
        )  # fmt: skip
    except services.TicketNotFound as error:
        raise Http404 from error
    except Rejected as error:
        form.add_error("body", _(str(error)))
        return _page(request, item, status=422, message=form)
    return redirect("desk:ticket", item)


@page("desk.work", methods=("POST",))
def promise(request: HttpRequest, item: UUID) -> HttpResponse:
    form = forms.PromiseForm(request.POST)
    try:
        queries.check_ticket(actor_of(request), item)
        if not form.is_valid():
            raise Rejected("promised_at", _("Choose a day and a time."))
        services.promise_to_customer(
            actor=actor_of(request), now=clock.now(), ticket_id=item, version=form.cleaned_data["version"],
            promised_at=form.cleaned_data["promised_at"],
        )  # fmt: skip
    except services.TicketNotFound as error:
        raise Http404 from error
    except Rejected as error:
        return answers.toast(HttpResponse(status=422), _(str(error)), level="danger")
    return _done(request, item)


@page("desk.tickets", methods=("POST",))
def watch(request: HttpRequest, item: UUID) -> HttpResponse:
    try:
        services.watch(actor=actor_of(request), ticket_id=item, is_wanted=request.POST.get("on") == "1")
    except services.TicketNotFound as error:
        raise Http404 from error
    return _done(request, item)


@page("desk.work", methods=("GET", "HEAD", "POST"))
def watcher(request: HttpRequest, item: UUID) -> HttpResponse:
    """Ask a colleague to watch a ticket."""
    actor = actor_of(request)
    try:
        queries.check_ticket(actor, item)
        staff = _colleagues(actor, item, clock.now())
        form = forms.WatcherForm(request.POST if request.method == "POST" else None, colleagues=staff)
        if request.method == "POST" and form.is_valid():
            services.watch(actor=actor, ticket_id=item, is_wanted=True, user_id=UUID(form.cleaned_data["user"]))
            return _done(request, item)
    except services.TicketNotFound as error:
        raise Http404 from error
    back = reverse("desk:ticket", args=[item])
    return dialogs.ask(request, form, title=_("Add a watcher"), button=_("Add"), back=back)


@page("desk.work", methods=("GET", "HEAD", "POST"))
def parent(request: HttpRequest, item: UUID) -> HttpResponse:
    """Make a ticket part of another one; without a number it stands for itself again."""
    actor = actor_of(request)
    try:
        view = queries.get_row(actor, item)
        form = forms.ParentForm(request.POST if request.method == "POST" else None, initial={"version": view.version})
        if request.method == "POST" and form.is_valid():
            number = form.cleaned_data["number"]
            found = queries.find_by_number(actor, number) if number.strip() else None
            if number.strip() and found is None:
                raise Rejected("number", _("There is no such ticket within your reach."))
            services.set_parent(
                actor=actor, now=clock.now(), ticket_id=item, version=form.cleaned_data["version"], parent_id=found
            )
            return _done(request, item)
    except services.TicketNotFound as error:
        raise Http404 from error
    except Rejected as error:
        form.add_error("number", _(str(error)))
    back = reverse("desk:ticket", args=[item])
    return dialogs.ask(
        request, form, title=_("Part of another ticket"), button=_("Save"), back=back,
        hint=_("Leave the number blank to let this ticket stand for itself."),
    )  # fmt: skip


@page("desk.work", methods=("POST",))
def documents(request: HttpRequest, item: UUID) -> HttpResponse:
    """The customer was told of everything that is missing, at once."""
    actor, now = actor_of(request), clock.now()
    version = request.POST.get("version", "")
    try:
        view = queries.get_view(actor, item, now=now)
        names = [one.label_zh for one in view.missing_documents]
        services.tell_documents(
            actor=actor, now=now, ticket_id=item, version=int(version) if version.isdecimal() else 0, names=names
        )
    except services.TicketNotFound as error:
        raise Http404 from error
    except Rejected as error:
        return answers.toast(HttpResponse(status=422), _(str(error)), level="danger")
    return _done(request, item)


@page("desk.work", methods=("POST",))
def attach(request: HttpRequest, item: UUID) -> HttpResponse:
    found = request.FILES.get("file")
    try:
        if found is None or found.size is None:
            raise Rejected("file", _("Choose a file."))
        services.attach(
            actor=actor_of(request), now=clock.now(), ticket_id=item, name=found.name or "",
            content=cast(BinaryIO, found.file), size=found.size, required=request.POST.get("required", ""),
        )  # fmt: skip
    except services.TicketNotFound as error:
        raise Http404 from error
    except Rejected as error:
        return answers.toast(_page(request, item, status=422), _(str(error)), level="danger")
    return redirect("desk:ticket", item)


@page("desk.tickets")
def file(request: HttpRequest, item: UUID) -> HttpResponse:
    try:
        row, parts = services.fetch(actor=actor_of(request), now=clock.now(), file_id=item)
    except (services.TicketNotFound, DocumentNotFound, DocumentDamaged) as error:
        raise Http404 from error
    return words.download(row.name, parts)


@page("desk.tickets")
def presence(request: HttpRequest, item: UUID) -> HttpResponse:
    """Who else has this ticket open, asked every quarter of a minute; `typing`: oneself writes."""
    actor = actor_of(request)
    try:
        queries.check_ticket(actor, item)
    except queries.TicketNotFound as error:
        raise Http404 from error
    typing = request.GET.get("typing") == "1"
    others = services.look(actor=actor, now=clock.now(), ticket_id=item, is_typing=typing)
    return render(request, "desk/presence.html", {"others": others, "item": item})
