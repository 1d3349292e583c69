"""Amounts, whole numbers, yes or no, and choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from anxin.foundation.intake.data import FieldSpec
from anxin.foundation.intake.rules.conversion.doubts import Doubts
from anxin.foundation.intake.rules.profile import UNITS, ColumnRule

YES: Final = ("true", "t", "yes", "y", "1", "是", "有", "真", "√", "on")
NO: Final = ("false", "f", "no", "n", "0", "否", "无", "假", "×", "off")
_CURRENCY: Final = r"^(?:CNY|RMB|人民币|EUR|USD|HKD|¥|€|\$)\s*|\s*(?:CNY|RMB|EUR|USD|HKD|人民币|元整|元|圆|€)$"
_AMOUNT: Final = r"^([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15}))?(?:\.([0-9]{0,12}))?(万|亿)?$"


def money(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> pl.Series:
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


def integer(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> pl.Series:
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


def yes_no(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> pl.Series:
    known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    plain = text.str.to_lowercase().str.replace(r"^([01])\.0+$", "$1")
    made = plain.replace_strict(known, default=None, return_dtype=pl.Boolean)
    code = "not_mapped" if rule.value_map else "not_yes_no"
    doubts.add(made.is_null() & text.is_not_null(), rule.field, code, shown)
    return made


def choice(text: pl.Series, shown: pl.Series, rule: ColumnRule, spec: FieldSpec, doubts: Doubts) -> pl.Series:
    exact: Mapping[str, str] = {choice.lower(): choice for choice in spec.choices}
    made = text.str.to_lowercase().replace_strict(exact, default=None, return_dtype=pl.String)
    code = "not_mapped" if rule.value_map else "not_a_choice"
    doubts.add(made.is_null() & text.is_not_null(), rule.field, code, shown)
    return made
