"""Days and moments, only where the calendar and the clock have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from anxin.foundation.intake.rules.conversion.doubts import Doubts
from anxin.foundation.intake.rules.profile import ColumnRule

ZONE: Final = "Asia/Shanghai"
DATE_FORMATS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
MOMENT_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f", "%Y.%m.%d %H:%M:%S%.f", "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S",
    "%Y%m%d %H:%M:%S",
)  # fmt: skip
_EARLIEST_YEAR: Final = 1850
_LATEST_YEAR: Final = 2200


def first_date(text: pl.Series, formats: Sequence[str]) -> pl.Series:
    made = text.str.strptime(pl.Date, formats[0], strict=False)
    for form in formats[1:]:
        missing = made.is_null() & text.is_not_null()
        if not missing.any():
            break
        made = made.fill_null(text.str.strptime(pl.Date, form, strict=False))
    # chrono reads “26-01-05” as the year 26 with %Y.
    year = made.dt.year()
    return made.set(((year < 100) & (year >= 0)).fill_null(value=False), None)


def date(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> pl.Series:
    plain = text
    with_time = text.str.contains(r"\d[ T]00?:00(?::00(?:\.0+)?)?$")
    if with_time.any():
        plain = text.str.replace(r"[ T]00?:00(?::00(?:\.0+)?)?$", "")
    # Real dates of a workbook or a Parquet file arrive as ISO, whatever the profile says about its texts.
    formats = (*rule.formats, "%Y-%m-%d") if rule.formats else DATE_FORMATS
    made = first_date(plain, formats)
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
    text: pl.Series, missing: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts, code: str
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


def _refuse_years(year: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> None:
    doubts.add((year < _EARLIEST_YEAR) | (year > _LATEST_YEAR), rule.field, "year_out_of_range", shown)


def moment(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> pl.Series:
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
        made = made.fill_null(first_date(text, days).cast(pl.Datetime("us")))
    local = made.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    doubts.add(made.is_not_null() & local.is_null(), rule.field, "no_such_time", shown)
    missing = made.is_null() & absolute.is_null() & text.is_not_null()
    if missing.any():
        _refuse_dates(text, missing, shown, rule, doubts, "not_a_moment")
    whole = absolute.fill_null(local.dt.convert_time_zone("UTC"))
    _refuse_years(whole.dt.year(), shown, rule, doubts)
    return whole
