"""The cross-tab (P01): any dimension by any other, with the way down to the customers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from anxin.book.portfolio import data as portfolio
from anxin.book.segments.pages.board import condition_url, held_url
from anxin.book.segments.queries import boards, choosing, explaining
from anxin.book.segments.rules.conditions import FIELDS
from anxin.kernel import clock, spreadsheet_safety
from anxin.kernel.web.pages import actor_of, page


@page("segments.view")
def cross(request: HttpRequest) -> HttpResponse:
    """The table; with `as=csv` as a file."""
    rows = _chosen(request, "rows", boards.DIMENSIONS, "age_band")
    columns = _chosen(request, "columns", boards.DIMENSIONS, "acquisition_channel")
    measure = _chosen(request, "measure", boards.MEASURES, "parties")
    if rows == columns == boards.LINE:
        columns = "buyer_class"
    if boards.LINE in (rows, columns) and measure not in boards.BY_LINE:
        measure = "annual_premium_fen"
    found = boards.cross_tab(actor_of(request), rows=rows, columns=columns, measure=measure)
    names = {code: _labels(code, values) for code, values in ((rows, found.rows), (columns, found.columns))}
    unit = boards.MEASURES[measure][2]
    if request.GET.get("as") == "csv":
        return _file(found, names[rows], names[columns], unit)
    scale = 10_000 if unit == "bp" else 1
    table = [
        {
            "name": names[rows][row],
            "total": _scaled(found.row_totals[row], scale),
            "url": _url({rows: row}),
            "cells": [
                {
                    "value": _scaled(found.cells.get((row, column), 0), scale),
                    "url": _url({rows: row, columns: column}),
                }
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
        "heads": [
            {
                "name": names[columns][column],
                "total": _scaled(found.column_totals[column], scale),
                "url": _url({columns: column}),
            }
            for column in found.columns
        ],
        "total": _scaled(found.total, scale),
        "unit": unit,
        "by_line": boards.LINE in (rows, columns),
        "dimensions": [(code, explaining.word(pair)) for code, pair in boards.DIMENSIONS.items()],
        "measures": [
            (code, explaining.word((zh, en)))
            for code, (zh, en, *_rest) in boards.MEASURES.items()
            if boards.LINE not in (rows, columns) or code in boards.BY_LINE
        ],
    }
    return render(request, "segments/cross.html", context)


def _scaled(value: int, scale: int) -> int | float:
    return value if scale == 1 else value / scale


def _file(found: boards.CrossTab, rows: Mapping[str, str], columns: Mapping[str, str], unit: str) -> HttpResponse:
    """The shown table as CSV for a spreadsheet: money in yuan, rates in per cent; sums, no customers."""
    parts = {"fen": 100, "bp": 100}

    def written(value: int) -> str:
        return f"{value / parts[unit]:.2f}" if unit in parts else str(value)

    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="cross-tab.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["", *(spreadsheet_safety.safe_cell(columns[one]) for one in found.columns), gettext("Total")])
    for row in found.rows:
        values = [written(found.cells.get((row, column), 0)) for column in found.columns]
        writer.writerow([spreadsheet_safety.safe_cell(rows[row]), *values, written(found.row_totals[row])])
    writer.writerow(
        [gettext("Total"), *(written(found.column_totals[one]) for one in found.columns), written(found.total)]
    )
    return answer


def _chosen(request: HttpRequest, name: str, known: Any, otherwise: str) -> str:
    found = request.GET.get(name, "")
    return found if found in known else otherwise


def _labels(code: str, values: tuple[str, ...]) -> dict[str, str]:
    by_scheme = explaining.names_of(code, clock.today())
    field = FIELDS.get(code)
    names = {value: explaining.word(pair) for value, pair in field.choices.items()} if field is not None else {}
    from anxin.analytics.classes import registry

    names |= choosing.named(code)
    if code == boards.LINE:
        names = {value: gettext(label) for value, label in portfolio.LINES.items()}
    return {
        value: (
            (gettext("Not classed") if code in registry.BY_CODE else gettext("Unknown"))
            if not value
            else names[value]
            if value in names
            else explaining.class_label(code, value, by_scheme)
            if code in registry.BY_CODE
            else value
        )
        for value in values
    }


def _url(chosen: dict[str, str]) -> str:
    """The builder with these values; "" where a dimension cannot be asked for there."""
    line = chosen.pop(boards.LINE, "")
    if any(code not in FIELDS for code in chosen):
        return ""
    return held_url(line, chosen) if line else condition_url(**chosen)
