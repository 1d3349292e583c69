"""The analysis: who is most valuable and how they act (B05), why value differs (P02), what key accounts prefer (B08),
short and long term (B28), and the five goals it serves (P06)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from anxin.book.portfolio import data as portfolio
from anxin.book.segments import queries
from anxin.book.segments.pages.board import condition_url
from anxin.book.segments.queries import analysis as reads
from anxin.book.segments.queries import boards, explaining, members
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web.pages import actor_of, page

Tree = dict[str, Any]


@page("segments.view")
def analysis(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    run = queries.last_run(actor)
    if run is None:
        return render(request, "segments/analysis.html", {"run": None})
    price: Any = schemes.active("segments.profit", on=today).content["fen_per_minute"]
    behaviours = reads.behaviours(actor)
    causes = reads.causes(actor)
    preferences = reads.preferences(actor)
    context: dict[str, Any] = {
        "run": run,
        "mvc_url": condition_url(value_tier="mvc"),
        "behaviours": [
            {"name": one.name, "most": reads.text_of(one.code, one.most), "others": reads.text_of(one.code, one.others),
             "words": one.words}
            for one in behaviours
        ],
        "sentence": _joined([one.words for one in behaviours if one.words]),
        "tiers": [
            {"tier": one, "name": explaining.class_label("value_tier", one.code),
             "url": condition_url(value_tier=one.code)}
            for one in reads.tiers(actor, fen_per_minute=int(price))
        ],
        "causes": [
            {"name": explaining.word(boards.DIMENSIONS[code]), "share": share,
             "url": f"{reverse('segments:cross')}?rows={code}&columns=value_tier"}
            for code, share in causes
        ],
        "most_cause": max((share for _, share in causes), default=0.0) or 1,
        "preferences": [
            {"name": gettext(portfolio.LINES[one.line]), "key": one.key, "others": one.others,
             "liked": one.key > one.others * 1.2 and one.key - one.others > 0.02}
            for one in preferences
        ],
        "key_url": condition_url(key_account="key"),
        "terms": _terms(actor, today),
        "goals": _goals(actor, today),
    }  # fmt: skip
    return render(request, "segments/analysis.html", context)


def _joined(words: list[str]) -> str:
    return (", " if explaining.in_english() else "、").join(words)


def _url(conditions: Any) -> str:
    return f"{reverse('segments:build')}?c={quote(json.dumps({'all': list(conditions)}, ensure_ascii=False))}"


def _terms(actor: Actor, today: date) -> list[dict[str, Any]]:
    """The four quarters of short and long term, with what follows from each."""
    advice = {
        (True, True): gettext("Keep: serve well, let them know they are valued."),
        (True, False): gettext("Profit now, little to come: ask for renewal and a policy that stays."),
        (False, True): gettext("Cost now, worth later: be patient, help to prevent losses."),
        (False, False): gettext("Neither: serve at less cost. Statutory service stays whole."),
    }
    found = reads.terms(actor, today=today)
    return [
        {
            "short": short,
            "long": long,
            "parties": found[short, long],
            "advice": text,
            "url": _url(reads.TERMS[short, long]),
        }
        for (short, long), text in advice.items()
    ]


def _chosen(code: str, *values: str) -> Tree:
    return {"field": code, "op": "in", "value": list(values)}


def _goals(actor: Actor, today: date) -> list[dict[str, Any]]:
    """P06: each goal with the customers it is about, within the reach."""

    def group(label: str, *conditions: Tree) -> dict[str, Any]:
        size = members.count(actor, {"all": list(conditions)}, today=today)
        return {"label": label, "parties": size.parties, "premium_fen": size.premium_fen, "url": _url(conditions)}

    held = {"field": "active_policies", "op": "gte", "value": 1}
    return [
        {"icon": "heart-handshake", "title": gettext("Lock in loyal customers"), "groups": [
            group(gettext("Loyal"), _chosen("lifecycle", "loyal")),
            group(gettext("Valuable and at risk"), _chosen("lifecycle", "at_risk"),
                  _chosen("value_tier", "mvc", "mgc")),
        ], "advice": gettext("Thank, renew early, call those at risk first.")},
        {"icon": "users-plus", "title": gettext("Attract potential customers"), "groups": [
            group(gettext("Leads, targets and prospects"), _chosen("lifecycle", "lead", "target", "prospect")),
            group(gettext("In force, with a wide gap"), _chosen("value_tier", "mgc")),
        ], "advice": gettext("Bring a plan for the first need of their cell.")},
        {"icon": "star", "title": gettext("Raise satisfaction"), "groups": [
            group(gettext("Have complained"), held, {"field": "complaints", "op": "gte", "value": 1}),
            group(gettext("Under-served"), _chosen("service_balance", "under")),
        ], "advice": gettext("Call back, close what is open, give the time that their tier is meant to have.")},
        {"icon": "bolt", "title": gettext("Raise efficiency"), "groups": [
            group(gettext("Over-served"), _chosen("service_balance", "over")),
            group(gettext("Small, to be served at less cost"), _chosen("small_action", "economise")),
        ], "advice": gettext("Lead to self-service; no statutory service is cut.")},
        {"icon": "chart-pie", "title": gettext("Segment customers"), "groups": [
            group(gettext("Classed by needs"), {"field": "needs_cell", "op": "not_in", "value": [""]}),
            group(gettext("In force, needs not known"), held, _chosen("needs_cell", "")),
        ], "advice": gettext("Complete income, family and education in the file, so that needs are known.")},
    ]  # fmt: skip
