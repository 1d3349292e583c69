"""The board: sizes of the classes, curves, quadrants, cells, clusters, migration; and the run started by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from anxin.analytics.classes import registry
from anxin.book.segments import queries, rules, tasks
from anxin.book.segments.data import RunView
from anxin.book.segments.queries import boards, explaining, ways
from anxin.book.segments.rules.conditions import FIELDS, Sort
from anxin.foundation.jobs import services as jobs
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page

SHOWN = (
    "value_tier",
    "profit_tier",
    "lifecycle",
    "tenure_class",
    "pyramid",
    "rfm_segment",
    "credit",
    "abc_credit",
    "abc_share",
    "scale_class",
    "channel_class",
    "needs_result",
    "service_balance",
    "visit_state",
    "small_action",
    "key_account",
    "age_band",
    "buyer_class",
)
WAN_FEN = 1_000_000
MOVES = ("lifecycle", "value_tier", "tier", "abc", "quadrant", "needs_cell", "pyramid")
ACTIONS = {
    "mvc": ("留住", "Keep"),
    "mgc": ("培育", "Foster"),
    "lvc": ("改造", "Reform"),
    "bz": (
        "淘汰：仅建议，须两人审批，法定服务不变",
        "Give up: advice only, two people approve, statutory service stays",
    ),
}
QUADRANT_COLOURS = {"develop": "c6", "maintain": "c2", "cultivate": "c5", "indulge": "c1"}


def condition_url(**fields: str) -> str:
    """The builder with these classes chosen: the way from a figure to its customers."""
    return _build_url([_asked(code, value) for code, value in fields.items()])


def held_url(line: str, fields: Mapping[str, str]) -> str:
    """The builder with those who pay for a line of business, and these classes."""
    holds = {"field": f"premium_{line}_fen", "op": "gte", "value": 1}
    return _build_url([holds, *(_asked(code, value) for code, value in fields.items())])


def _asked(code: str, value: str) -> dict[str, object]:
    if not value and FIELDS[code].sort is Sort.TEXT:
        return {"field": code, "op": "unknown"}
    if FIELDS[code].sort is Sort.CHOICE:
        return {"field": code, "op": "in", "value": [value]}
    return {"field": code, "op": "eq", "value": value}


def _build_url(conditions: list[dict[str, object]]) -> str:
    return f"{reverse('segments:build')}?c={quote(json.dumps({'all': conditions}, ensure_ascii=False))}"


@page("segments.view")
def overview(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    run = queries.last_run(actor)
    sees_all = actor.scope("segments.view") == "all"
    context: dict[str, Any] = {
        "run": run,
        "may_run": actor.may("segments.run"),
        "may_save": actor.may("segments.save"),
        "may_change_rules": actor.may("schemes.edit"),
        "runs": queries.list_runs(actor),
        "sees_all": sees_all,
    }
    if run is None:
        return render(request, "segments/overview.html", context)
    groups: Any = run.summary.get("classes") if sees_all else None

    def counted(code: str) -> list[dict[str, Any]]:
        rows = shares(code, (groups or {}).get(code) or boards.group_counts(actor, code))
        return [{**row, "ways": ways.of(actor, code, row["code"])} for row in rows]

    chosen = request.GET.get("class", "value_tier")
    chosen = chosen if chosen in SHOWN else "value_tier"
    context |= {
        "tiers": counted("tier"),
        "abc": counted("abc"),
        "quadrants": counted("quadrant"),
        "chosen": chosen,
        "chosen_rows": counted(chosen),
        "chosen_kind": {
            "name": name_of(chosen),
            "ids": registry.BY_CODE[chosen].ids,
            "scheme": registry.BY_CODE[chosen].scheme,
        },
        "kinds": [(code, name_of(code)) for code in SHOWN],
        "actions": {code: explaining.word(pair) for code, pair in ACTIONS.items()},
        "budget": _budget(counted("profit_tier")),
    }
    context |= _scatter(boards.dots(actor), {row["code"]: row["parties"] for row in context["quadrants"]})
    if sees_all:
        pareto, context["pareto_rows"] = _curve(run.summary.get("pareto"), gettext("Share of premium"))
        context["pareto"] = _with_classes(pareto, context["abc"])
        whale, context["whale_rows"] = _curve(run.summary.get("whale"), gettext("Share of profit"))
        context["whale"] = whale and {**whale, "target": {"value": 100, "text": "100%"}}
        context |= _cells(run, by_gap=request.GET.get("heat") == "gap") | {"clusters": _clusters(run)}
        move = request.GET.get("move", "")
        context |= _moves(request, run, move if move in MOVES else _busiest(run))
    return render(request, "segments/overview.html", context)


@page("segments.run", methods=("POST",))
def start_run(request: HttpRequest) -> HttpResponse:
    """Start the run as a job; while one is under way, show that one."""
    job = jobs.start(
        actor=actor_of(request),
        now=clock.now(),
        kind="segments.run",
        title=clock.today().isoformat(),
        arguments={},
        task=tasks.run,
        dedupe_key=clock.today().isoformat(),
    )
    if request.headers.get("HX-Request"):
        return render(request, "segments/started.html", {"job": job})
    return redirect("jobs:list")


def name_of(code: str) -> str:
    kind = registry.BY_CODE[code]
    return kind.en if explaining.in_english() else kind.zh


def shares(code: str, groups: Any) -> list[dict[str, Any]]:
    """Sizes of a class with names and shares; empty groups are left out."""
    parties = sum(row["parties"] for row in groups) or 1
    premium = sum(row["premium_fen"] for row in groups) or 1
    names = explaining.names_of(code, clock.today())
    return [
        {
            "code": row["code"],
            "name": explaining.class_label(code, row["code"], names) if row["code"] else gettext("Not classed"),
            "parties": row["parties"],
            "premium_fen": row["premium_fen"],
            "minutes": row.get("minutes", 0),
            "party_share": row["parties"] / parties,
            "premium_share": row["premium_fen"] / premium,
            "url": condition_url(**{code: row["code"]}),
        }
        for row in groups
        if row["parties"]
    ]


def _budget(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Contact time meant for each profit tier against what it took (B01)."""
    content: Any = schemes.active("segments.profit", on=clock.today()).content
    total = sum(row["minutes"] for row in rows) or 1
    return [
        {**row, "meant": content[f"{row['code']}_time_bp"] / 10_000, "took": row["minutes"] / total}
        for row in rows
        if f"{row['code']}_time_bp" in content
    ]


