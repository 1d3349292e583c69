"""The people and companies behind the exports: who they are, who lives together, who works where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import names, words
from anxin.config.sample.dice import Dice, Floats, Ints, Mask, as_dates, choose, digits, join, take, to_day
from anxin.config.sample.identifiers import company_codes, landlines, mobiles, resident_ids
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.places import ELSEWHERE


class Place(IntEnum):
    """Place in the household, as seen from its head."""

    HEAD = 0
    SPOUSE = 1
    CHILD = 2
    PARENT = 3


# Members in order, weight, youngest and oldest head.
_HOUSEHOLDS: Final = (
    ((Place.HEAD,), 26, 20, 72),
    ((Place.HEAD, Place.SPOUSE), 18, 23, 60),
    ((Place.HEAD, Place.SPOUSE, Place.CHILD), 26, 25, 58),
    ((Place.HEAD, Place.SPOUSE, Place.CHILD, Place.CHILD), 10, 28, 58),
    ((Place.HEAD, Place.SPOUSE, Place.CHILD, Place.PARENT), 8, 27, 58),
    ((Place.HEAD, Place.CHILD), 5, 25, 55),
    ((Place.HEAD, Place.SPOUSE), 7, 60, 88),
)
OLDEST: Final = 95
ADULT: Final = 18


class Document(IntEnum):
    RESIDENT_ID = 0
    PASSPORT = 1
    HONG_KONG_PASS = 2
    NONE = 3


@dataclass(frozen=True)
class People:
    """One chunk of persons, all arrays in the same order. `first` is the number of the first person over all chunks."""

    first: int
    household_first: int
    household: Ints
    start: Ints
    size: Ints
    at: Ints
    place: Ints
    male: Ints
    birth: Ints
    age: Ints
    name: pl.Series
    document: Ints
    document_no: pl.Series
    native_place: pl.Series
    mobile: pl.Series
    home_phone: pl.Series
    address: pl.Series
    short_address: pl.Series
    outlet: Ints
    manager: Ints
    wealth: Floats
    company: Ints

    @property
    def count(self) -> int:
        return len(self.birth)

    @property
    def households(self) -> int:
        return int(self.household[-1]) + 1 if self.count else 0


@dataclass(frozen=True)
class Companies:
    """One chunk of companies; `size` is headcount."""

    first: int
    name: pl.Series
    code: pl.Series
    industry: pl.Series
    size: Ints
    legal_person: pl.Series
    contact: pl.Series
    contact_role: pl.Series
    mobile: pl.Series
    phone: pl.Series
    address: pl.Series
    outlet: Ints
    manager: Ints

    @property
    def count(self) -> int:
        return len(self.size)


def _households(dice: Dice, count: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Households for `count` persons: their kinds, then household and place at table of each, and where each starts."""
    sizes = np.array([len(members) for members, *_ in _HOUSEHOLDS], dtype=np.int64)
    kinds = dice.weighted(count, [weight for _, weight, *_ in _HOUSEHOLDS])
    ends = np.cumsum(sizes[kinds])
    kinds = kinds[: int(np.searchsorted(ends, count)) + 1]
    household = np.repeat(np.arange(len(kinds), dtype=np.int64), sizes[kinds])[:count]
    start = np.concatenate(([0], np.cumsum(sizes[kinds])[:-1])).astype(np.int64)
    return kinds, household, np.arange(count, dtype=np.int64) - start[household], start


def _ages(dice: Dice, kinds: Ints, household: Ints, place: Ints) -> Ints:
    low = np.array([youngest for *_, youngest, _ in _HOUSEHOLDS])[kinds]
    high = np.array([oldest for *_, oldest in _HOUSEHOLDS])[kinds]
    head = low + np.floor((high - low + 1) * dice.generator.beta(1.4, 1.7, len(kinds))).astype(np.int64)
    count = len(household)
    age = head[household]
    gap = dice.whole(count, 22, 35)
    age = np.where(place == Place.SPOUSE, np.clip(age + dice.whole(count, -4, 5), 20, OLDEST), age)
    age = np.where(place == Place.CHILD, np.maximum(age - gap, 0), age)
    return np.asarray(np.where(place == Place.PARENT, np.minimum(age + gap, OLDEST), age), dtype=np.int64)


