"""Rows of long lists, written without a template, which fifty rows of ten columns cost most of a page's time.

A cell is made by a function of this module, which escapes what it is given; nothing else may put text into a row. The
tags of `templatetags.ui` and these functions write the same HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from html import escape as escape_text
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from anxin.kernel.web import words

Cell = Callable[[Any], str]  # of a row; what it returns is HTML


def escape(value: object) -> str:
    plain = str(value)
    return plain if plain.isalnum() else escape_text(plain)  # most names are


def text(value: object) -> str:
    """Escaped; — for nothing."""
    return escape(value) if value not in (None, "") else words.EMPTY


def day(value: date | None, language: str) -> str:
    """A date inside <time>; — for nothing."""
    if value is None:
        return words.EMPTY
    return f'<time datetime="{value:%Y-%m-%d}">{words.day(value, language)}</time>'


def moment(value: datetime | None, language: str, *, now: datetime) -> str:
    """A point of time inside <time>, its full form as title; — for nothing."""
    if value is None:
        return words.EMPTY
    local = value.astimezone(words.ZONE)
    return (
        f'<time datetime="{local.isoformat(timespec="seconds")}" title="{local:%Y-%m-%d %H:%M:%S}">'
        f"{words.moment(value, language, now=now)}</time>"
    )


def link(address: str, label: object) -> str:
    """The link that opens a row."""
    return f'<a href="{escape(address)}" data-open>{escape(label)}</a>'


def column(make: Cell, *, label: object = "", css: str = "") -> Cell:
    """A column: its cells carry the name of the column, which narrow screens show."""
    named = f' data-label="{escape(label)}"' if label else ""
    head = f'<td class="{escape(css)}"{named}>' if css else f"<td{named}>"
    return lambda row: f"{head}{make(row)}</td>"


def tick(name: str, value: str, label: object) -> str:
    """The box that selects a row."""
    return (
        f'<td class="ck"><input type="checkbox" name="{escape(name)}" value="{escape(value)}" '
        f'aria-label="{escape(label)}"></td>'
    )


def body(rows: Iterable[Any], columns: Sequence[Cell]) -> SafeString:
    """<tr>… of every row."""
    lines = (f"<tr>{''.join(make(row) for make in columns)}</tr>" for row in rows)
    return mark_safe("\n".join(lines))  # noqa: S308 - cells escape what they are given
