"""Persons and companies of one chunk in one numbering: persons first, then companies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from anxin.config.sample.dice import Ints
from anxin.config.sample.membership import LIFE, Membership
from anxin.config.sample.people import Companies, People


@dataclass(frozen=True)
class Parties:
    name: pl.Series
    mobile: pl.Series
    source: pl.Series
    number: pl.Series
    outlet: Ints
    manager: Ints
    persons: int

    @property
    def count(self) -> int:
        return len(self.outlet)


def gather(people: People, companies: Companies, members: Membership, company_numbers: pl.Series) -> Parties:
    source, number = members.primary()
    return Parties(
        name=pl.concat([people.name, companies.name.alias(people.name.name)]),
        mobile=pl.concat([people.mobile, companies.mobile.alias(people.mobile.name)]),
        source=pl.concat([source, pl.repeat(LIFE, companies.count, eager=True).alias(source.name)]),
        number=pl.concat([number, company_numbers.alias(number.name)]),
        outlet=np.concatenate((people.outlet, companies.outlet)),
        manager=np.concatenate((people.manager, companies.manager)),
        persons=people.count,
    )


@dataclass(frozen=True)
class Book:
    """Policies as claims, endorsements and touchpoints need them. Days since 1970; amounts in fen."""

    number: pl.Series
    party: Ints
    start: Ints
    end: Ints
    sum_insured: Ints
    motor: bool
    claim_rate: float
