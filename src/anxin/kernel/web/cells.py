"""Rows of long lists, written without a template, which fifty rows of ten columns cost most of a page's time.

A list is written column by column. A cell is made by a function of this module, which escapes what it is given; nothing
else may put text into a row. The tags of `templatetags.ui` and these functions write the same HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from html import escape as escape_text
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from anxin.kernel.web import words

Make = Callable[[Any], str]  # the inside of a cell, of a row or of one value of it: HTML
Cells = list[str]  # of one column, from the first row to the last

_has_markup = re.compile("[&<>\"']").search


def escape(value: object) -> str:
    plain = str(value)
    return escape_text(plain) if _has_markup(plain) else plain


def text(value: object) -> str:
    """Escaped; — for nothing."""
    return escape(value) if value not in (None, "") else words.EMPTY


def day(value: date | None, language: str) -> str:
    """A date inside <time>; — for nothing."""
    if value is None:
        return words.EMPTY
    return f'<time datetime="{words.day(value, "zh")}">{words.day(value, language)}</time>'


def moment(value: datetime | None, language: str, *, now: datetime) -> str:
    """A point of time inside <time>, its full form as title; — for nothing."""
    if value is None:
        return words.EMPTY
    stamp = value.astimezone(words.ZONE).isoformat(timespec="seconds")
    return (
        f'<time datetime="{stamp}" title="{stamp[:10]} {stamp[11:19]}">{words.moment(value, language, now=now)}</time>'
    )


def link(address: str, label: object) -> str:
    """The link that opens a row."""
    return f'<a href="{escape(address)}" data-open>{escape(label)}</a>'


def head(*, label: object = "", css: str = "") -> str:
    """The <td> before every cell of a column. It carries the name of the column, which narrow screens show."""
    named = f' data-label="{escape(label)}"' if label else ""
    return f'<td class="{escape(css)}"{named}>' if css else f"<td{named}>"


def each(head: str, rows: Iterable[Any], make: Make) -> Cells:
    """A column whose cells are made of whole rows."""
    return [f"{head}{make(row)}</td>" for row in rows]


def of_values(head: str, values: Iterable[Hashable], make: Make) -> Cells:
    """A column whose cells depend on one value each. Rows of one page share many: each is written once."""
    written: dict[Hashable, str] = {}
    cells = []
    for value in values:
        cell = written.get(value)
        if cell is None:
            cell = written[value] = f"{head}{make(value)}</td>"
        cells.append(cell)
    return cells


def tick(name: str, value: str, label: object) -> str:
    """The box that selects a row."""
    return f'<input type="checkbox" name="{escape(name)}" value="{escape(value)}" aria-label="{escape(label)}">'


def body(columns: Sequence[Cells]) -> SafeString:
    """<tr>… of every row."""
    lines = (f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True))
    return mark_safe("\n".join(lines))  # noqa: S308 - cells escape what they are given
