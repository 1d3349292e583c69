"""Seeded draws and the few ways of turning arrays into the text of an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_FIRST_DAY: Final = int(np.datetime64("1890-01-01", "D").astype(np.int64))
_LAST_DAY: Final = int(np.datetime64("2160-01-01", "D").astype(np.int64))


class Dice:
    """One independent stream of chance, named by numbers: no chunk depends on how the one before was drawn."""

    def __init__(self, *name: int) -> None:
        self.generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(name)))

    def chance(self, size: int, share: float) -> Mask:
        return np.asarray(self.generator.random(size) < share)

    def whole(self, size: int, low: int | Ints, high: int | Ints) -> Ints:
        """Whole numbers in [low, high)."""
        return np.asarray(self.generator.integers(low, high, size), dtype=np.int64)

    def uniform(self, size: int) -> Floats:
        return self.generator.random(size)

    def normal(self, size: int) -> Floats:
        return self.generator.standard_normal(size)

    def weighted(self, size: int, weights: Sequence[float] | Floats) -> Ints:
        """Positions drawn with the given weights (any positive scale)."""
        steps = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(steps, self.generator.random(size) * steps[-1], side="right")
        return np.asarray(np.minimum(found, len(steps) - 1), dtype=np.int64)

    def word(self, size: int, words: Sequence[str], weights: Sequence[float] | None = None) -> pl.Series:
        at = self.whole(size, 0, len(words)) if weights is None else self.weighted(size, weights)
        return take(words, at)


def take(words: Sequence[str] | pl.Series, at: Ints) -> pl.Series:
    series = words if isinstance(words, pl.Series) else pl.Series(words, dtype=pl.String)
    return series.gather(at)


def digits(numbers: Ints, width: int = 0) -> pl.Series:
    text = pl.Series(numbers).cast(pl.String)
    return text.str.zfill(width) if width else text


def join(*parts: pl.Series | str) -> pl.Series:
    """Text side by side; an empty (null) part counts as nothing."""
    named: list[Any] = [
        pl.lit(part) if isinstance(part, str) else pl.lit(part).alias(str(at)) for at, part in enumerate(parts)
    ]
    return pl.select(pl.concat_str(named, ignore_nulls=True).alias("text")).get_column("text")


def blank(series: pl.Series, where: Mask) -> pl.Series:
    """The series without the values at `where`."""
    return pl.select(pl.when(pl.lit(pl.Series(where))).then(None).otherwise(pl.lit(series)).alias("v")).get_column("v")


def choose(where: Mask, yes: pl.Series | str, no: pl.Series | str) -> pl.Series:
    chosen = pl.when(pl.lit(pl.Series(where))).then(pl.lit(yes)).otherwise(pl.lit(no))
    return pl.select(chosen.alias("v")).get_column("v")


def yuan(fen: Ints) -> pl.Series:
    """Whole fen as yuan with two decimals, the way core systems print amounts."""
    if fen.size and int(fen.min()) < 0:
        raise ValueError("yuan() prints amounts that are not negative")
    return join(digits(fen // 100), ".", digits(fen % 100, 2))


def to_day(date: Any) -> int:
    """Days since 1970-01-01 of a date."""
    return int(np.datetime64(date, "D").astype(np.int64))


def as_dates(days: Ints) -> npt.NDArray[np.datetime64]:
    return np.asarray(days.astype("M8[D]"))


def add_months(days: Ints, months: int | Ints) -> Ints:
    """The same day of another month, or its last day when the month is shorter."""
    dates = as_dates(days)
    start = dates.astype("M8[M]")
    offset = days - start.astype("M8[D]").astype(np.int64)
    target = np.asarray(start + np.asarray(months, dtype=np.int64).astype("m8[M]"), dtype="M8[M]")
    first = target.astype("M8[D]").astype(np.int64)
    following = np.asarray(target + np.timedelta64(1, "M"), dtype="M8[M]")
    last = following.astype("M8[D]").astype(np.int64) - 1
    return np.asarray(np.minimum(first + offset, last), dtype=np.int64)


def _calendar(style: str) -> pl.Series:
    days = pl.Series(np.arange(_FIRST_DAY, _LAST_DAY, dtype=np.int32)).cast(pl.Date)
    return days.dt.strftime(style)


# Looking a day up in a printed calendar is ten times faster than formatting it.
ISO: Final = _calendar("%Y-%m-%d")
COMPACT: Final = _calendar("%Y%m%d")


def day_text(days: Ints, calendar: pl.Series = ISO) -> pl.Series:
    return calendar.gather(days - _FIRST_DAY)


def compact_numbers(days: Ints) -> Ints:
    """Each day as the whole number yyyymmdd."""
    dates = pl.Series(days.astype(np.int32)).cast(pl.Date)
    year, month, day = (part.cast(pl.Int64) for part in (dates.dt.year(), dates.dt.month(), dates.dt.day()))
    return (year * 10_000 + month * 100 + day).to_numpy()


def moment_text(seconds: Ints, missing: Mask | None = None) -> pl.Series:
    """Local wall-clock seconds since 1970 as `YYYY-MM-DD HH:MM:SS`; nothing at `missing`."""
    day, rest = seconds // 86_400, seconds % 86_400
    clock = pl.Series(rest // 60)
    text = join(day_text(day), " ", CLOCK.gather(clock), ":", digits(rest % 60, 2))
    return text if missing is None else blank(text, missing)


CLOCK: Final = pl.Series([f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)])
