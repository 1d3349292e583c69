"""The cross-tab (P01): any dimension by any other, with the way down to the customers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from anxin.book.portfolio import data as portfolio
from anxin.book.segments.pages.board import condition_url
from anxin.book.segments.queries import boards, explaining
from anxin.book.segments.rules.conditions import FIELDS, Sort
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page


@page("segments.view")
def cross(request: HttpRequest) -> HttpResponse:
    rows = _chosen(request, "rows", boards.DIMENSIONS, "age_band")
    columns = _chosen(request, "columns", boards.DIMENSIONS, "acquisition_channel")
    measure = _chosen(request, "measure", boards.MEASURES, "parties")
    found = boards.cross_tab(actor_of(request), rows=rows, columns=columns, measure=measure)
    names = {code: _labels(code, values) for code, values in ((rows, found.rows), (columns, found.columns))}
    table = [
        {
            "name": names[rows][row],
            "total": found.row_totals[row],
            "url": _url({rows: row}),
            "cells": [
                {"value": found.cells.get((row, column), 0), "url": _url({rows: row, columns: column})}
                for column in found.columns
            ],
        }
        for row in found.rows
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "columns": columns,
        "measure": measure,
        "table": table,
        "heads": [{"name": names[columns][column], "total": found.column_totals[column]} for column in found.columns],
        "total": found.total,
        "is_money": measure.endswith("_fen"),
        "dimensions": [(code, explaining.word(pair)) for code, pair in boards.DIMENSIONS.items()],
        "measures": [(code, explaining.word(pair)) for code, pair in boards.MEASURES.items()],
    }
    return render(request, "segments/cross.html", context)


def _chosen(request: HttpRequest, name: str, known: Any, otherwise: str) -> str:
    found = request.GET.get(name, "")
    return found if found in known else otherwise


def _labels(code: str, values: tuple[str, ...]) -> dict[str, str]:
    tiers = explaining.tier_names(clock.today()) if code == "tier" else None
    field = FIELDS.get(code)
    names = {value: explaining.word(pair) for value, pair in field.choices.items()} if field is not None else {}
    from anxin.analytics.classes import registry

    if code == "acquisition_channel":
        names = {value: gettext(label) for value, label in portfolio.CHANNELS.items()}
    return {
        value: (
            "—"
            if not value
            else names[value]
            if value in names
            else explaining.class_label(code, value, tiers)
            if code in registry.BY_CODE
            else value
        )
        for value in values
    }


def _url(chosen: dict[str, str]) -> str:
    """The builder with these values; "" where a dimension cannot be asked for there."""
    if any(
        code not in FIELDS or (not value and FIELDS[code].sort is not Sort.CHOICE) for code, value in chosen.items()
    ):
        return ""
    return condition_url(**chosen)