def _surnames(dice: Dice, count: int, start: Ints, place: Ints, male: Ints) -> Ints:
    """A child has the father's surname, a male parent living in is the head's father."""
    own = names.surname_positions(dice, count)
    head_male = male[start] == 1
    spouse = np.minimum(start + 1, count - 1)
    has_spouse = place[spouse] == Place.SPOUSE
    father = np.where(head_male | ~has_spouse, start, spouse)
    surname = np.where(place == Place.CHILD, own[father], own)
    return np.asarray(np.where((place == Place.PARENT) & (male == 1), own[start], surname), dtype=np.int64)


def _addresses(dice: Dice, org: Organisation, outlet: Ints) -> tuple[pl.Series, pl.Series]:
    """Full addresses, and the part from the district on the way clerks shorten it."""
    size = len(outlet)
    district = take([o.district.name for o in org.outlets], outlet)
    city = take([o.province.name + o.city.name for o in org.outlets], outlet)
    tail = join(
        district,
        dice.word(size, words.STREETS),
        digits(dice.whole(size, 1, 400)),
        "号",
        dice.word(size, words.ESTATES),
        digits(dice.whole(size, 1, 31)),
        "幢",
        digits(dice.whole(size, 1, 5)),
        "单元",
        digits(dice.whole(size, 1, 29) * 100 + dice.whole(size, 1, 5)),
        "室",
    )
    return join(city, tail), tail


def _manager(dice: Dice, org: Organisation, outlet: Ints) -> Ints:
    return org.first_manager[outlet] + dice.whole(len(outlet), 0, org.managers_here[outlet])


def _documents(
    dice: Dice, org: Organisation, outlet: Ints, birth: Ints, age: Ints, male: Ints, chunk: int, chunks: int
) -> tuple[Ints, pl.Series, pl.Series]:
    count = len(birth)
    moved = dice.chance(count, 0.15)
    away = dice.whole(count, 0, len(ELSEWHERE))
    home = np.array([int(o.district.code) for o in org.outlets], dtype=np.int64)[outlet]
    region = np.where(moved, np.array([code for code, _ in ELSEWHERE], dtype=np.int64)[away], home)
    native = choose(
        moved,
        take([name for _, name in ELSEWHERE], away),
        take([o.province.name + o.city.name for o in org.outlets], outlet),
    )
    kind = dice.weighted(count, (97, 0.6, 0.6, 1.8))
    kind = np.where((age < 3) & dice.chance(count, 0.4), Document.NONE, kind)
    ids = resident_ids(region, birth, male, chunk=chunk, chunks=chunks)
    serial = digits(chunk * 1_000_000 + np.arange(count), 8)
    number = choose(kind == Document.RESIDENT_ID, ids, join(choose(kind == Document.PASSPORT, "E", "H"), serial))
    return kind, choose(kind == Document.NONE, "", number), native


