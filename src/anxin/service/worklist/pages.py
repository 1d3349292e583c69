"""What is to be done for one customer, on the customer page. The lists of staff are the workbench's."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from anxin.book.customers import queries as customers
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.service.worklist import queries
from anxin.service.worklist.data import ItemFilter, ItemState, Whose

SHOWN = 10


@page("worklist.work")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    try:
        party = customers.get_party(actor, ref)
    except customers.CustomerNotFound as error:
        raise Http404 from error
    todo = ItemFilter(whose=Whose.REACH, party_id=party.id)
    done = replace(todo, state=ItemState.DONE)
    is_english = (get_language() or "").startswith("en")
    words = {one.code: one.label_en if is_english else one.label_zh for one in queries.outcomes("", now=now)}
    context = {
        "open": queries.list_items(actor, todo, now=now, size=SHOWN).rows,
        "done": [
            (item, words.get(item.outcome, ""))
            for item in queries.list_items(actor, done, now=now, size=SHOWN // 2).rows
        ],
        "now": now,
    }
    return render(request, "worklist/panel.html", context)
