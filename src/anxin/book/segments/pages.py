"""Tiers and ABC of the book, runs, and why one customer is in a class."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from anxin.book.customers.queries import CustomerNotFound
from anxin.book.segments import queries, rules, tasks
from anxin.book.segments.data import RunView
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.kernel.web import words
from anxin.kernel.web.pages import actor_of, page

ABC_WORDS = {"A": "ok", "B": "info", "C": ""}


@page("segments.view")
def overview(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    run = queries.last_run(actor)
    names = _names()
    context: dict[str, Any] = {
        "run": run,
        "tiers": _shares(queries.count_classes(actor, "tier"), names, [*reversed(list(names)), rules.REST, ""]),
        "abc": _shares(queries.count_classes(actor, "abc"), {}, ["A", "B", "C", ""]),
        "may_run": actor.may("segments.run"),
        "runs": queries.list_runs(actor),
        "sees_all": actor.scope("segments.view") == "all",
    }
    if run is not None and context["sees_all"]:
        context["pareto"], context["pareto_rows"] = _pareto(run)
    return render(request, "segments/overview.html", context)


@page("segments.run", methods=("POST",))
def start_run(request: HttpRequest) -> HttpResponse:
    """Start the run as a job; while one is under way, show that one."""
    job = jobs.start(
        actor=actor_of(request), now=clock.now(), kind="segments.run", title=clock.today().isoformat(), arguments={},
        task=tasks.run, dedupe_key=clock.today().isoformat(),
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "segments/started.html", {"job": job})
    return redirect("jobs:list")


@page("segments.view")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """The panel of the customer page."""
    actor = actor_of(request)
    try:
        standing = queries.get_standing(actor, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    names = _names()
    context: dict[str, Any] = {"standing": standing}
    if standing is not None:
        because = standing.explanation
        context |= {
            "tier_name": names.get(standing.tier, gettext("Standard") if standing.tier else ""),
            "tier_because": because.get("tier"),
            "abc_because": because.get("abc"),
            "share": words.rate(because.get("abc", {}).get("cumulative_share_bp", 0) / 10_000),
            "abc_level": ABC_WORDS.get(standing.abc, ""),
            "next": _next_tier(standing.annual_premium_fen),
            "changes": [
                {"change": change, "before": names.get(change.before, change.before) or "—",
                 "after": names.get(change.after, change.after) or "—"}
                for change in queries.list_changes(actor, standing)
            ],
        }  # fmt: skip
    return render(request, "segments/panel.html", context)


def _names() -> dict[str, str]:
    """Code to name of the tiers in force, lowest first, in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return {t.code: t.name_en if is_english else t.name_zh for t in queries.tiers(on=clock.today())}


def _next_tier(premium_fen: int) -> dict[str, Any] | None:
    is_english = (get_language() or "").startswith("en")
    for tier in queries.tiers(on=clock.today()):
        if premium_fen < tier.from_fen:
            return {"name": tier.name_en if is_english else tier.name_zh, "missing_fen": tier.from_fen - premium_fen}
    return None


def _shares(rows: Any, names: dict[str, str], order: list[str]) -> list[dict[str, Any]]:
    found = {row.code: row for row in rows}
    parties = sum(row.parties for row in rows) or 1
    premium = sum(row.premium_fen or 0 for row in rows) or 1
    empty = gettext("No regular premium")
    return [
        {
            "code": code,
            "name": names.get(code, "") or (empty if not code else gettext("Standard") if code == rules.REST else code),
            "parties": found[code].parties,
            "premium_fen": found[code].premium_fen or 0,
            "party_share": found[code].parties / parties,
            "premium_share": (found[code].premium_fen or 0) / premium,
        }
        for code in [*order, *(code for code in found if code not in order)]
        if code in found
    ]


def _pareto(run: RunView) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    points: Any = run.summary.get("pareto", [])
    rows = [
        {"share": later[0] / 10_000, "premium": (later[1] - before[1]) / 10_000, "cumulative": later[1] / 10_000}
        for before, later in pairwise(points)
    ]
    chart = {
        "categories": [f"{row['share'] * 100:.0f}%" for row in rows],
        "series": [{"name": gettext("Share of premium"), "data": [round(row["premium"] * 100, 2) for row in rows]}],
        "cumulative": gettext("Cumulative share"),
        "unit": "%",
        "digits": 1,
    }
    return chart, rows
