"""Converting the texts of a file into the types importers take: whole columns at once, exactly, every doubt a problem.

Polars only; nothing here loops over rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from anxin.foundation.intake.data import FieldKind, FieldSpec
from anxin.foundation.intake.rules.conversion import dates, numbers, texts
from anxin.foundation.intake.rules.conversion.doubts import Doubts
from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.profile import ColumnRule, EntityRule

LONGEST_TEXT: Final = 20_000


@dataclass(frozen=True)
class Converted:
    """`rows`: line and one typed column per field, only rows without a refusal; `problems` as PROBLEM_SCHEMA says."""

    rows: pl.DataFrame
    problems: pl.DataFrame


def rows_of(raw: pl.DataFrame, entity: EntityRule) -> pl.DataFrame:
    """The rows of the file that hold this entity."""
    for condition in entity.when:
        value = texts.tidy(raw.get_column(condition.column)).fill_null("")
        if condition.is_in:
            raw = raw.filter(value.is_in(list(condition.is_in)))
        else:
            raw = raw.filter(~value.is_in(list(condition.is_not_in)))
    return raw


def convert(
    raw: pl.DataFrame, entity: EntityRule, fields: Sequence[FieldSpec], null_values: Sequence[str] = ()
) -> Converted:
    """Rows of one entity from `raw` (LINE Int64, every other column String, named by the file's header).

    Rules of fields the importer does not know are an error of the profile and found before (`unknown_fields`).
    """
    specs = {spec.name: spec for spec in fields}
    lines = raw.get_column(LINE).alias("line")
    doubts = Doubts(lines)
    columns: list[pl.Series] = [lines]
    for rule in entity.columns:
        spec = specs[rule.field]
        text, shown = _source(raw, rule, null_values)
        made = _typed(text, shown, rule, spec, doubts)
        if spec.is_required:
            empty = made.is_null() & (
                text.is_null() if spec.kind not in (FieldKind.TEXT, FieldKind.CODE) else made.is_null()
            )
            doubts.add(empty & ~doubts.refused, rule.field, "value_missing", None)
        columns.append(made.alias(rule.field))
    table = pl.DataFrame(columns)
    if doubts.refused.any():
        table = table.filter(~doubts.refused)
    return Converted(rows=table, problems=doubts.table())


def _source(raw: pl.DataFrame, rule: ColumnRule, null_values: Sequence[str]) -> tuple[pl.Series, pl.Series]:
    """(tidy text with nulls, map and default applied; the text as it stood in the file)."""
    empty = pl.repeat(None, raw.height, dtype=pl.String, eager=True)
    if rule.template:
        text = _filled(raw, rule)
        shown = text
    elif rule.key_of:
        text = shown = texts.key(raw.select(rule.key_of))
    elif rule.column and rule.column in raw.columns:
        shown = raw.get_column(rule.column)
        text = texts.tidy(shown)
    else:
        text = shown = empty
    nulls = [*null_values, *rule.null_values]
    if nulls:
        text = text.set(text.is_in(nulls).fill_null(value=False), None)
    if rule.value_map:
        text = text.replace(list(rule.value_map), list(rule.value_map.values()))
        text = text.set((text == "").fill_null(value=False), None)
    if rule.default:
        text = text.fill_null(rule.default)
    return text, shown


def _filled(raw: pl.DataFrame, rule: ColumnRule) -> pl.Series:
    """The template with the row's values; null when one of them is missing."""
    parts: list[pl.Series | str] = []
    at = 0
    for match, (column, form) in zip(re.finditer(r"\{[^{}]+\}", rule.template), rule.places, strict=True):
        parts.append(rule.template[at : match.start()])
        value = texts.tidy(raw.get_column(column))
        if form:
            value = dates.first_date(value, rule.formats or dates.DATE_FORMATS).dt.strftime(form)
        parts.append(value)
        at = match.end()
    parts.append(rule.template[at:])
    pieces = [pl.lit(part) for part in parts if not isinstance(part, str) or part]
    return pl.select(pl.concat_str(pieces, ignore_nulls=False).alias("text")).to_series()


def _typed(text: pl.Series, shown: pl.Series, rule: ColumnRule, spec: FieldSpec, doubts: Doubts) -> pl.Series:
    control = text.str.contains(texts.CONTROL)
    doubts.add(control, rule.field, "control_character", texts.without_control(shown) if control.any() else None)
    match spec.kind:
        case FieldKind.CODE:
            made = texts.code(text, shown, rule, doubts)
        case FieldKind.DATE:
            made = dates.date(text, shown, rule, doubts)
        case FieldKind.MOMENT:
            made = dates.moment(text, shown, rule, doubts)
        case FieldKind.MONEY:
            made = numbers.money(text, shown, rule, doubts)
        case FieldKind.INTEGER:
            made = numbers.integer(text, shown, rule, doubts)
        case FieldKind.YES_NO:
            made = numbers.yes_no(text, shown, rule, doubts)
        case FieldKind.CHOICE:
            made = numbers.choice(text, shown, rule, spec, doubts)
        case _:
            made = text
            doubts.add(text.str.contains("\ufffd"), rule.field, "mojibake", shown, is_warning=True)
    if spec.kind in (FieldKind.TEXT, FieldKind.CODE):
        # A text that is cut may still serve, and importers say so; a code that is cut is another code.
        is_code = spec.kind is FieldKind.CODE
        longest = spec.max_length if is_code and spec.max_length else LONGEST_TEXT
        doubts.add(made.str.len_chars() > longest, rule.field, "too_long", shown)
    return made


def unknown_fields(entity: EntityRule, fields: Sequence[FieldSpec]) -> list[str]:
    """Fields the profile fills and the importer does not know."""
    known = {spec.name for spec in fields}
    return [rule.field for rule in entity.columns if rule.field not in known]


def unfilled_fields(entity: EntityRule, fields: Sequence[FieldSpec]) -> list[str]:
    """Required fields the profile does not fill."""
    filled = {rule.field for rule in entity.columns}
    return [spec.name for spec in fields if spec.is_required and spec.name not in filled]
