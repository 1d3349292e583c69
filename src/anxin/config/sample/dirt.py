"""What goes wrong in real exports, planted on purpose and remembered.

A flaw is either mended by any careful importer (`MAY_NORMALISE`) or leaves nothing to be sure of (`MUST_REJECT`). Flaws
that an importer may refuse are planted on extra rows with a key of their own, which nothing refers to: whether the row
is taken or refused then changes no other row, so the expected totals stay exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample.dice import Dice, Ints, Mask

MUST_REJECT: Final = "must_reject"
MAY_NORMALISE: Final = "may_normalise"
CLEAN: Final = ""

OUTCOMES: Final = {
    "float_id": MUST_REJECT,
    "bad_checksum": MUST_REJECT,
    "impossible_date": MUST_REJECT,
    "empty_name": MUST_REJECT,
    "unknown_unit": MUST_REJECT,
    "duplicate_key": MUST_REJECT,
    "negative_premium": MUST_REJECT,
    "two_digit_year": MAY_NORMALISE,
    "excel_serial": MAY_NORMALISE,
    "lost_zeros": MAY_NORMALISE,
    "fullwidth": MAY_NORMALISE,
    "plus86": MAY_NORMALISE,
    "spaces": MAY_NORMALISE,
}
IN_PLACE: Final = frozenset({"fullwidth", "plus86", "spaces"})
UNKNOWN_UNIT: Final = "99999999"
_EXCEL_EPOCH: Final = 25_569  # days from Excel's day 0 to 1970-01-01, its false 29 February 1900 included


@dataclass(frozen=True)
class Flaw:
    kind: str
    change: tuple[pl.Expr, ...] = ()


@dataclass(frozen=True)
class Spoiled:
    """Rows with flaws among them: `origin` the row each came from, `true_key` what stands in the source's own base."""

    frame: pl.DataFrame
    origin: Ints
    true_key: pl.Series
    kind: pl.Series
    keys_used: int


def excel_serial(column: str, form: str = "%Y-%m-%d") -> pl.Expr:
    return (pl.col(column).str.to_date(form).cast(pl.Int32) + _EXCEL_EPOCH).cast(pl.String).alias(column)


def fullwidth(column: str) -> pl.Expr:
    return pl.col(column).str.replace_many(list("0123456789"), list("０１２３４５６７８９"))


def spaced_phone(column: str) -> pl.Expr:
    text = pl.col(column)
    parts = [text.str.slice(0, 3), pl.lit(" "), text.str.slice(3, 4), pl.lit(" "), text.str.slice(7)]
    return pl.concat_str(parts).alias(column)


def spaced_name(column: str) -> pl.Expr:
    """A leading blank and a trailing ideographic one, as copied out of a form."""
    return pl.concat_str(pl.lit(" "), pl.col(column), pl.lit("\u3000")).alias(column)


def country_code(column: str) -> pl.Expr:
    return pl.concat_str(pl.lit("+86 "), pl.col(column)).alias(column)


def float_id(column: str) -> pl.Expr:
    """An 18-digit number as a spreadsheet shows it: 1.1010119900307E+17."""
    text = pl.col(column)
    tail = text.str.slice(1, 14).str.strip_chars_end("0")
    return pl.concat_str(text.str.slice(0, 1), pl.lit("."), tail, pl.lit("E+17")).alias(column)


def wrong_check(column: str) -> pl.Expr:
    text = pl.col(column)
    last = pl.when(text.str.ends_with("0")).then(pl.lit("1")).otherwise(pl.lit("0"))
    return pl.concat_str(text.str.head(-1), last).alias(column)


def spoil(
    frame: pl.DataFrame,
    *,
    dice: Dice,
    rate: float,
    flaws: Sequence[Flaw],
    key: str,
    eligible: Mask,
    new_keys: Callable[[Ints], pl.Series],
) -> Spoiled:
    """Plant each flaw on `rate` of the rows (at least one of each once there are 200 rows), no row bearing two.

    `eligible` marks rows that may serve; `new_keys` gives the keys of extra rows, from 0 upwards. An extra row never
    stands before the row it was copied from, so of two equal keys the first is the true one.
    """
    rows = frame.height
    each = max(round(rows * rate), 1 if rows >= 200 and rate > 0 else 0)
    candidates = dice.generator.permutation(np.flatnonzero(eligible))
    blocks: list[pl.DataFrame] = []
    touched = np.zeros(rows, dtype=bool)
    used = 0
    base = frame.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("_origin"), pl.col(key).alias("_true"), pl.lit("").alias("_kind")
    ).with_columns(pl.col("_origin").cast(pl.Float64).alias("_at"))
    for number, flaw in enumerate(flaws):
        chosen = candidates[number * each : (number + 1) * each]
        if not len(chosen):
            continue
        block = base[chosen].with_columns(pl.lit(flaw.kind).alias("_kind"))
        if flaw.kind in IN_PLACE:
            touched[chosen] = True
        else:
            after = np.floor(chosen + dice.uniform(len(chosen)) * (rows - chosen)) + 0.5
            block = block.with_columns(pl.Series("_at", after))
            if flaw.kind != "duplicate_key":
                fresh = new_keys(np.arange(used, used + len(chosen), dtype=np.int64))
                block = block.with_columns(fresh.alias(key), fresh.alias("_true"))
                used += len(chosen)
        blocks.append(block.with_columns(*flaw.change) if flaw.change else block)
    whole = pl.concat([base.filter(pl.Series(~touched)), *blocks]).sort("_at", maintain_order=True)
    return Spoiled(
        frame=whole.drop("_origin", "_true", "_kind", "_at"),
        origin=whole.get_column("_origin").to_numpy(),
        true_key=whole.get_column("_true"),
        kind=whole.get_column("_kind"),
        keys_used=used,
    )