def people(
    org: Organisation,
    *,
    seed: int,
    chunk: int,
    chunks: int,
    count: int,
    first: int,
    household_first: int,
    companies: Companies,
    as_of: object,
) -> People:
    """One chunk of `count` persons in whole households (the last may be cut short)."""
    dice = Dice(seed, 2, chunk)
    today = to_day(as_of)
    kinds, household, at, starts = _households(dice, count)
    table = np.array([[*members, 0, 0, 0][:4] for members, *_ in _HOUSEHOLDS], dtype=np.int64)
    place = table[kinds[household], at]
    start = starts[household]
    size = np.bincount(household, minlength=len(kinds))[household].astype(np.int64)
    age = _ages(dice, kinds, household, place)
    # The born days spread over the whole year before today, so birthdays fall on every day and no age is off by one.
    birth = np.asarray(today - np.floor((age + dice.uniform(count)) * 365.2425), dtype=np.int64)
    male = dice.whole(count, 0, 2)
    male = np.where(place == Place.HEAD, (dice.uniform(count) < 0.6).astype(np.int64), male)
    male = np.where(place == Place.SPOUSE, 1 - male[start], male)
    year = as_dates(birth).astype("M8[Y]").astype(np.int64) + 1970
    surname = names.surname_text(_surnames(dice, count, start, place, male))
    name = join(surname, names.given(dice, male, year))
    name = choose(dice.chance(count, words.DOTTED_SHARE), names.dotted(dice, count), name)
    outlet = dice.whole(len(kinds), 0, len(org.outlets))
    document, document_no, native = _documents(dice, org, outlet[household], birth, age, male, chunk, chunks)
    own_mobile = mobiles(dice, first + np.arange(count))
    # Children and many of the old are reached on the phone of the head of the household.
    shares = (age < 12) | ((age >= 78) & dice.chance(count, 0.5))
    mobile = choose(shares, take(own_mobile, start), own_mobile)
    full, short = _addresses(dice, org, outlet)
    trunk = take([o.city.trunk_code for o in org.outlets], outlet)
    home_phone = choose(dice.chance(len(kinds), 0.2), landlines(dice, trunk), "")
    manager = _manager(dice, org, outlet)
    works = (age >= 22) & (age < 60) & dice.chance(count, 0.28) & (companies.count > 0)
    employer = dice.weighted(count, companies.size.astype(np.float64)) if companies.count else np.zeros(count, np.int64)
    return People(
        first=first,
        household_first=household_first,
        household=household,
        start=start,
        size=size,
        at=at,
        place=place,
        male=male,
        birth=birth,
        age=age,
        name=name,
        document=document,
        document_no=document_no,
        native_place=native,
        mobile=mobile,
        home_phone=take(home_phone, household),
        address=take(full, household),
        short_address=take(short, household),
        outlet=outlet[household],
        manager=manager[household],
        wealth=0.5 * dice.normal(len(kinds))[household] + np.sqrt(0.75) * dice.normal(count),
        company=np.where(works, employer, -1),
    )


def companies(org: Organisation, *, seed: int, chunk: int, count: int, first: int) -> Companies:
    """One chunk of companies with a long tail of headcount (5 to 5,000)."""
    dice = Dice(seed, 3, chunk)
    outlet = dice.whole(count, 0, len(org.outlets))
    region = np.array([int(o.district.code) for o in org.outlets], dtype=np.int64)[outlet]
    full, _ = _addresses(dice, org, outlet)
    born = dice.whole(count, 1962, 1996)
    legal_male, contact_male = dice.whole(count, 0, 2), dice.whole(count, 0, 2)
    return Companies(
        first=first,
        name=names.company_names(dice, take([o.city.name for o in org.outlets], outlet)),
        code=company_codes(region, first + np.arange(count)),
        industry=dice.word(count, words.INDUSTRIES),
        size=np.clip(np.exp(3.4 + 1.1 * dice.normal(count)), 5, 5000).astype(np.int64),
        legal_person=join(names.surnames(dice, count), names.given(dice, legal_male, born)),
        contact=join(names.surnames(dice, count), names.given(dice, contact_male, born)),
        contact_role=dice.word(count, words.CONTACT_ROLES),
        mobile=mobiles(dice, 80_000_000 + first + np.arange(count)),
        phone=landlines(dice, take([o.city.trunk_code for o in org.outlets], outlet)),
        address=full,
        outlet=outlet,
        manager=_manager(dice, org, outlet),
    )


def minors(people: People) -> Mask:
    return np.asarray(people.age < ADULT)
