"""Converting the texts of a file into the types importers take: whole columns at once, exactly, every doubt a problem.

Polars only; nothing here loops over rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from anxin.foundation.intake.data import PROBLEM_SCHEMA, FieldKind, FieldSpec, no_problems
from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.profile import UNITS, ColumnRule, EntityRule

LONGEST_TEXT: Final = 20_000
LONGEST_SHOWN: Final = 200
ZONE: Final = "Asia/Shanghai"
DATE_FORMATS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
MOMENT_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f", "%Y.%m.%d %H:%M:%S%.f", "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S",
    "%Y%m%d %H:%M:%S",
)  # fmt: skip
YES: Final = ("true", "t", "yes", "y", "1", "是", "有", "真", "√", "on")
NO: Final = ("false", "f", "no", "n", "0", "否", "无", "假", "×", "off")
_EARLIEST_YEAR: Final = 1850
_LATEST_YEAR: Final = 2200
# What NFKC leaves alone: ASCII, the usual ideographs and Chinese marks. Normalising costs, and nearly all is of these.
_PLAIN: Final = r"^[\x20-\x7e\u4e00-\u9fff\u3400-\u4dbf\x{20000}-\x{323af}、。·“”‘’《》—]*$"
_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}]"
_INVISIBLE: Final = r"[\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{feff}]"
# A float as spreadsheets print it: its last digits are gone for good.
_ROUNDED: Final = r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}$"
_LONG_FLOAT: Final = r"^[0-9]{16,}\.[0-9]+$"
_SHORT_FLOAT: Final = r"^([0-9]{1,15})\.0+$"
_CURRENCY: Final = r"^(?:CNY|RMB|人民币|EUR|USD|HKD|¥|€|\$)\s*|\s*(?:CNY|RMB|EUR|USD|HKD|人民币|元整|元|圆|€)$"
_AMOUNT: Final = r"^([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15}))?(?:\.([0-9]{0,12}))?(万|亿)?$"


@dataclass(frozen=True)
class Converted:
    """`rows`: line and one typed column per field, only rows without a refusal; `problems` as PROBLEM_SCHEMA says."""

    rows: pl.DataFrame
    problems: pl.DataFrame


class _Doubts:
    """Problems of one frame while it is converted."""

    def __init__(self, lines: pl.Series) -> None:
        self.lines = lines
        self.parts: list[pl.DataFrame] = []
        self.refused = pl.repeat(False, len(lines), eager=True)

    def add(self, mask: pl.Series, field: str, code: str, raw: pl.Series | None, *, is_warning: bool = False) -> None:
        mask = mask.fill_null(value=False)
        if not mask.any():
            return
        if not is_warning:
            self.refused = self.refused | mask
        lines = self.lines.filter(mask)
        values = raw.filter(mask).str.slice(0, LONGEST_SHOWN) if raw is not None else None
        self.parts.append(
            pl.DataFrame(
                {
                    "line": lines,
                    "field": pl.repeat(field, len(lines), dtype=pl.String, eager=True),
                    "code": pl.repeat(code, len(lines), dtype=pl.String, eager=True),
                    "value": values if values is not None else pl.repeat(None, len(lines), dtype=pl.String, eager=True),
                    "is_warning": pl.repeat(is_warning, len(lines), dtype=pl.Boolean, eager=True),
                },
                schema=PROBLEM_SCHEMA,
            )
        )

    def table(self) -> pl.DataFrame:
        return pl.concat(self.parts).sort("line", maintain_order=True) if self.parts else no_problems()


def rows_of(raw: pl.DataFrame, entity: EntityRule) -> pl.DataFrame:
    """The rows of the file that hold this entity."""
    for condition in entity.when:
        value = tidy(raw.get_column(condition.column)).fill_null("")
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
    doubts = _Doubts(lines)
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


def tidy(texts: pl.Series) -> pl.Series:
    """NFKC, line breaks and tabs as blanks, invisible marks dropped, trimmed; empty becomes null."""
    odd = ~texts.str.contains(_PLAIN)
    if odd.any():
        # Polars cannot normalise masked rows only: take them out, put them back.
        at = odd.fill_null(value=False).arg_true()
        mended = (
            texts.gather(at)
            .str.normalize("NFKC")
            .str.replace_all(r"[\t\r\n\x{85}\x{2028}\x{2029}]+", " ")
            .str.replace_all(_INVISIBLE, "")
        )
        texts = texts.scatter(at, mended)
    texts = texts.str.strip_chars()
    return pl.select(pl.when(texts != "").then(texts).alias(texts.name)).to_series()


def _source(raw: pl.DataFrame, rule: ColumnRule, null_values: Sequence[str]) -> tuple[pl.Series, pl.Series]:
    """(tidy text with nulls, map and default applied; the text as it stood in the file)."""
    empty = pl.repeat(None, raw.height, dtype=pl.String, eager=True)
    if rule.template:
        text = _filled(raw, rule)
        shown = text
    elif rule.column and rule.column in raw.columns:
        shown = raw.get_column(rule.column)
        text = tidy(shown)
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
        value = tidy(raw.get_column(column))
        if form:
            value = _first_date(value, rule.formats or DATE_FORMATS).dt.strftime(form)
        parts.append(value)
        at = match.end()
    parts.append(rule.template[at:])
    pieces = [pl.lit(part) for part in parts if not isinstance(part, str) or part]
    return pl.select(pl.concat_str(pieces, ignore_nulls=False).alias("text")).to_series()


def _typed(text: pl.Series, shown: pl.Series, rule: ColumnRule, spec: FieldSpec, doubts: _Doubts) -> pl.Series:
    control = text.str.contains(_CONTROL)
    doubts.add(control, rule.field, "control_character", _without_control(shown) if control.any() else None)
    match spec.kind:
        case FieldKind.CODE:
            made = _code(text, shown, rule, doubts)
        case FieldKind.DATE:
            made = _date(text, shown, rule, doubts)
        case FieldKind.MOMENT:
            made = _moment(text, shown, rule, doubts)
        case FieldKind.MONEY:
            made = _money(text, shown, rule, doubts)
        case FieldKind.INTEGER:
            made = _integer(text, shown, rule, doubts)
        case FieldKind.YES_NO:
            made = _yes_no(text, shown, rule, doubts)
        case FieldKind.CHOICE:
            made = _choice(text, shown, rule, spec, doubts)
        case _:
            made = text
            doubts.add(text.str.contains("\ufffd"), rule.field, "mojibake", shown, is_warning=True)
    if spec.kind in (FieldKind.TEXT, FieldKind.CODE):
        # A text that is cut may still serve, and importers say so; a code that is cut is another code.
        is_code = spec.kind is FieldKind.CODE
        longest = spec.max_length if is_code and spec.max_length else LONGEST_TEXT
        doubts.add(made.str.len_chars() > longest, rule.field, "too_long", shown)
    return made


def _without_control(shown: pl.Series) -> pl.Series:
    # Reports are stored in PostgreSQL too, which takes no NUL.
    return shown.str.replace_all(_CONTROL, "\u241a")


def _code(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> pl.Series:
    made = text
    spaced = text.str.contains(r"\s|^'")
    if spaced.any():
        made = made.str.replace_all(r"\s+|^'+", "")
    rounded = made.str.contains(_ROUNDED) | made.str.contains(_LONG_FLOAT)
    doubts.add(rounded, rule.field, "rounded_number", shown)
    number = made.str.contains(_SHORT_FLOAT)
    if number.any():
        doubts.add(number & ~rounded, rule.field, "code_was_number", shown, is_warning=True)
        made = made.str.replace(_SHORT_FLOAT, "$1")
    return pl.select(pl.when(made != "").then(made)).to_series()


def _first_date(text: pl.Series, formats: Sequence[str]) -> pl.Series:
    made = text.str.strptime(pl.Date, formats[0], strict=False)
    for form in formats[1:]:
        missing = made.is_null() & text.is_not_null()
        if not missing.any():
            break
        made = made.fill_null(text.str.strptime(pl.Date, form, strict=False))
    # chrono reads “26-01-05” as the year 26 with %Y.
    year = made.dt.year()
    return made.set(((year < 100) & (year >= 0)).fill_null(value=False), None)


def _date(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> pl.Series:
    plain = text
    with_time = text.str.contains(r"\d[ T]00?:00(?::00(?:\.0+)?)?$")
    if with_time.any():
        plain = text.str.replace(r"[ T]00?:00(?::00(?:\.0+)?)?$", "")
    # Real dates of a workbook or a Parquet file arrive as ISO, whatever the profile says about its texts.
    formats = (*rule.formats, "%Y-%m-%d") if rule.formats else DATE_FORMATS
    made = _first_date(plain, formats)
    missing = made.is_null() & plain.is_not_null()
    if missing.any():
        serial = plain.str.extract(r"^([1-7][0-9]{4})(?:\.0+)?$", 1).cast(pl.Int32, strict=False)
        is_serial = missing & serial.is_not_null()
        if is_serial.any():
            # Day 0 of Excel, its 29 February 1900 included.
            days = pl.select(pl.lit(serial - 25_569, dtype=pl.Int32).cast(pl.Date)).to_series()
            made = made.fill_null(days)
            doubts.add(is_serial, rule.field, "excel_serial", shown, is_warning=True)
        missing = missing & ~is_serial.fill_null(value=False)
        _refuse_dates(plain, missing, shown, rule, doubts, "not_a_date")
    _refuse_years(made.dt.year(), shown, rule, doubts)
    return made


def _refuse_dates(
    text: pl.Series, missing: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts, code: str
) -> None:
    two = text.str.contains(r"^\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?$|^\d{6}$")
    if any("%Y" in form and not form.startswith("%Y") for form in rule.formats):
        # 05/11/15 of a day-first column has two digits at its end.
        two = two | text.str.contains(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$")
    shaped = text.str.contains(
        r"^(?:1[89]|20|21)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?$|^(?:1[89]|20|21)\d{6}$"
    )
    if rule.formats:
        # Without a format nobody knows whether 1/2/2026 begins with the day or the month.
        shaped = shaped | text.str.contains(r"^\d{1,2}[-/.]\d{1,2}[-/.](?:1[89]|20|21)\d\d$")
    doubts.add(missing & two, rule.field, "two_digit_year", shown)
    doubts.add(missing & shaped & ~two, rule.field, "impossible_date", shown)
    doubts.add(missing & ~two & ~shaped, rule.field, code, shown)


def _refuse_years(year: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> None:
    doubts.add((year < _EARLIEST_YEAR) | (year > _LATEST_YEAR), rule.field, "year_out_of_range", shown)


def _moment(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> pl.Series:
    formats = (*rule.formats, *MOMENT_FORMATS[:2]) if rule.formats else MOMENT_FORMATS
    made = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(text))
    zoned = text.str.contains(r"[0-9](?:Z|[+-][0-9]{2}:?[0-9]{2})$")
    absolute = pl.Series([None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, len(text))
    if zoned.any():
        plain = text.str.replace(r"Z$", "+00:00").str.replace(" ", "T")
        absolute = plain.str.strptime(pl.Datetime("us", "UTC"), "%Y-%m-%dT%H:%M:%S%.f%:z", strict=False)
    for form in formats:
        missing = made.is_null() & text.is_not_null()
        if not missing.any():
            break
        if "%H" in form:
            made = made.fill_null(text.str.strptime(pl.Datetime("us"), form, strict=False))
    if (made.is_null() & text.is_not_null()).any():
        days = tuple(form for form in rule.formats if "%H" not in form) or DATE_FORMATS
        made = made.fill_null(_first_date(text, days).cast(pl.Datetime("us")))
    local = made.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    doubts.add(made.is_not_null() & local.is_null(), rule.field, "no_such_time", shown)
    missing = made.is_null() & absolute.is_null() & text.is_not_null()
    if missing.any():
        _refuse_dates(text, missing, shown, rule, doubts, "not_a_moment")
    whole = absolute.fill_null(local.dt.convert_time_zone("UTC"))
    _refuse_years(whole.dt.year(), shown, rule, doubts)
    return whole


def _money(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> pl.Series:
    power = UNITS[rule.unit] + 2  # of ten, from the unit of the column to fen
    plain = text
    if rule.number == ",":
        plain = plain.str.replace_all(r"[. ']", "").str.replace(",", ".", literal=True)
    simple = plain.str.contains(r"^-?[0-9]{1,12}(?:\.[0-9]{1,2})?$")
    if not simple.fill_null(value=True).all():
        plain = (
            plain.str.to_uppercase()
            .str.replace_all(r"[\x{2212}\x{2010}-\x{2013}]", "-")
            .str.replace(r"^\((.+)\)$", "-$1")
            .str.replace(r"^([+-])\s*(?:¥|€|\$|CNY|RMB|人民币)\s*", "$1")
            .str.replace_all(_CURRENCY, "")
            .str.replace_all(r"\s+", "")
            .str.replace(r"(万|亿)元?$", "$1")
        )
    parts = pl.DataFrame(
        {
            "sign": plain.str.extract(_AMOUNT, 1),
            "whole": plain.str.extract(_AMOUNT, 2),
            "part": plain.str.extract(_AMOUNT, 3),
            "unit": plain.str.extract(_AMOUNT, 4),
        }
    )
    is_amount = plain.str.contains(_AMOUNT) & plain.str.contains(r"[0-9]")
    digits = (
        pl.concat_str(
            pl.col("whole").fill_null("0").str.replace_all(",", ""), pl.col("part").fill_null("").str.pad_end(12, "0")
        )
    ).cast(pl.Int128, strict=False)
    scale = (
        pl.when(pl.col("unit") == "万").then(10 ** (power + 4))
        .when(pl.col("unit") == "亿").then(10 ** (power + 8))
        .otherwise(10**power)
        .cast(pl.Int128)
    )  # fmt: skip
    worked = parts.select(
        (digits * scale).alias("exact"),
        pl.when(pl.col("sign") == "-").then(-1).otherwise(1).cast(pl.Int128).alias("sign"),
    ).with_columns((pl.col("exact") // pl.lit(10**12, dtype=pl.Int128)).alias("fen"))
    worked = worked.with_columns(
        (pl.col("exact") - pl.col("fen") * pl.lit(10**12, dtype=pl.Int128)).alias("rest"),
    )
    too_large = worked["fen"] > 2**62
    doubts.add(~is_amount & text.is_not_null(), rule.field, "not_an_amount", shown)
    doubts.add(is_amount & (worked["rest"] != 0), rule.field, "finer_than_fen", shown)
    doubts.add(is_amount & too_large, rule.field, "amount_too_large", shown)
    made = worked.select((pl.col("fen") * pl.col("sign")).alias("made")).to_series()
    good = is_amount & ~too_large & (worked["rest"] == 0)
    return pl.select(pl.when(good).then(made).cast(pl.Int64, strict=False)).to_series()


def _integer(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> pl.Series:
    plain = text
    if not text.str.contains(r"^-?[0-9]{1,18}$").fill_null(value=True).all():
        mark, group = (",", ".") if rule.number == "," else (".", ",")
        grouped = plain.str.contains(rf"^[+-]?[0-9]{{1,3}}(?:\{group}[0-9]{{3}})+(?:\{mark}0+)?$")
        plain = pl.select(
            pl.when(grouped).then(plain.str.replace_all(group, "", literal=True)).otherwise(plain)
        ).to_series()
        plain = plain.str.replace(rf"\{mark}0+$", "").str.replace(r"\s*[人名个岁年座天日月]$", "")
    made = plain.str.extract(r"^\+?(-?[0-9]{1,18})$", 1).cast(pl.Int64, strict=False)
    doubts.add(made.is_null() & text.is_not_null(), rule.field, "not_a_number", shown)
    return made


def _yes_no(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: _Doubts) -> pl.Series:
    known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    plain = text.str.to_lowercase().str.replace(r"^([01])\.0+$", "$1")
    made = plain.replace_strict(known, default=None, return_dtype=pl.Boolean)
    code = "not_mapped" if rule.value_map else "not_yes_no"
    doubts.add(made.is_null() & text.is_not_null(), rule.field, code, shown)
    return made


def _choice(text: pl.Series, shown: pl.Series, rule: ColumnRule, spec: FieldSpec, doubts: _Doubts) -> pl.Series:
    exact: Mapping[str, str] = {choice.lower(): choice for choice in spec.choices}
    made = text.str.to_lowercase().replace_strict(exact, default=None, return_dtype=pl.String)
    code = "not_mapped" if rule.value_map else "not_a_choice"
    doubts.add(made.is_null() & text.is_not_null(), rule.field, code, shown)
    return made


def unknown_fields(entity: EntityRule, fields: Sequence[FieldSpec]) -> list[str]:
    """Fields the profile fills and the importer does not know."""
    known = {spec.name for spec in fields}
    return [rule.field for rule in entity.columns if rule.field not in known]


def unfilled_fields(entity: EntityRule, fields: Sequence[FieldSpec]) -> list[str]:
    """Required fields the profile does not fill."""
    filled = {rule.field for rule in entity.columns}
    return [spec.name for spec in fields if spec.is_required and spec.name not in filled]
