"""Contents of schemes as form fields: money in yuan, shares in per cent, rows one below the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.schemes import rules
from anxin.foundation.schemes.data import Choice, Content, FieldKind, Plain, SchemeField, SchemeKind

SPARE_ROWS = 1
MOST_ROWS = 60
MOST_JSON = 100_000


class ActivateForm(forms.Form):
    effective_from = forms.DateField(label=_("Effective from"))
    edition = forms.IntegerField(widget=forms.HiddenInput)


class RetireForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=4, max_length=200)


def boxes(kind: SchemeKind, content: Content) -> list[dict[str, Any]]:
    """What the editor shows: per field a label and its input, or a table of them for rows."""
    return [_box(field, content.get(field.code)) for field in kind.fields]


def _box(field: SchemeField, value: Plain) -> dict[str, Any]:
    box: dict[str, Any] = {
        "name": field.code,
        "label": gettext(field.label),
        "hint": gettext(field.hint) if field.hint else "",
        "kind": field.kind,
        "unit": _unit(field.kind),
    }
    if field.kind is FieldKind.ROWS:
        rows: Any = value or []
        box["columns"] = [gettext(column.label) for column in field.columns]
        box["rows"] = [
            [
                _cell(in_row(column, row), f"{field.code}-{number}-{column.code}", row.get(column.code))
                for column in field.columns
            ]
            for number, row in enumerate([*rows, *([{}] * SPARE_ROWS)])
        ]
        signs = {choice.code: choice for column in field.columns for choice in column.choices if choice.sign}
        box["legend"] = [_choice(choice) for choice in signs.values()]
    else:
        box |= _cell(field, field.code, value)
    return box


def _cell(field: SchemeField, name: str, value: Plain) -> dict[str, Any]:
    return {
        "name": name, "kind": field.kind, "value": shown(field, value), "label": gettext(field.label),
        "unit": _unit(field.kind), "choices": [_choice(one) for one in field.choices],
        "is_marked": field.kind is FieldKind.CHOICE and any(one.sign for one in field.choices),
        "said": said(field, value), "hint": gettext(field.hint) if field.hint else "",
        "level": next((one.level for one in field.choices if one.code == value), ""),
    }  # fmt: skip


def in_row(column: SchemeField, row: Mapping[str, Plain]) -> SchemeField:
    """The column as it is asked for in this row: a number may be money here."""
    if column.money_when is not None and row.get(column.money_when[0]) in column.money_when[1]:
        return replace(column, kind=FieldKind.MONEY)
    return column


def word(choice: Choice) -> str:
    """A choice in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return choice.zh if choice.zh and not is_english else gettext(choice.label)


def _choice(choice: Choice) -> dict[str, str]:
    return {"code": choice.code, "word": word(choice), "sign": choice.sign, "level": choice.level}


def said(field: SchemeField, value: Plain) -> Any:
    """A value as it is read: choices in words."""
    if value is None or field.kind not in (FieldKind.CHOICE, FieldKind.CHOICES):
        return shown(field, value)
    return shown(replace(field, kind=FieldKind.CHOICES), value)


def shown(field: SchemeField, value: Plain) -> Any:
    """A value as it stands in the input."""
    if value is None:
        return ""
    if field.kind is FieldKind.CHOICES:
        words = {choice.code: word(choice) for choice in field.choices}
        return ", ".join(words.get(part, part) for part in rules.parted(str(value)))
    if field.kind in (FieldKind.MONEY, FieldKind.SHARE) and isinstance(value, int):
        return f"{Decimal(value) / 100:f}"
    if field.kind is FieldKind.INTEGERS and not isinstance(value, str | int | bool | Mapping):
        return ", ".join(str(one) for one in value)
    return value


def read(kind: SchemeKind, posted: Mapping[str, str]) -> dict[str, Plain]:
    """The content of a posted editor. What is no number stays text: the scheme's own test says so then."""
    return {field.code: _read(field, posted) for field in kind.fields}


def read_json(text: str) -> dict[str, Plain]:
    """The content of the JSON box. Raises ValueError."""
    if len(text) > MOST_JSON:
        raise ValueError("too long")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _read(field: SchemeField, posted: Mapping[str, str]) -> Plain:
    if field.kind is not FieldKind.ROWS:
        return _value(field, posted.get(field.code, ""))
    rows: list[dict[str, Plain]] = []
    for number in range(MOST_ROWS + SPARE_ROWS):
        texts = {column.code: posted.get(f"{field.code}-{number}-{column.code}", "") for column in field.columns}
        # An empty row is no row: that is how one is taken away. A tick or a choice alone does not make one.
        if any(text.strip() for code, text in texts.items() if not _is_given(field, code)):
            rows.append({column.code: _value(in_row(column, texts), texts[column.code]) for column in field.columns})
    return rows


def _is_given(field: SchemeField, code: str) -> bool:
    """Whether the browser sends something for it though nobody typed anything."""
    kind = next(column for column in field.columns if column.code == code).kind
    return kind in (FieldKind.YES_NO, FieldKind.CHOICE)


def _value(field: SchemeField, text: str) -> Plain:
    text = text.strip()
    if field.kind is FieldKind.YES_NO:
        return text == "on"
    if field.kind in (FieldKind.TEXT, FieldKind.CHOICE):
        return text
    if field.kind is FieldKind.CHOICES:
        codes = {word(choice): choice.code for choice in field.choices}
        return ",".join(codes.get(part, part) for part in rules.parted(text))
    try:
        if field.kind is FieldKind.INTEGERS:
            return [int(part) for part in text.replace("，", ",").split(",") if part.strip()]
        number = Decimal(text.replace(",", ""))
    except (InvalidOperation, ValueError):
        return text
    if not number.is_finite():
        return text
    if field.kind is FieldKind.INTEGER:
        return int(number) if number == number.to_integral_value() else text
    return int((number * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _unit(kind: FieldKind) -> str:
    return {FieldKind.MONEY: gettext("yuan"), FieldKind.SHARE: "%"}.get(kind, "")
