"""One work item, or several: the preview pane, how it ended, putting off, handing over, making one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import queries as customers
from anxin.faces.workspace import forms
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.web import answers, words
from anxin.kernel.web.pages import actor_of, page
from anxin.service.worklist import queries as worklist
from anxin.service.worklist import services as work
from anxin.service.worklist.data import ItemState, ItemView

# What usually comes next for a kind of item: icon, verb, hint.
SUGGESTED: Final = {
    "birthday": (
        ("cake", _("Send birthday wishes"), _("By the channel the customer prefers; note what was said")),
        ("gift", _("Check benefits due on the birthday"), _("By premium tier")),
    ),
    "renewal": (
        ("phone-outgoing", _("Ask about the renewal"), _("Note renew, not, or considering with the reason")),
        ("file-text", _("Compare cover and premium with last year"), _("On the customer page, under policies")),
    ),
    "note": (("notes", _("Do what the note says"), _("The whole note stands on the customer page")),),
    "task": (("checklist", _("Open the customer page"), _("All contacts and policies at a glance")),),
}
MOST_AT_ONCE: Final = 200


def shown(item: ItemView, now: datetime, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "item": item,
        "total_seconds": max(1, int((item.due_at - item.starts_at).total_seconds())),
        "level": {1: "h", 2: "", 3: ""}.get(item.priority, ""),
        "status": _status(item, now),
        "outcome": names.get((item.kind, item.outcome), item.outcome),
    }


def _status(item: ItemView, now: datetime) -> tuple[Any, str]:
    if item.state is ItemState.DONE:
        return _("Done"), "ok"
    if item.state is ItemState.CANCELLED:
        return _("Dropped"), ""
    if item.snoozed_until is not None and item.snoozed_until > now:
        return _("Put off"), ""
    if item.outcome:
        return _("Tried"), "info"
    return (_("Overdue"), "danger") if item.due_at <= now else (_("To do"), "")


def outcome_names(items: Sequence[ItemView]) -> dict[tuple[str, str], str]:
    """Words for the outcomes of these items: one question for each kind that has any, not for each row."""
    kinds = {item.kind for item in items if item.outcome}
    return {(kind, code): label for kind in sorted(kinds) for code, label in _outcomes(kind)}


def _outcomes(kind: str) -> list[tuple[str, str]]:
    is_chinese = words.is_chinese(get_language())
    return [
        (one.code, one.label_zh if is_chinese else one.label_en) for one in worklist.outcomes(kind, now=clock.now())
    ]


# --- one item ---------------------------------------------------------------------------------------------------------


@page("worklist.work")
def item_page(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The preview pane of one item."""
    return _pane(request, _item(request, item_id))


