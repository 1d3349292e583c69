"""The workbench: what is late, what is due, and the next item at hand beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.engagement.renewals import data as renewal_data
from anxin.engagement.renewals import queries as renewals
from anxin.faces.workspace.pages import items
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.web import words
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column
from anxin.service.worklist import queries as worklist
from anxin.service.worklist.data import Counters, Due, ItemFilter, ItemPage, ItemState, Whose

COLUMNS: Final = (
    Column(code="kind", label=_("Kind")),
    Column(code="customer", label=_("Customer")),
    Column(code="title", label=_("Matter"), flexible=True),
    Column(code="owner", label=_("Owner"), optional=True),
    Column(code="left", label=_("Time left")),
    Column(code="state", label=_("Status")),
)
DUES: Final = (
    (Due.OVERDUE, _("Overdue")),
    (Due.TODAY, _("Due today")),
    (Due.WEEK, _("Due within a week")),
    (Due.LATER, _("Later")),
)
MOST_CARDS: Final = 4  # with the three that always stand one line
SCOPES: Final = {Scope.TEAM: _("My team"), Scope.UNIT: _("My units"), Scope.ALL: _("Everyone")}


@page("workspace.use")
def home_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    now = clock.now()
    if not actor.may("worklist.work"):
        return render(request, "workspace/home_plain.html", {"today": _day(actor, now)})
    asked = _asked(actor, request)
    found = _list(actor, asked, now, request.GET.get("cursor", ""))
    names = items.outcome_names(found.rows)
    context: dict[str, Any] = {
        "asked": asked,
        "page": found,
        "rows": [items.shown(item, now, names) for item in found.rows],
        "columns": [c for c in COLUMNS if c.code != "owner" or asked.whose is Whose.REACH],
        "shows_owner": asked.whose is Whose.REACH,
        "may_give": actor.may("worklist.give"),
        "is_filtered": bool(asked.kinds or asked.due or asked.is_snoozed or asked.state is not ItemState.OPEN),
    }
    if request.headers.get("HX-Target") == "queue":
        return render(request, "workspace/queue.html", context)
    counters = worklist.summarise(actor, now=now, whose=asked.whose)
    if actor.may("renewals.view"):
        whose = renewal_data.Whose.REACH if asked.whose is Whose.REACH else renewal_data.Whose.MINE
        context["renewals"] = renewals.summarise(actor, now=now, whose=whose)
    return render(request, "workspace/home.html", context | _around(actor, asked, counters, now))


def _asked(actor: Actor, request: HttpRequest) -> ItemFilter:
    given = request.GET
    may_widen = actor.scope("worklist.work") is not Scope.OWN
    kind = given.get("kind", "")
    due = given.get("due", "")
    return ItemFilter(
        whose=Whose.REACH if given.get("whose") == "reach" and may_widen else Whose.MINE,
        state=ItemState.DONE if given.get("state") == "done" else ItemState.OPEN,
        kinds=(kind,) if kind in worklist.kinds() else (),
        due=Due(due) if due in set(Due) else None,
        is_snoozed=given.get("snoozed") == "1",
    )


def _list(actor: Actor, asked: ItemFilter, now: datetime, cursor: str) -> ItemPage:
    try:
        return worklist.list_items(actor, asked, now=now, cursor=cursor)
    except worklist.BadCursor:
        return worklist.list_items(actor, asked, now=now)


def _around(actor: Actor, asked: ItemFilter, counters: Counters, now: datetime) -> dict[str, Any]:
    scope = actor.scope("worklist.work")
    kinds = [
        {
            "code": kind.code,
            "label": gettext(kind.label),
            "count": counters.by_kind.get(kind.code, 0),
            "icon": kind.icon,
        }
        for kind in worklist.kinds().values()
    ]
    wanted = [kind for kind in kinds if kind["count"] or kind["code"] in asked.kinds]
    return {
        "today": _day(actor, now),
        "counters": counters,
        "due_count": counters.overdue + counters.today,
        "kinds": wanted,
        "cards": _cards(wanted, asked),
        "wide_label": SCOPES.get(scope) if scope is not None else None,
        "dues": [{"value": str(value), "label": label, "is_on": asked.due is value} for value, label in DUES],
        "due_label": next((label for value, label in DUES if value is asked.due), ""),
    }


def _cards(kinds: list[dict[str, Any]], asked: ItemFilter) -> list[dict[str, Any]]:
    """The kinds that have most to do, and the one asked for, in their usual order: all of them stand in the tabs."""
    by_size = sorted(kinds, key=lambda kind: (kind["code"] not in asked.kinds, -kind["count"]))
    shown = {kind["code"] for kind in by_size[:MOST_CARDS]}
    return [kind for kind in kinds if kind["code"] in shown]


def _day(actor: Actor, now: datetime) -> dict[str, Any]:
    """The day and whether it is worked, by the calendar of the actor's unit."""
    today = timezone.localtime(now, words.ZONE).date()
    calendar = org.working_calendar(next(iter(sorted(actor.unit_ids)), None))
    rule = calendar.rule_for(today)
    return {"date": today, "at": now, "is_working": calendar.is_working_day(today), "name": rule.name}
