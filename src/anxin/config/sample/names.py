"""Chinese names with the frequencies and fashions of the generations."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import words
from anxin.config.sample.dice import Dice, Ints, choose, join, take

_COMMON: Final = len(words.SURNAMES)
_ALL_SURNAMES: Final = pl.Series([*words.SURNAMES, *words.COMPOUND_SURNAMES, *words.RARE_SURNAMES])


def _weights() -> list[float]:
    common = np.array([1 / (rank + 8) ** words.SURNAME_FALL for rank in range(_COMMON)])
    common *= (1 - words.COMPOUND_SHARE - words.RARE_SHARE) / common.sum()
    compound = [words.COMPOUND_SHARE / len(words.COMPOUND_SURNAMES)] * len(words.COMPOUND_SURNAMES)
    rare = [words.RARE_SHARE / len(words.RARE_SURNAMES)] * len(words.RARE_SURNAMES)
    return [*common.tolist(), *compound, *rare]


_SURNAME_WEIGHTS: Final = _weights()


def surname_positions(dice: Dice, size: int) -> Ints:
    return dice.weighted(size, _SURNAME_WEIGHTS)


def surname_text(at: Ints) -> pl.Series:
    return take(_ALL_SURNAMES, at)


def surnames(dice: Dice, size: int) -> pl.Series:
    return surname_text(surname_positions(dice, size))


def given(dice: Dice, male: Ints, year: Ints) -> pl.Series:
    """Given names fitting sex (1 male) and year of birth."""
    size = len(male)
    generation = np.searchsorted(np.array(words.GENERATION_STARTS), year, side="right")
    first, second = dice.uniform(size), dice.uniform(size)
    alone = dice.uniform(size) < np.array(words.SHORT_GIVEN)[generation]
    # One long list of characters; each sex and generation owns a stretch of it.
    stretches = [*words.GIVEN_FEMALE, *words.GIVEN_MALE]
    lengths = np.array([len(stretch) for stretch in stretches])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    characters = pl.Series(list("".join(stretches)))
    group = male * len(words.GIVEN_FEMALE) + generation
    one = take(characters, starts[group] + (first * lengths[group]).astype(np.int64))
    two = take(characters, starts[group] + (second * lengths[group]).astype(np.int64))
    rare = dice.chance(size, words.RARE_GIVEN_SHARE)
    two = choose(rare, dice.word(size, words.RARE_GIVEN), two)
    return choose(alone & ~rare, one, join(one, two))


def dotted(dice: Dice, size: int) -> pl.Series:
    """Names of the form given·father's, as in Xinjiang and Tibet."""
    return join(dice.word(size, words.DOTTED_FIRST), "·", dice.word(size, words.DOTTED_LAST))


def company_names(dice: Dice, city: pl.Series) -> pl.Series:
    size = len(city)
    return join(
        city.str.strip_suffix("市"),
        dice.word(size, words.COMPANY_FIRST),
        dice.word(size, words.COMPANY_SECOND),
        dice.word(size, words.INDUSTRIES),
        dice.word(size, words.COMPANY_SUFFIXES, (70, 15, 10, 5)),
    )
