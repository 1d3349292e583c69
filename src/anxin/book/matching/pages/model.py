"""The matching model in force: thresholds, what each agreement weighs, m and u; training from decisions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.matching import tasks
from anxin.book.matching.pages import words
from anxin.book.matching.queries import models
from anxin.book.matching.services import training
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page

KINDS = {"person": _("Individuals"), "organisation": _("Organisations")}


@page("matching.review")
def show(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    found = models.in_force(actor_of(request), kind, today=clock.today())
    levels = [
        {
            "field": words.FIELDS.get(one.field, one.field), "level": words.LEVELS.get(one.level, one.level),
            "weight": one.weight, "m": one.m, "u": one.u,
        }
        for one in found.levels
    ]  # fmt: skip
    names = [f"{one['field']} · {one['level']}" for one in levels]
    context: dict[str, Any] = {
        "kind": kind,
        "kinds": [(code, label, code == kind) for code, label in KINDS.items()],
        "model": found,
        "levels": levels,
        "weights_chart": {
            "categories": names, "horizontal": True, "all_labels": True, "digits": 1,
            "series": [{"name": gettext("Match weight"), "data": [round(one.weight, 2) for one in found.levels]}],
        },
        "mu_chart": {
            "categories": names, "horizontal": True, "all_labels": True, "digits": 4, "min": 0, "max": 1,
            "series": [
                {"name": gettext("Same customer (m)"), "data": [one["m"] for one in levels], "color": "c1"},
                {"name": gettext("Different customers (u)"), "data": [one["u"] for one in levels], "color": "c3"},
            ],
        },
        "may_train": actor_of(request).may("matching.run"),
    }  # fmt: skip
    return render(request, "matching/model.html", context)


@page("matching.run", methods=("POST",))
def train(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    training.start(
        actor=actor_of(request), now=clock.now(), kind=kind, task=tasks.train,
        title=gettext("Training of the matching model"),
    )  # fmt: skip
    return redirect("jobs:list")