@page("worklist.work", methods=("POST",))
def done_page(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Save how it ended. `quick` (the key E) takes the plainest outcome that closes; the toast offers to undo it."""
    item = _item(request, item_id)
    given = request.POST.copy()
    if given.get("quick"):
        given["outcome"] = _plain_outcome(item.kind)
    form = forms.DoneForm(given, outcomes=_outcomes(item.kind))
    if not form.is_valid():
        return _pane(request, item, form=form, status=422)
    again: date | None = form.cleaned_data["again"]
    try:
        after = work.complete(
            actor=actor_of(request),
            now=clock.now(),
            item_id=item_id,
            version=form.cleaned_data["version"],
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            again_at=_morning(again) if again else None,
        )
    except work.InvalidOutcome:
        form.add_error("outcome", gettext("This outcome does not fit the item."))
        return _pane(request, item, form=form, status=422)
    except ValueError:
        form.add_error("again", gettext("Choose a day between tomorrow and a year ahead."))
        return _pane(request, item, form=form, status=422)
    if after.state is ItemState.DONE:
        undo = reverse("workspace:item-reopen", args=[item.id])
        return _gone(gettext("“%(title)s” is done.") % {"title": item.title}, undo=undo)
    return _gone(gettext("“%(title)s” is noted.") % {"title": item.title})


@page("worklist.work", methods=("POST",))
def snooze_page(request: HttpRequest, item_id: UUID) -> HttpResponse:
    form = forms.SnoozeForm(request.POST)
    item = _item(request, item_id)
    if not form.is_valid():
        return _pane(request, item, status=422)
    until = _until(form.cleaned_data["until"], clock.now())
    version = form.cleaned_data["version"] or item.version
    work.snooze(actor=actor_of(request), now=clock.now(), item_id=item_id, version=version, until=until)
    return _gone(
        gettext("Put off until %(time)s.")
        % {"time": words.moment(until, get_language() or "zh-hans", now=clock.now(), weekday=True)}
    )


@page("worklist.work", methods=("POST",))
def reopen_page(request: HttpRequest, item_id: UUID) -> HttpResponse:
    item = _item(request, item_id)
    work.reopen(actor=actor_of(request), now=clock.now(), item_id=item_id, version=item.version)
    return _gone(gettext("Open again."))


@page("worklist.work", methods=("GET", "POST"))
def hand_over_page(request: HttpRequest, item_id: UUID | None = None) -> HttpResponse:
    """Hand over one item, or the ticked ones: GET asks to whom, POST does it."""
    form = forms.HandOverForm(request.POST or None)
    ids = [item_id] if item_id is not None else _ticked(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = work.hand_over_many(
                actor=actor_of(request),
                now=clock.now(),
                item_ids=ids,
                to=form.cleaned_data["to"],
                why=form.cleaned_data["why"],
            )
        except work.NoSuchColleague:
            form.add_error("to", gettext("Choose a colleague within your reach."))
        else:
            return answers.close_dialog(_gone(_told(gettext("%(done)s handed over."), made.done, made.skipped)))
    context = {"form": form, "ids": ids, "action_url": request.path}
    return render(request, "workspace/hand_over.html", context, status=422 if form.errors else 200)


@page("worklist.work")
def colleagues_page(request: HttpRequest) -> HttpResponse:
    """Whom an item can be handed to."""
    actor = actor_of(request)
    text = request.GET.get("find", "").strip()[:40]
    if actor.may("worklist.give"):
        found = org.find_staff(actor, text, permission="worklist.give")
    else:
        found = org.find_staff(actor, text, ids=org.colleagues_of(actor))
    options = [(str(one.id), one.name, one.unit) for one in found]
    return render(request, "workspace/pick.html", {"options": options, "name": "to", "chosen": ""})


@page("worklist.give")
def owners_page(request: HttpRequest) -> HttpResponse:
    """Whom a new item can be given to."""
    text = request.GET.get("find", "").strip()[:40]
    found = org.find_staff(actor_of(request), text, permission="worklist.give")
    options = [(str(one.id), one.name, one.unit) for one in found]
    return render(request, "workspace/pick.html", {"options": options, "name": "owner", "chosen": ""})


@page("worklist.work", methods=("GET", "POST"))
def new_page(request: HttpRequest) -> HttpResponse:
    """The dialog for a work item made by hand."""
    actor = actor_of(request)
    initial = {"due": clock.today() + timedelta(days=1), "customer": request.GET.get("customer", "")}
    form = forms.ItemForm(request.POST or None, initial=initial, may_give=actor.may("worklist.give"))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            item = work.create(
                actor=actor,
                now=clock.now(),
                title=given["title"],
                due_at=_evening(given["due"]),
                party_ref=given["customer"],
                owner_id=given.get("owner"),
                priority=1 if given["is_urgent"] else 2,
                note=given["note"],
            )
        except customers.CustomerNotFound:
            form.add_error("customer", gettext("There is no such customer within your reach."))
        except work.NoSuchColleague:
            form.add_error("owner", gettext("Choose a colleague within your reach."))
        else:
            return answers.close_dialog(_gone(gettext("“%(title)s” is on the list.") % {"title": item.title}))
    template = "workspace/item_dialog.html" if request.headers.get("HX-Request") else "workspace/item_new.html"
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


# --- many items -------------------------------------------------------------------------------------------------------


@page("worklist.work", methods=("POST",))
def many_page(request: HttpRequest, action: str) -> HttpResponse:
    """Complete or put off the ticked items."""
    actor, now, ids = actor_of(request), clock.now(), _ticked(request)
    if action == "done":
        made = work.complete_many(actor=actor, now=now, item_ids=ids, outcome=_plain_outcome("task"))
        return _gone(_told(gettext("%(done)s completed."), made.done, made.skipped))
    form = forms.SnoozeForm(request.POST)
    if not form.is_valid():
        raise Http404
    made = work.snooze_many(actor=actor, now=now, item_ids=ids, until=_until(form.cleaned_data["until"], now))
    return _gone(_told(gettext("%(done)s put off."), made.done, made.skipped))


def _told(text: str, done: Sequence[UUID], skipped: int) -> str:
    told = text % {"done": len(done)}
    return told + (" " + gettext("%(n)s left alone.") % {"n": skipped} if skipped else "")


def _ticked(request: HttpRequest) -> list[UUID]:
    found = []
    for value in (request.POST or request.GET).getlist("item")[:MOST_AT_ONCE]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _item(request: HttpRequest, item_id: UUID) -> ItemView:
    try:
        return worklist.get_item(actor_of(request), item_id)
    except worklist.ItemNotFound as error:
        raise Http404 from error


def _pane(request: HttpRequest, item: ItemView, *, form: Any = None, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = customers.get_row(actor, item.party_id) if item.party_id and actor.may("customers.view") else None
    form = form or forms.DoneForm(outcomes=_outcomes(item.kind), initial={"version": item.version})
    context = {
        **shown(item, now, outcome_names([item])),
        "customer": row,
        "form": form,
        "snoozes": forms.SNOOZES,
        "moves": [_told_move(move) for move in worklist.list_moves(actor, item.id)[:5]],
        "suggested": SUGGESTED.get(item.kind, SUGGESTED["task"]) if item.state is ItemState.OPEN else (),
        "is_open": item.state is ItemState.OPEN,
        "age": _age(row, now) if row else "",
    }
    return render(request, "workspace/item.html", context, status=status)


MOVES: Final = {
    "create": (_("Made"), "plus"),
    "complete": (_("Done"), "check"),
    "attempt": (_("Tried"), "phone-outgoing"),
    "snooze": (_("Put off"), "clock-pause"),
    "hand_over": (_("Handed over"), "user-share"),
    "reopen": (_("Opened again"), "arrow-back-up"),
    "cancel": (_("Dropped"), "x"),
}


def _told_move(move: Any) -> dict[str, Any]:
    label, symbol = MOVES.get(move.action, (move.action, "point"))
    return {"label": label, "symbol": symbol, "at": move.at, "who": move.actor_name, "why": move.why}


def _age(row: customers.CustomerRow, now: datetime) -> str:
    if row.birth_date is None or row.is_deceased:
        return ""
    today, born = timezone.localtime(now, words.ZONE).date(), row.birth_date
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return gettext("%(years)s years old") % {"years": years}


def _plain_outcome(kind: str) -> str:
    return next((one.code for one in worklist.outcomes(kind, now=clock.now()) if one.closes), "")


def _gone(text: str, *, undo: str = "") -> HttpResponse:
    """The item left the list: tell so, and let list and counters ask again."""
    response = answers.toast(HttpResponse(status=204), text, undo_url=undo)
    return answers.trigger(response, "work-changed", {})


def _until(code: str, now: datetime) -> datetime:
    today = timezone.localtime(now, words.ZONE).date()
    match code:
        case "hour":
            return now + timedelta(hours=1)
        case "tomorrow":
            return _morning(today + timedelta(days=1))
        case "monday":
            return _morning(today + timedelta(days=7 - today.weekday()))
        case "week":
            return _morning(today + timedelta(days=7))
    return _morning(today + timedelta(days=30))


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=words.ZONE)


def _evening(day: date) -> datetime:
    """Due at the end of the working day."""
    return datetime(day.year, day.month, day.day, 18, tzinfo=words.ZONE)
