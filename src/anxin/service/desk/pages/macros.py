"""Macros: the list of them, writing one, choosing one for a ticket or for many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anxin.book.customers.data import Rejected
from anxin.kernel import clock
from anxin.kernel.permissions import Scope
from anxin.kernel.states import IllegalTransition
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms, queries, services, tasks
from anxin.service.desk.data import Action, MacroReach, MacroRow
from anxin.service.desk.pages import words
from anxin.service.desk.queries import macros as reads
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import macros as rules
from anxin.service.desk.services import macros as work

WRITE = ("GET", "HEAD", "POST")
NOT_THERE = (data.MacroNotFound, services.TicketNotFound)


@page("desk.work")
def macros(request: HttpRequest) -> HttpResponse:
    rows = [_shown(one) for one in reads.list_macros(actor_of(request))]
    return render(request, "desk/macros.html", {"rows": rows, "nav": "desk"})


@page("desk.work", methods=WRITE)
def macro(request: HttpRequest, macro_id: UUID | None = None) -> HttpResponse:
    """Write a macro, or change one."""
    actor, now = actor_of(request), clock.now()
    row = None
    if macro_id is not None:
        try:
            row = reads.get_macro(actor, macro_id)
        except data.MacroNotFound as error:
            raise Http404 from error
    initial: dict[str, Any] = (
        {name: getattr(row, name) for name in forms.MacroForm.base_fields} if row else {"reach": MacroReach.OWN}
    )
    form = forms.MacroForm(request.POST if request.method == "POST" else None, choices=_choices(actor), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        known = {name: values.pop(name) for name in ("name", "name_en", "reach")}
        version = values.pop("version") or 0
        try:
            work.write_macro(
                actor=actor, now=now, content=rules.Content(**values), macro_id=macro_id, version=version,
                name=known["name"], name_en=known["name_en"], reach=MacroReach(known["reach"]),
            )  # fmt: skip
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, _(str(error)))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:macros")
    context = {
        "form": form, "row": row, "places": [("{" + code + "}", _(word)) for code, word in rules.PLACES.items()],
        "nav": "desk",
    }  # fmt: skip
    return render(request, "desk/macro.html", context, status=422 if form.errors else 200)


@page("desk.work", methods=("POST",))
def macro_retire(request: HttpRequest, macro_id: UUID) -> HttpResponse:
    try:
        work.retire_macro(actor=actor_of(request), now=clock.now(), macro_id=macro_id)
    except data.MacroNotFound as error:
        raise Http404 from error
    messages.success(request, _("The macro is out of use."))
    return redirect("desk:macros")


@page("desk.work", methods=WRITE)
def macro_use(request: HttpRequest, item: UUID) -> HttpResponse:
    """Choose a macro for a ticket, see what it would do, do it. The reply may be changed on the way."""
    actor, now = actor_of(request), clock.now()
    chosen = _uuid(request.POST.get("macro") or request.GET.get("macro", ""))
    try:
        row = queries.get_row(actor, item)
        if request.method == "POST" and chosen is not None:
            version = request.POST.get("version", "")
            work.apply_macro(
                actor=actor, now=now, macro_id=chosen, ticket_id=item, reply=request.POST.get("reply"),
                version=int(version) if version.isdecimal() else 0,
            )  # fmt: skip
            return _done(request, item)
        preview = reads.preview(actor, chosen, item, now=now) if chosen is not None else None
    except NOT_THERE as error:
        raise Http404 from error
    except (Rejected, IllegalTransition) as error:
        told = _(str(error)) if isinstance(error, Rejected) else _("This macro does not fit the state of the ticket.")
        return answers.toast(HttpResponse(status=422), told, level="danger")
    context = {
        "row": row, "rows": [] if preview else [_shown(one) for one in reads.list_macros(actor)],
        "preview": preview, "nav": "desk", "item": item,
    }  # fmt: skip
    if preview is not None:
        context |= {
            "macro": _shown(preview.macro), "moves": [_(data.ACTIONS[Action(one)]) for one in preview.moves],
            "changes": [_change(one, now) for one in preview.changes],
        }  # fmt: skip
    part = request.headers.get("HX-Request")
    return render(request, "desk/macro_use.html" if part else "desk/macro_use_page.html", context)


@page("desk.work", methods=WRITE)
def macro_many(request: HttpRequest) -> HttpResponse:
    """A macro for the tickets ticked in the inbox; more than a few go to the background."""
    actor, now = actor_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    ids = [key for key in map(_uuid, given.getlist("item")[: rules.MOST]) if key is not None]
    chosen = _uuid(given.get("macro", ""))
    if request.method == "POST" and chosen is not None and ids:
        try:
            return _many(request, actor, now, chosen, ids)
        except data.MacroNotFound as error:
            raise Http404 from error
    context = {
        "rows": [_shown(one) for one in reads.list_macros(actor)], "ids": ids,
        "count": reads.count_reachable(actor, ids),
    }  # fmt: skip
    return render(request, "desk/macro_many.html", context)


def _many(request: HttpRequest, actor: Any, now: Any, chosen: UUID, ids: list[UUID]) -> HttpResponse:
    if len(ids) > rules.AT_ONCE:
        work.start_macro(actor=actor, now=now, macro_id=chosen, ticket_ids=ids, task=tasks.apply_macro)
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = reverse("jobs:list")
        return response
    found = work.apply_to_many(actor=actor, now=now, macro_id=chosen, ticket_ids=ids)
    text = ngettext("Applied to %(n)s ticket.", "Applied to %(n)s tickets.", found.done) % {"n": found.done}
    if found.refused:
        text += " " + _("Not possible for %(numbers)s.") % {"numbers": "、".join(found.refused)}
    (messages.warning if found.refused else messages.success)(request, text)
    response = answers.close_dialog(HttpResponse(status=204))
    response.headers["HX-Refresh"] = "true"
    return response


def _done(request: HttpRequest, item: UUID) -> HttpResponse:
    messages.success(request, _("The macro is applied."))
    if not request.headers.get("HX-Request"):
        return redirect("desk:ticket", item)
    response = answers.close_dialog(HttpResponse(status=204))
    response.headers["HX-Refresh"] = "true"
    return response


def _shown(one: MacroRow) -> dict[str, Any]:
    word, icon = data.REACHES[one.reach]
    does = []
    if one.reply:
        does.append(_("Reply"))
    if one.note:
        does.append(_("Internal note"))
    if one.tag:
        does.append(f"#{one.tag}")
    if one.action:
        does.append(_(data.ACTIONS[Action(one.action)]))
    if one.type or one.queue or one.priority is not None:
        does.append(_("Sort"))
    name = one.name_en if words.is_english() and one.name_en else one.name
    return {"one": one, "name": name, "reach": _(word), "icon": icon, "does": does}


def _change(change: tuple[str, str, str], now: Any) -> tuple[str, str, str]:
    name, old, new = change
    if name == "priority":
        return _("Priority"), _(data.PRIORITIES[int(old)]), _(data.PRIORITIES[int(new)])
    if name == "type":
        types = queries.ticket_types(now)
        old, new = (words.label(types[one]) if one in types else one for one in (old, new))
        return _("Type"), old, new
    queues = {row["code"]: words.label(row) for row in schemes.types_content(now)["queues"]}
    return _("Queue"), queues.get(old, old), queues.get(new, new)


def _choices(actor: Any) -> dict[str, list[tuple[str, str]]]:
    content, types = schemes.types_content(clock.now()), queries.ticket_types(clock.now())
    return {
        "reach": [(code, _(word)) for code, (word, _icon) in data.REACHES.items() if code in _reaches(actor)],
        "type": [(code, words.label(one)) for code, one in types.items()],
        "queue": [(row["code"], words.label(row)) for row in content["queues"]],
        "action": [(one.value, _(data.ACTIONS[one])) for one in rules.MOVES],
    }


def _reaches(actor: Any) -> Iterable[MacroReach]:
    if not actor.may("desk.macros"):
        return [MacroReach.OWN]
    if actor.require("desk.macros") is Scope.ALL:
        return list(MacroReach)
    return [MacroReach.OWN, MacroReach.TEAM]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