def _curve(points: Any, name: str) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """A cumulative curve over the share of customers, and the rows of its table."""
    if not points or len(points) < 2:
        return None, []
    rows = [
        {"share": later[0] / 10_000, "part": (later[1] - before[1]) / 10_000, "cumulative": later[1] / 10_000}
        for before, later in pairwise(points)
    ]
    chart: dict[str, Any] = {
        "name": name,
        "data": [[0, 0], *([round(row["share"] * 100, 1), round(row["cumulative"] * 100, 1)] for row in rows)],
        "x": gettext("Share of customers"),
        "unit": "%",
        "digits": 1,
    }
    return chart, rows


def _with_classes(chart: dict[str, Any] | None, groups: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The curve of premium with the classes A, B and C as bands, and what A brings, and A and B together."""
    found = {row["code"]: row for row in groups}
    paying = sum(row["parties"] for code, row in found.items() if code)
    if chart is None or not paying or not {"A", "B", "C"} <= set(found):
        return chart
    bands, points, before, customers, premium = [], [], 0.0, 0, 0.0
    for code, colour in (("A", "c1"), ("B", "c2"), ("C", "c6")):
        customers += found[code]["parties"]
        premium += found[code]["premium_share"] * 100
        until = round(customers / paying * 100, 1)
        bands.append({"from": before, "to": until, "text": code, "color": colour})
        before = until
        if code != "C":
            said = gettext("%(classes)s: %(customers)s of customers bring %(premium)s")
            values = {
                "classes": "A" if code == "A" else "A+B",
                "customers": f"{until:.0f}%",
                "premium": f"{premium:.0f}%",
            }
            points.append({"x": until, "y": round(premium, 1), "text": said % values})
    return {**chart, "bands": bands, "points": points, "even": True}


def _scatter(found: list[dict[str, Any]], parties: Mapping[str, int]) -> dict[str, Any]:
    cut: Any = schemes.active("segments.quadrants", on=clock.today()).content
    low, high = cut["ability_cut"] / 2, (cut["ability_cut"] + 100) / 2
    below, above = cut["willingness_cut"] - 5, 95
    places = {"develop": (low, below), "maintain": (low, above), "cultivate": (high, below), "indulge": (high, above)}
    series = [
        {
            "name": _short(code),
            "color": QUADRANT_COLOURS[code],
            "data": [[dot["ability"], dot["willingness"], dot["ref"]] for dot in found if dot["quadrant"] == code],
        }
        for code in QUADRANT_COLOURS
    ]
    return {
        "scatter": {
            "x": gettext("Ability"),
            "y": gettext("Willingness"),
            "min": 0,
            "max": 100,
            "cross": [cut["ability_cut"], cut["willingness_cut"]],
            "corners": [
                {"x": x, "y": y, "text": f"{_short(code)} {parties.get(code, 0):,}"} for code, (x, y) in places.items()
            ],
            "series": series,
            "open": "/customers/",
            "select": "picked",
        },
        "dots": len(found),
    }


def _short(quadrant: str) -> str:
    """The mark of a quadrant without what it stands for."""
    return explaining.class_label("quadrant", quadrant).partition("（")[0].partition(" (")[0]


def _cells(run: RunView, *, by_gap: bool) -> dict[str, Any]:
    """The 20 cells: customers, or the protection gap of each in 10,000 yuan."""
    found: Any = {row["code"]: row for row in run.summary.get("cells", [])}  # type: ignore[attr-defined]
    stages, levels = list(registry.STAGES), list(registry.LEVELS)
    table = [
        {
            "name": explaining.word(registry.LEVELS[level]),
            "cells": [
                {
                    **(found.get(f"{stage}.{level}") or {"parties": 0, "gap_fen": 0}),
                    "url": condition_url(needs_cell=f"{stage}.{level}"),
                }
                for stage in stages
            ],
        }
        for level in levels
    ]

    def figure(cell: str) -> float:
        row = found.get(cell) or {"parties": 0, "gap_fen": 0}
        return round(row["gap_fen"] / max(row["parties"], 1) / WAN_FEN) if by_gap else int(row["parties"])

    codes = [(x, y, f"{stage}.{level}") for y, level in enumerate(levels) for x, stage in enumerate(stages)]
    data = [[x, y, figure(cell)] for x, y, cell in codes]
    return {
        "cells": table,
        "by_gap": by_gap,
        "stages": [explaining.word(registry.STAGES[stage]) for stage in stages],
        "heat": {
            "categories": [explaining.word(registry.STAGES[stage]) for stage in stages],
            "rows": [_in_two_lines(explaining.word(registry.LEVELS[level])) for level in levels],
            "data": data,
            "urls": [condition_url(needs_cell=cell) for _x, _y, cell in codes],
            "downwards": True,
            "min": 0,
            "max": max(value for *_place, value in data) or 1,
            "digits": 0,
        }
        if found
        else None,
    }


def _in_two_lines(label: str) -> str:
    """Income above education, so that a narrow picture breaks no word."""
    return label.replace("·", "\n", 1).replace(", ", "\n", 1)


def _clusters(run: RunView) -> list[dict[str, Any]]:
    """Each cluster in words: what sets it apart, by the centres of the model."""
    model: Any = run.fitted.get("clusters")
    rows: Any = run.summary.get("clusters", [])
    if not model:
        return []
    from anxin.book.segments.queries import portraits

    return [
        {
            **row,
            "name": explaining.class_label("cluster", row["cluster"]),
            "words": portraits.words(model, int(row["cluster"])),
            "radar": portraits.radar(model, int(row["cluster"])),
            "url": condition_url(cluster=row["cluster"]),
        }
        for row in rows
    ]


def _busiest(run: RunView) -> str:
    changed: Any = run.summary.get("changes") or {}
    return max(MOVES, key=lambda code: changed.get(code, 0))


def _moves(request: HttpRequest, run: RunView, code: str) -> dict[str, Any]:
    found = boards.migration(actor_of(request), run.id, code)[:30]
    names = explaining.names_of(code, clock.today())

    def label(value: str) -> str:
        if not value:
            return gettext("Not classed")
        return _short(value) if code == "quadrant" else explaining.class_label(code, value, names)

    rows = [{"before": label(before), "after": label(after), "parties": parties} for before, after, parties in found]
    nodes = [f"{row['before']} ·" for row in rows] + [f"· {row['after']}" for row in rows]
    sankey = {
        "nodes": list(dict.fromkeys(nodes)),
        "links": [
            {"source": f"{row['before']} ·", "target": f"· {row['after']}", "value": row["parties"]} for row in rows
        ],
    }
    return {
        "moves": rows,
        "sankey": sankey if rows else None,
        "move": code,
        "move_kinds": [(one, name_of(one)) for one in MOVES],
    }


REST = rules.REST
