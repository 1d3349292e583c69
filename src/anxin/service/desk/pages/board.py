"""Promises kept: how many, by how much they were beaten, by type."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, queries
from anxin.service.desk.data import PromiseKind
from anxin.service.desk.pages import words
from anxin.service.desk.queries import promises

PERIODS = (7, 30, 90)
# Of the tickets that will be late, so many are listed.
SHOWN = 100


@page("desk.lead")
def kept(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    given = request.GET.get("days", "")
    days = int(given) if given in {str(one) for one in PERIODS} else 30
    found = promises.kept(actor, now=now, days=days)
    types = queries.ticket_types(now)
    context = {
        "days": days, "periods": PERIODS, "nav": "desk",
        "kinds": [(_(data.PROMISES[PromiseKind(one.code)]), one) for one in found.by_kind],
        "types": [(words.label(types[one.code]) if one.code in types else one.code, one) for one in found.by_type],
        "risk": len(found.expected), "by_owner": found.by_owner,
        "expected": [
            (words.label(types[one.type]) if one.type in types else one.type, one) for one in found.expected[:SHOWN]
        ],
    }  # fmt: skip
    return render(request, "desk/kept.html", context)
