"""Which source systems know whom, and under what numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample.dice import Dice, Ints, Mask, blank, choose, digits, join
from anxin.config.sample.people import ADULT, Document, People

LIFE: Final = "life-core"
MOTOR: Final = "motor-core"
CRM: Final = "old-crm"
SOURCES: Final = (LIFE, MOTOR, CRM)
CRM_SHARE: Final = 0.08
CRM_MOST: Final = 100_000

_LIFE_BIT, _MOTOR_BIT, _CRM_BIT = 1, 2, 4

# How a further record of a person agrees with the first; from NEAR on no exact rule finds it (see README.md).
LINKS: Final = (
    "primary", "id", "name_birth_mobile", "near_mobile", "near_name", "near_birth", "near_misheard", "near_swapped",
    "near_traditional", "near_mistyped", "near_agent", "near_moved",
)  # fmt: skip
_LINK_WEIGHTS: Final = (0, 66, 14, 3, 3, 3, 3, 1, 2, 2, 1, 2)
NEAR: Final = 3


@dataclass
class Counters:
    """The last number given out in each series, carried from chunk to chunk."""

    values: dict[str, int] = field(default_factory=dict)

    def reserve(self, series: str, count: int) -> int:
        """The first of `count` fresh numbers (from 1)."""
        first = self.values.get(series, 0) + 1
        self.values[series] = first + count - 1
        return first


@dataclass(frozen=True)
class Membership:
    """Which systems know whom: customer numbers (null where unknown), and how a second record matches the first."""

    numbers: dict[str, pl.Series]
    known: dict[str, Mask]
    link: dict[str, Ints]
    systems: Ints

    def primary(self) -> tuple[pl.Series, pl.Series]:
        """Source and customer number of each person's first record."""
        number = pl.select(
            pl.coalesce(*[pl.lit(self.numbers[source]).alias(source) for source in SOURCES]).alias("n")
        ).get_column("n")
        source = choose(self.known[LIFE], LIFE, choose(self.known[MOTOR], MOTOR, CRM))
        return source, number


def life_number(at: Ints) -> pl.Series:
    return join("L", digits(at, 9))


def motor_number(at: Ints) -> pl.Series:
    return digits(at, 10)


def crm_number(at: Ints) -> pl.Series:
    return digits(at, 8)


def company_number(at: Ints) -> pl.Series:
    return join("G", digits(at, 8))


_NUMBERS: Final = {LIFE: life_number, MOTOR: motor_number, CRM: crm_number}


def membership(people: People, counters: Counters, *, seed: int, chunk: int, customers: int) -> Membership:
    """About one adult in eight is known to two systems or more; children are known to life core or the old CRM."""
    dice = Dice(seed, 4, chunk)
    scale = min(1.0, CRM_MOST / (CRM_SHARE * customers))
    both = 9.8 + 4.3 * (1 - scale)
    crm_alone, life_crm, motor_crm, every = 3.6 * scale, 2.2 * scale, 1.6 * scale, 0.6 * scale
    life = 47.0
    motor = 100 - life - both - crm_alone - life_crm - motor_crm - every
    bits = np.array([1, 2, 3, 4, 5, 6, 7], dtype=np.int64)
    drawn = bits[dice.weighted(people.count, (life, motor, both, crm_alone, life_crm, motor_crm, every))]
    child = people.age < ADULT
    drawn = np.where(child, drawn & ~_MOTOR_BIT, drawn)
    drawn = np.where(drawn == 0, _LIFE_BIT, drawn)
    known = {LIFE: (drawn & _LIFE_BIT) > 0, MOTOR: (drawn & _MOTOR_BIT) > 0, CRM: (drawn & _CRM_BIT) > 0}
    numbers: dict[str, pl.Series] = {}
    links: dict[str, Ints] = {}
    seen = np.zeros(people.count, dtype=np.int64)
    for source in SOURCES:
        here = known[source]
        first = counters.reserve(source, int(here.sum()))
        numbers[source] = blank(_NUMBERS[source](first - 1 + np.cumsum(here)), ~here)
        link = dice.weighted(people.count, _LINK_WEIGHTS)
        # A third record that matched only nearly could match the second instead; keep it plain.
        link = np.where((seen >= 2) & (link >= NEAR), 1, link)
        # The old CRM has a column for the resident ID and for no other document.
        unknown = people.document != Document.RESIDENT_ID if source == CRM else people.document == Document.NONE
        link = np.where(unknown & (link == 1), 2, link)
        links[source] = np.where(seen == 0, 0, link)
        seen = seen + here
    return Membership(numbers=numbers, known=known, link=links, systems=seen)
