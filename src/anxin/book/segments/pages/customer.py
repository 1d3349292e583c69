"""Panels of the customer page: value and tier, needs and gaps, every class with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from anxin.book.customers.queries import CustomerNotFound
from anxin.book.segments import queries, rules
from anxin.book.segments.data import ChangeView
from anxin.book.segments.queries import evaluating, explaining, phasing
from anxin.book.segments.rules import groups
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web import words
from anxin.kernel.web.pages import actor_of, page

ABC_WORDS = {"A": "ok", "B": "info", "C": ""}
HEAD = ("value_tier", "profit_tier", "lifecycle", "quadrant", "credit")
# What short and long term together mean (B28).
TERMS = {
    (True, True): _("Brings profit now and later: keep, and thank."),
    (True, False): _("Brings profit now, hardly later: find what would make the customer stay."),
    (False, True): _("Costs more than it brings this year, brings profit later: stay with the customer."),
    (False, False): _("Brings profit neither now nor later: serve at less cost. Statutory service stays whole."),
}


@page("segments.view")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Tier, ABC, value: what one wants to know before calling."""
    return answer(request, ref)


def answer(request: HttpRequest, ref: str, *, problem: str = "") -> HttpResponse:
    """The panel, with what went wrong when something was asked for in it."""
    actor = actor_of(request)
    try:
        standing = queries.get_standing(actor, ref)
        found = queries.classes_of(actor, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    names = _names()
    context: dict[str, Any] = {"standing": standing, "found": found}
    if standing is not None:
        # A standing may have been written without a reason: by an older version, or for who pays nothing.
        because = standing.explanation or {}
        context |= {
            "tier_name": names.get(standing.tier, gettext("Standard") if standing.tier else ""),
            "tier_because": because.get("tier"),
            "abc_because": because.get("abc"),
            "abc_words": _abc_words(actor, standing, because.get("abc"), found),
            "abc_level": ABC_WORDS.get(standing.abc, ""),
            "next": _next_tier(standing.annual_premium_fen),
            "changes": _changes(actor, standing, names),
        }
    if found is not None:
        context |= {
            "head": [one for one in found.classes if one.code in HEAD and one.value],
            "radar": {
                "categories": [name for name, _ in found.factors],
                "series": [{"name": gettext("This customer"), "data": [value for _, value in found.factors]}],
            },
            "value_score": found.plain["value_score"],
            "phase": phasing.phase_of(found.plain["party_id"]),
            "is_below": found.plain["value_tier"] == "bz",
            "earns_now": found.plain["profit_fen"] > 0,
            "may_phase_out": actor.may("segments.phase_out"),
            "problem": problem,
            "ref": found.ref,
        }
    return render(request, "segments/panel.html", context, status=422 if problem else 200)


@page("segments.view")
def needs(request: HttpRequest, ref: str) -> HttpResponse:
    """What the customer's cell needs against what is held, and what to propose."""
    try:
        found = queries.classes_of(actor_of(request), ref)
    except CustomerNotFound as error:
        raise Http404 from error
    context: dict[str, Any] = {"found": found}
    if found is not None and found.proposals:
        context["most"] = max(one.needed_fen for one in found.proposals)
        context["purpose"] = _purpose(found.plain["needs_result"])
    return render(request, "segments/needs.html", context)


@page("segments.view")
def explanation(request: HttpRequest, ref: str) -> HttpResponse:
    """Every class with its reason and its day, every figure, the experiences of the quadrant."""
    actor = actor_of(request)
    try:
        found = queries.classes_of(actor, ref)
        standing = queries.get_standing(actor, ref)
    except CustomerNotFound as error:
        raise Http404 from error
    context: dict[str, Any] = {"found": found}
    if found is not None:
        context |= {
            "experiences": [
                {"name": name, "mark": gettext(rules.MARKS.get(mark, mark)), "level": rules.MARK_LEVELS.get(mark, "")}
                for name, mark in found.experiences
            ],
            "changes": _changes(actor, standing, _names(), 40) if standing is not None else [],
        }
        if found.plain["kind"] == "organisation":
            context |= _group_services(found.plain)
    return render(request, "segments/explanation.html", context)


@page("segments.view")
def evaluation(request: HttpRequest, ref: str) -> HttpResponse:
    """Short and long term, against the customer's own past and against customers like them (B28)."""
    try:
        found = evaluating.evaluate(actor_of(request), ref)
    except CustomerNotFound as error:
        raise Http404 from error
    context: dict[str, Any] = {"found": found}
    if found is not None:
        rows = {one.code: one for one in found.compared}
        context |= {
            "rows": [
                {"name": explaining.metric_name(one.code), "now": explaining.metric_text(one.code, one.now),
                 "then": "—" if one.then is None else explaining.metric_text(one.code, one.then),
                 "change": one.change, "is_better": one.change is not None
                 and (one.change >= 0) == evaluating.MEASURES[one.code],
                 "peers": "—" if one.peers is None else explaining.metric_text(one.code, one.peers), "beats": one.beats}
                for one in found.compared
            ],
            "advice": gettext(TERMS[found.brings_now, found.brings_later]),
            "premium": rows["annual_premium_fen"], "value": rows["value_score"],
            "alike": explaining.peers_word(*found.peers_of) if found.peers else "",
            "chart": _past_chart(found) if len(found.past) > 1 else None,
        }  # fmt: skip
    return render(request, "segments/evaluation.html", context)


def _past_chart(found: evaluating.Evaluation) -> dict[str, Any]:
    scores = ("value_score", "loyalty_score")
    return {
        "categories": [one.day.isoformat() for one in found.past],
        "series": [
            {"name": explaining.metric_name(code), "data": [one.figures.get(code) for one in found.past]}
            for code in scores
        ],
        "digits": 0,
    }  # fmt: skip


def _group_services(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What a company is offered where it stands now (B27)."""
    today = clock.today()
    ends = plain["next_expiry_date"]
    stage = groups.stage_of(
        active=plain["active_policies"], pending=plain["policies"] if plain["lifecycle"] == "prospect" else 0,
        days_to_expiry=(ends - today).days if ends is not None else None,
    )  # fmt: skip
    rows: Any = schemes.active(groups.CODE, on=today).content["rows"]
    held = [line for line in groups.PRODUCTS if plain[f"premium_{line}_fen"] > 0]
    offered = groups.services_for(rows, stage=stage, products=held, is_key=plain["key_account"] == "key")
    english = explaining.in_english()
    return {
        "group_stage": gettext(groups.STAGES[stage]),
        "group_services": [
            {"name": one.en if english else one.zh, "group": one.group_en if english else one.group_zh,
             "receiver": gettext(groups.OBJECTS[one.receiver]), "rhythm": gettext(groups.RHYTHMS[one.rhythm]),
             "is_for_key": one.is_for_key}
            for one in offered
        ],
    }  # fmt: skip


def _abc_words(actor: Actor, standing: Any, because: Mapping[str, int] | None, found: Any) -> str:
    """“A since 2026-03: 0.8 % of customers, cumulative 41 %”: where the customer stands among those who pay."""
    run = queries.last_run(actor)
    rows: Any = run.summary.get("abc", []) if run is not None else []
    paying = sum(row["parties"] for row in rows if row["code"])
    total = sum(row["premium_fen"] for row in rows)
    if not because or not paying or not total:
        return ""
    since = next((one.since for one in found.classes if one.code == "abc"), None) if found is not None else None
    before = Fraction(because["cumulative_share_bp"], 10_000)
    values = {
        "class": standing.abc, "since": since.isoformat() if since else "",
        "customers": words.rate(because["rank"] / paying),
        "premium": words.rate(float(min(Fraction(1), before + Fraction(standing.annual_premium_fen, total)))),
    }  # fmt: skip
    if since is None:
        return gettext("%(class)s: up to here %(customers)s of paying customers, cumulative %(premium)s.") % values
    return (
        gettext("%(class)s since %(since)s: up to here %(customers)s of paying customers, cumulative %(premium)s.")
        % values
    )


def _purpose(result: str) -> str:
    """Why one would call, by the result of the comparison (B20: 接洽方案)."""
    return {
        "1": gettext("Call to go through the changes in the family, and review the policies together."),
        "2": gettext("Nothing to sell: keep in touch, and review once a year."),
        "3": gettext("Call to show which needs no policy serves yet, the most important first."),
        "4": gettext("Call to compare sums insured with income and family, and propose to raise them."),
        "5": gettext("Call to look at the whole programme: money may be better spent on needs not served."),
    }.get(result, "")


def _changes(actor: Actor, standing: Any, names: dict[str, str], limit: int = 8) -> list[dict[str, Any]]:
    return [
        {"day": change.as_of, "name": _class_name(change.scheme), "before": _label(change, change.before, names),
         "after": _label(change, change.after, names)}
        for change in queries.list_changes(actor, standing, limit)
    ]  # fmt: skip


def _class_name(code: str) -> str:
    from anxin.analytics.classes import registry

    kind = registry.BY_CODE.get(code)
    return code if kind is None else kind.en if explaining.in_english() else kind.zh


def _label(change: ChangeView, value: str, names: dict[str, str]) -> str:
    return explaining.class_label(change.scheme, value, names if change.scheme == "tier" else None) if value else "—"


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
