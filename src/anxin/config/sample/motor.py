"""Motor core: vehicles and their yearly policies, each naming the one it renews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import dirt, words
from anxin.config.sample.dice import (
    COMPACT,
    Dice,
    Ints,
    add_months,
    blank,
    choose,
    day_text,
    digits,
    join,
    take,
    to_day,
    yuan,
)
from anxin.config.sample.dirt import Flaw
from anxin.config.sample.identifiers import plates, vins
from anxin.config.sample.life import policy_flaws
from anxin.config.sample.membership import MOTOR, Counters, Membership, motor_number
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.parties import Book, Parties
from anxin.config.sample.people import Companies, People

NOT_BEGUN, IN_FORCE, EXPIRED, CANCELLED = range(4)
STATUS_CODES: Final = ("0", "1", "3", "4")
COMMERCIAL, COMPULSORY = 0, 1
_CODES: Final = ("M401", "M402")
_PREFIX: Final = ("MC", "MJ")
_CHANNELS: Final = ("01", "02", "03", "04", "05")
_MOST_TERMS: Final = 5


@dataclass(frozen=True)
class MotorFiles:
    policies: dirt.Spoiled
    premium_fen: Ints
    coverages: pl.DataFrame
    book: Book
    annual_fen: Ints
    vehicles: int


@dataclass(frozen=True)
class _Vehicles:
    owner: Ints
    plate: pl.Series
    vin: pl.Series
    engine: pl.Series
    model: pl.Series
    registered: Ints
    electric: Ints
    seats: Ints
    base: Ints
    expiry: Ints
    terms: Ints
    kinds: Ints


@dataclass(frozen=True)
class _Terms:
    """One row per policy: vehicle, kind, years back from the newest term, dates, premium and state."""

    vehicle: Ints
    kind: Ints
    age: Ints
    start: Ints
    end: Ints
    premium: Ints
    cover: Ints
    status: Ints
    number: pl.Series
    previous: pl.Series


def fleet_numbers(companies: Companies, counters: Counters, *, seed: int, chunk: int) -> pl.Series:
    """Motor customer numbers of the companies that insure vehicles; null for the others."""
    fleet = Dice(seed, 10, chunk).chance(companies.count, 0.4)
    first = counters.reserve(MOTOR, int(fleet.sum()))
    return blank(motor_number(first - 1 + np.cumsum(fleet)), ~fleet)


def _vehicles(
    org: Organisation,
    people: People,
    companies: Companies,
    members: Membership,
    parties: Parties,
    fleet: pl.Series,
    counters: Counters,
    dice: Dice,
    today: int,
) -> _Vehicles:
    drives = members.known[MOTOR] & (people.age <= 78) & dice.chance(people.count, 0.92)
    drivers = np.flatnonzero(drives).astype(np.int64)
    own = np.repeat(drivers, 1 + (dice.uniform(len(drivers)) < 0.14).astype(np.int64))
    firms = np.flatnonzero(fleet.is_not_null().to_numpy()).astype(np.int64)
    company = np.repeat(people.count + firms, np.clip(companies.size[firms] // 12, 1, 60))
    owner = np.concatenate((own, company))
    count = len(owner)
    serial = counters.reserve("vehicle", count) + np.arange(count)
    electric = dice.chance(count, 0.22).astype(np.int64)
    models = (*words.FUEL_MODELS, *words.ELECTRIC_MODELS)
    fuels = len(words.FUEL_MODELS)
    model = np.where(
        electric == 1, fuels + dice.whole(count, 0, len(words.ELECTRIC_MODELS)), dice.whole(count, 0, fuels)
    )
    terms = 1 + dice.weighted(count, (30, 26, 20, 14, 10))
    # Most are covered today; some ran out lately and wait for a renewal, some left us long ago.
    fate = dice.weighted(count, (80, 9, 11))
    ahead, lately, gone = dice.whole(count, 0, 365), -dice.whole(count, 1, 61), -dice.whole(count, 61, 900)
    expiry = today + np.select([fate == 0, fate == 1], [ahead, lately], gone)
    # Some have bought next year's policy before this year's ends.
    early = (fate == 0) & (ahead < 30) & dice.chance(count, 0.3)
    expiry = np.where(early, add_months(expiry + 1, 12) - 1, expiry)
    terms = np.where(early, np.minimum(terms + 1, _MOST_TERMS), terms)
    oldest = add_months(expiry + 1, -12 * terms)
    registered = oldest - np.where(dice.chance(count, 0.5), 0, dice.whole(count, 1, 2500))
    year = registered.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    city = take([o.province.plate_character + o.city.plate_letter for o in org.outlets], parties.outlet[owner])
    wealth = np.concatenate((people.wealth, np.full(companies.count, 0.4)))[owner]
    return _Vehicles(
        owner=owner,
        plate=plates(city, electric, serial),
        vin=vins([code for code, _ in models], model, year, serial),
        engine=join("E", digits(serial * 7919 % 10**7, 7)),
        model=take([name for _, name in models], model),
        registered=registered,
        electric=electric,
        seats=np.where(dice.chance(count, 0.08), 7, 5),
        base=(270_000 * np.exp(0.35 * wealth + 0.35 * dice.normal(count) + 0.2 * electric)).astype(np.int64),
        expiry=expiry,
        terms=terms,
        kinds=dice.weighted(count, (22, 63, 15)),
    )


def _terms(vehicles: _Vehicles, counters: Counters, dice: Dice, today: int) -> _Terms:
    kinds = np.array([(1, 0), (1, 1), (0, 1)], dtype=bool)[vehicles.kinds]
    vehicle_kind = [(np.flatnonzero(kinds[:, kind]).astype(np.int64), kind) for kind in (COMMERCIAL, COMPULSORY)]
    chains = np.concatenate([at for at, _ in vehicle_kind])
    chain_kind = np.concatenate([np.full(len(at), kind, dtype=np.int64) for at, kind in vehicle_kind])
    length = vehicles.terms[chains]
    vehicle = np.repeat(chains, length)
    kind = np.repeat(chain_kind, length)
    count = len(vehicle)
    age = np.arange(count) - np.repeat(np.cumsum(length) - length, length)
    expiry = vehicles.expiry[vehicle]
    start = add_months(expiry + 1, -12 * (age + 1))
    end = add_months(expiry + 1, -12 * age) - 1
    swing = 1 + 0.05 * age + 0.04 * dice.normal(count)
    price = np.maximum(vehicles.base[vehicle] * swing, 60_000).astype(np.int64)
    legal = np.array([95_000, 85_500, 76_000, 66_500], dtype=np.int64)[np.clip(vehicles.terms[vehicle] - 1 - age, 0, 3)]
    premium = np.where(kind == COMMERCIAL, price, legal + np.where(vehicles.seats[vehicle] > 6, 15_000, 0))
    status = np.where(end < today, EXPIRED, np.where(start > today, NOT_BEGUN, IN_FORCE))
    # Only a last term is ever cancelled: whoever renewed did not cancel the year before.
    status = np.where((age == 0) & (status == IN_FORCE) & dice.chance(count, 0.015), CANCELLED, status)
    year = start.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    first = counters.reserve("motor_policy", count)
    number = join(take(_PREFIX, kind), digits(year), digits(first + np.arange(count), 9))
    oldest = age == vehicles.terms[vehicle] - 1
    previous = blank(take(number, np.minimum(np.arange(count) + 1, count - 1)), oldest)
    return _Terms(
        vehicle=vehicle,
        kind=kind,
        age=age,
        start=start,
        end=end,
        premium=premium,
        cover=np.where(kind == COMMERCIAL, premium * 40 + 200_000_000, 20_000_000),
        status=status,
        number=number,
        previous=previous,
    )


def _policy_frame(
    org: Organisation, parties: Parties, numbers: pl.Series, vehicles: _Vehicles, terms: _Terms, dice: Dice, today: int
) -> pl.DataFrame:
    count = len(terms.vehicle)
    at = terms.vehicle
    owner = vehicles.owner[at]
    customer = take(numbers, owner)
    firm = owner >= parties.persons
    return pl.DataFrame(
        {
            "保单号码": terms.number,
            "险种": take(_CODES, terms.kind),
            "投保人代码": customer,
            "被保险人代码": customer,
            "号牌号码": take(vehicles.plate, at),
            "车架号": take(vehicles.vin, at),
            "发动机号": take(vehicles.engine, at),
            "厂牌型号": take(vehicles.model, at),
            "初次登记日期": take(day_text(vehicles.registered, COMPACT), at),
            "使用性质": choose(firm, "220", "211"),
            "核定座位": take(digits(vehicles.seats), at),
            "能源种类": take(("0", "1"), vehicles.electric[at]),
            "归属机构": take(org.outlet_codes, parties.outlet[owner]),
            "经办人": take(org.manager_numbers, parties.manager[owner]),
            "业务来源": dice.word(count, _CHANNELS, (30, 28, 20, 12, 10)),
            "签单日期": day_text(np.minimum(terms.start - dice.whole(count, 0, 25), today), COMPACT),
            "起保日期": day_text(terms.start, COMPACT),
            "终保日期": day_text(terms.end, COMPACT),
            "保费": yuan(terms.premium),
            "保险金额": yuan(terms.cover),
            "状态": take(STATUS_CODES, terms.status),
            "上年保单号": terms.previous,
        }
    )


def _coverages(terms: _Terms, today: int) -> pl.DataFrame:
    """Covers of the commercial policies not yet run out, and of those that did within the last sixty days."""
    at = np.flatnonzero((terms.kind == COMMERCIAL) & (terms.end >= today - 60)).astype(np.int64)
    premium = terms.premium[at]
    damage, passengers = premium * 55 // 100, premium * 5 // 100
    parts = (("M411", damage, premium * 40), ("M412", premium - damage - passengers, np.full(len(at), 200_000_000)),
             ("M413", passengers, np.full(len(at), 5_000_000)))  # fmt: skip
    begin, end = day_text(terms.start[at]), day_text(terms.end[at])
    state = take(("未生效", "有效", "满期", "退保"), terms.status[at])
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "policy_no": take(terms.number, at),
                    "seq": np.full(len(at), seq, dtype=np.int64),
                    "product_code": pl.repeat(code, len(at), eager=True),
                    "main_or_rider": pl.repeat("main", len(at), eager=True),
                    "sum_insured": yuan(cover),
                    "premium": yuan(part),
                    "deductible": pl.repeat("0.00", len(at), eager=True),
                    "start_date": begin,
                    "end_date": end,
                    "status": state,
                }
            )
            for seq, (code, part, cover) in enumerate(parts, start=1)
        ]
    )


def write(
    org: Organisation,
    people: People,
    companies: Companies,
    members: Membership,
    parties: Parties,
    fleet: pl.Series,
    counters: Counters,
    *,
    seed: int,
    chunk: int,
    rate: float,
    as_of: object,
) -> MotorFiles:
    """All motor files of one chunk."""
    dice = Dice(seed, 11, chunk)
    today = to_day(as_of)
    vehicles = _vehicles(org, people, companies, members, parties, fleet, counters, dice, today)
    terms = _terms(vehicles, counters, dice, today)
    known = members.numbers[MOTOR]
    frame = _policy_frame(org, parties, pl.concat([known, fleet.alias(known.name)]), vehicles, terms, dice, today)
    plate = pl.col("号牌号码")
    spaced = Flaw("spaces", (pl.concat_str(plate.str.slice(0, 2), pl.lit(" "), plate.str.slice(2)).alias("号牌号码"),))
    spoiled = dirt.spoil(
        frame,
        dice=dice,
        rate=rate,
        flaws=policy_flaws("保费", "终保日期", "归属机构", "%Y%m%d", (spaced,)),
        key="保单号码",
        eligible=terms.previous.is_null().to_numpy(),
        new_keys=lambda at: join("MX0000", digits(at + counters.reserve("motor_extra", len(at)) - int(at[0]), 9)),
    )
    owner = vehicles.owner[terms.vehicle]
    live = np.where(terms.status == IN_FORCE, terms.premium, 0)
    annual = np.bincount(owner, weights=live, minlength=parties.count)
    return MotorFiles(
        policies=spoiled,
        premium_fen=terms.premium,
        coverages=_coverages(terms, today),
        book=Book(terms.number, owner, terms.start, terms.end, terms.cover, True, 0.1),
        annual_fen=annual.astype(np.int64),
        vehicles=len(vehicles.owner),
    )
