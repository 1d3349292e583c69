"""Texts and codes: one form, nothing invisible, no digits lost."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.foundation.intake.rules.conversion.doubts import Doubts
from anxin.foundation.intake.rules.profile import ColumnRule
from anxin.kernel.importing import digests

# What NFKC leaves alone: ASCII, the usual ideographs and Chinese marks. Normalising costs, and nearly all is of these.
_PLAIN: Final = r"^[\x20-\x7e\u4e00-\u9fff\u3400-\u4dbf\x{20000}-\x{323af}、。·“”‘’《》—]*$"
CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}]"
_INVISIBLE: Final = r"[\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{feff}]"
# A float as spreadsheets print it: its last digits are gone for good.
_ROUNDED: Final = r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}$"
_LONG_FLOAT: Final = r"^[0-9]{16,}\.[0-9]+$"
_KEY_LENGTH: Final = 24  # 96 bits: no two of a billion rows meet
_SHORT_FLOAT: Final = r"^([0-9]{1,15})\.0+$"


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


def key(columns: pl.DataFrame) -> pl.Series:
    """One code per row made of what stands in `columns`, whatever they are called; null where all of them are empty.

    Keyed, because the number of an identity document is guessed from a plain digest in minutes. The letter in front
    keeps it from looking like a number that a spreadsheet rounded.
    """
    parts = pl.DataFrame({str(at): tidy(column).str.to_uppercase() for at, column in enumerate(columns)})
    made = "K" + digests(parts, parts.columns, "intake.key").str.slice(0, _KEY_LENGTH).str.to_uppercase()
    return made.set(parts.select(pl.all_horizontal(pl.all().is_null())).to_series(), None)


def without_control(shown: pl.Series) -> pl.Series:
    # Reports are stored in PostgreSQL too, which takes no NUL.
    return shown.str.replace_all(CONTROL, "\u241a")


def code(text: pl.Series, shown: pl.Series, rule: ColumnRule, doubts: Doubts) -> pl.Series:
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
