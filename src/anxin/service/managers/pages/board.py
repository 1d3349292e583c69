"""Workload: of everything, of a unit, of one manager."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of
from anxin.service.managers import access, forms, queries
from anxin.service.managers.data import TIERS, Load, Refused
from anxin.service.managers.pages.edge import BOTH, managers_page, put
from anxin.service.managers.services import staff

MOST_ROWS: Final = 200
# Beyond so many managers the page shows units first.
MANY: Final = 40
CHARTED: Final = 15


@managers_page("managers.view")
def index(request: HttpRequest) -> HttpResponse:
    """The managers (or units) within reach with what they carry; for a manager their own page."""
    actor, now = actor_of(request), clock.now()
    if access.own_only(actor) and actor.user_id is not None:
        return _manager(request, actor.user_id)
    unit_id = _key(request.GET.get("unit", ""))
    loads = queries.workload(actor, now=now, unit_id=unit_id)
    total = queries.total_of(loads)
    by = request.GET.get("by", "")
    are_units = by == "unit" or (by != "manager" and unit_id is None and len(loads) > MANY)
    units = queries.by_unit(loads)
    rows = units if are_units else loads[:MOST_ROWS]
    waiting = queries.count_waiting(actor)
    charted = rows[:CHARTED]
    context: dict[str, Any] = {
        "rows": [_row(one) for one in rows], "are_units": are_units,
        "left_out": 0 if are_units else max(len(loads) - MOST_ROWS, 0),
        "unit": org.unit_names([unit_id]).get(unit_id, "") if unit_id else "", "unit_id": unit_id, "total": total,
        "waiting": sum(waiting.values()), "over": sum(1 for one in loads if one.share > 10_000),
        "away": sum(1 for one in loads if one.away_until), "may_allocate": actor.may("managers.allocate"),
        "has_units": len(units) > 1, "minutes": _minutes(total), "tiers": TIERS,
        "chart": {
            "categories": [one.name for one in charted], "horizontal": True, "all_labels": True, "digits": 0,
            "unit": "%", "target": {"value": 100, "text": _("Capacity")},
            "series": [{"name": _("Load"), "labels": True, "data": [round(one.share / 100) for one in charted]}],
        },
    }  # fmt: skip
    return render(request, "managers/board.html", context)


@managers_page("managers.view")
def manager(request: HttpRequest, user_id: UUID) -> HttpResponse:
    return _manager(request, user_id)


def _manager(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    load = queries.load_of(actor, user_id, now=now)
    settings = queries.settings_of(now)
    context: dict[str, Any] = {
        "row": load, "is_me": user_id == actor.user_id, "minutes": _minutes(load),
        "tiers": [_tier_row(load, settings, tier) for tier in (*reversed(TIERS), "none")],
        "waiting": sum(queries.count_waiting(actor).values()), "may_allocate": actor.may("managers.allocate"),
        "absences": [one for one in queries.list_absences(actor) if one.manager_id == user_id][:5],
        "crumbs": [(reverse("managers:board"), _("Customer managers")), ("", load.name)],
    }  # fmt: skip
    return render(request, "managers/manager.html", context)


@managers_page("managers.allocate", methods=BOTH)
def capacity(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    load = queries.load_of(actor, user_id, now=now)
    initial = {"most": load.capacity // 10_000 if load.has_own_capacity else None}
    form = forms.CapacityForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            staff.set_capacity(actor=actor, now=now, user_id=user_id, **form.cleaned_data)
        except Refused as error:
            put(form, error)
        else:
            return dialogs.done(request, _("The capacity is set."), back=reverse("managers:manager", args=[user_id]))
    return dialogs.ask(
        request, form, title=_("Capacity of %(name)s") % {"name": load.name}, button=_("Save"),
        back=reverse("managers:manager", args=[user_id]),
        hint=_("Nobody is given customers beyond it. Whoever has more keeps them."),
    )  # fmt: skip


def _tier_row(load: Load, settings: Any, tier: str) -> tuple[Any, int, int, float]:
    """Name of the tier, customers, weight of one in 1/10000, and what they count as in average customers."""
    count, weight = load.by_tier.get("" if tier == "none" else tier, 0), settings.weights.get(tier, 10_000)
    return forms.tier_word(tier), count, weight, count * weight / 10_000


def _row(one: Load) -> dict[str, Any]:
    return {
        "one": one, "percent": one.share / 100,
        "counts": [(forms.tier_word(tier), one.by_tier.get(tier, 0)) for tier in TIERS],
        "capacity": one.capacity // 10_000, "minutes": _minutes(one),
    }  # fmt: skip


def _minutes(one: Load) -> dict[str, Any]:
    """Contact time a year in hours, and which part of the budget was used."""
    rate = one.actual_minutes / one.budget_minutes if one.budget_minutes else None
    return {
        "budget": one.budget_minutes / 60, "actual": one.actual_minutes / 60, "rate": rate,
        "level": "" if rate is None else "warn" if rate < 0.25 else "danger" if rate > 2 else "",
    }  # fmt: skip


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
