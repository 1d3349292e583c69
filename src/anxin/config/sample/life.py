"""Life core: individual policies with covers, beneficiaries and instalments, and headers of group policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import dirt
from anxin.config.sample.dice import Dice, Ints, add_months, blank, choose, day_text, digits, join, take, to_day, yuan
from anxin.config.sample.dirt import Flaw
from anxin.config.sample.membership import LIFE, Counters, Membership
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.parties import Book
from anxin.config.sample.people import ADULT, Companies, People, Place
from anxin.config.sample.products import GRACE_DAYS, GROUP_LIFE, INDIVIDUAL_LIFE

STATUSES: Final = ("有效", "中止", "终止", "满期", "退保")
ACTIVE, SUSPENDED, ENDED, MATURED, SURRENDERED = range(5)
_REASONS: Final = ("", "欠缴保费", "理赔终止", "保险期间届满", "客户退保")
_CHANNELS: Final = ("个代", "银保", "经代", "网销", "电销")
# Median yearly premium in fen at factor 1, and how far wealth spreads it: with these, 20 % of customers carry about
# 80 % of the premium and about 1.5 % of the persons pay 50,000 yuan a year or more.
_MEDIAN: Final = 560_000
_SPREAD: Final = 1.18
_WHOLE_LIFE_END: Final = 105
# What the beneficiary is to the insured, by household place of the insured and of the beneficiary.
RELATION: Final = (
    ("本人", "配偶", "子女", "父母"),
    ("配偶", "本人", "子女", "其他亲属"),
    ("父母", "父母", "兄弟姐妹", "祖父母"),
    ("子女", "其他亲属", "孙子女", "本人"),
)


@dataclass(frozen=True)
class LifeFiles:
    policies: dirt.Spoiled
    premium_fen: Ints
    roles: pl.DataFrame
    coverages: pl.DataFrame
    instalments: pl.DataFrame
    instalment_totals: dict[str, int]
    groups: pl.DataFrame
    group_premium_fen: Ints
    book: Book
    annual_fen: Ints


@dataclass(frozen=True)
class _Policies:
    number: pl.Series
    holder: Ints
    insured: Ints
    product: Ints
    start: Ints
    end: Ints
    term: Ints
    interval: Ints
    premium: Ints
    annual: Ints
    cover: Ints
    status: Ints
    paid_to: Ints
    total_paid: Ints


def _draw(people: People, members: Membership, counters: Counters, dice: Dice, today: int) -> _Policies:
    known = members.known[LIFE]
    adult = np.flatnonzero(known & (people.age >= ADULT + 2) & (dice.uniform(people.count) < 0.74)).astype(np.int64)
    holder = np.repeat(adult, 1 + np.minimum(dice.generator.poisson(0.45, len(adult)), 5))
    count = len(holder)
    product = dice.weighted(count, [item.weight for item in INDIVIDUAL_LIFE])
    years = np.array([item.years for item in INDIVIDUAL_LIFE], dtype=np.int64)[product]
    widest = max(len(item.terms) for item in INDIVIDUAL_LIFE)
    terms = np.array([(item.terms * widest)[:widest] for item in INDIVIDUAL_LIFE], dtype=np.int64)
    options = np.array([len(item.terms) for item in INDIVIDUAL_LIFE])[product]
    term = terms[product, dice.whole(count, 0, options)]
    # Insured is mostly the holder; else another of the household whom life core knows (children's policies: a child).
    other = people.start[holder] + dice.whole(count, 0, people.size[holder])
    other = np.minimum(other, people.count - 1)
    swap = (dice.uniform(count) < 0.35) & known[other]
    insured = np.where(swap, other, holder)
    yearly = years == 1
    back = np.where(yearly, dice.whole(count, 0, 500), (dice.uniform(count) ** 1.3 * 11 * 365).astype(np.int64) + 20)
    start = np.maximum(today - back, people.birth[holder] + ADULT * 366)
    start = np.minimum(np.maximum(start, people.birth[insured] + 30), today - 1)
    length = np.where(years == 0, 12 * (_WHOLE_LIFE_END - np.minimum(people.age[insured], 95)), 12 * years)
    end = add_months(start, length) - 1
    interval = np.where(yearly, 12, np.array([12, 1, 3, 6])[dice.weighted(count, (80, 13, 3, 4))])
    interval = np.where(term == 0, 0, interval)
    factor = np.array([item.premium for item in INDIVIDUAL_LIFE])[product]
    annual = _MEDIAN * factor * np.exp(_SPREAD * people.wealth[holder] + 0.35 * dice.normal(count))
    annual = np.where(yearly, np.clip(annual, 10_000, 500_000), np.clip(annual, 60_000, 300_000_000))
    annual = np.where(term == 0, annual * 5, annual)
    parts = np.where(interval == 0, 1, 12 // np.maximum(interval, 1))
    premium = (annual / parts / 1000).round().astype(np.int64) * 1000
    cover = premium * parts * np.array([item.cover for item in INDIVIDUAL_LIFE], dtype=np.int64)[product]
    cover = np.minimum(cover // 1_000_000 * 1_000_000 + 1_000_000, 6_000_000_00)
    status = dice.weighted(count, (87, 3, 3, 0, 7))
    status = np.where(yearly & (status == SUSPENDED), ACTIVE, status)
    status = np.where((status == SUSPENDED) & (interval == 0), ACTIVE, status)
    status = np.where(today - start < 400, np.where(status == SUSPENDED, ACTIVE, status), status)
    status = np.where((end < today) & (status == ACTIVE), MATURED, status)
    paid_up = add_months(start, 12 * np.maximum(term, 1))
    due = np.maximum(interval, 1)
    run = (today - start) // 30 // due
    next_due = add_months(start, np.maximum(run, 0) * due)
    # Thirty-day months run ahead of the calendar: step back or on to the first due day after today.
    next_due = np.where(next_due <= today, add_months(start, (run + 1) * due), next_due)
    paid_to = np.where((interval == 0) | yearly, end + 1, np.minimum(next_due, paid_up))
    done = np.minimum(np.maximum(run + 1, 1), np.where(interval == 0, 1, 12 * np.maximum(term, 1) // due))
    paying = (status == ACTIVE) & ((interval == 0) | (today < paid_up))
    yearly_fen = np.where(interval == 0, premium // 10, premium * parts)
    first = counters.reserve("life_policy", count)
    year = start.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    return _Policies(
        number=join("P", digits(year), digits(first + np.arange(count), 9)),
        holder=holder,
        insured=insured,
        product=product,
        start=start,
        end=end,
        term=term,
        interval=interval,
        premium=premium,
        annual=np.where(paying, yearly_fen, 0),
        cover=cover,
        status=status,
        paid_to=paid_to,
        total_paid=premium * done,
    )


def _policy_frame(
    org: Organisation, people: People, members: Membership, policies: _Policies, dice: Dice
) -> pl.DataFrame:
    count = len(policies.holder)
    numbers = members.numbers[LIFE]
    names = {0: "趸交", 1: "月交", 3: "季交", 6: "半年交", 12: "年交"}
    mode = take([names.get(value, "趸交") for value in range(13)], policies.interval)
    applied = policies.start - 1 - dice.whole(count, 0, 6)
    received = policies.start + dice.whole(count, 0, 22)
    return pl.DataFrame(
        {
            "保单号": policies.number,
            "投保单号": join("T", policies.number.str.slice(1)),
            "险种代码": take([product.code for product in INDIVIDUAL_LIFE], policies.product),
            "投保人客户号": take(numbers, policies.holder),
            "被保险人客户号": take(numbers, policies.insured),
            "归属机构": take(org.outlet_codes, people.outlet[policies.holder]),
            "业务员工号": take(org.manager_numbers, people.manager[policies.holder]),
            "销售渠道": dice.word(count, _CHANNELS, (58, 24, 8, 7, 3)),
            "投保日期": day_text(applied),
            "承保日期": day_text(policies.start - 1),
            "生效日期": day_text(policies.start),
            "满期日期": day_text(policies.end),
            "回执签收日期": blank(day_text(received), dice.chance(count, 0.05)),
            "缴费方式": mode,
            "缴费年期": digits(policies.term),
            "期交保费": yuan(policies.premium),
            "年化保费": yuan(policies.annual),
            "累计已交保费": yuan(policies.total_paid),
            "基本保额": yuan(policies.cover),
            "币种": pl.repeat("CNY", count, eager=True),
            "交至日期": day_text(policies.paid_to),
            "保单状态": take(STATUSES, policies.status),
            "终止原因": take(_REASONS, policies.status),
        }
    )


def policy_flaws(premium: str, end: str, unit: str, form: str, extra: tuple[Flaw, ...]) -> list[Flaw]:
    thirtieth = "2026-02-30" if form == "%Y-%m-%d" else "20260230"
    return [
        *extra,
        Flaw("fullwidth", (dirt.fullwidth(premium),)),
        Flaw("negative_premium", (pl.concat_str(pl.lit("-"), pl.col(premium)).alias(premium),)),
        Flaw("impossible_date", (pl.lit(thirtieth).alias(end),)),
        Flaw("two_digit_year", (pl.col(end).str.slice(2),)),
        Flaw("excel_serial", (dirt.excel_serial(end, form),)),
        Flaw("unknown_unit", (pl.lit(dirt.UNKNOWN_UNIT).alias(unit),)),
        Flaw("duplicate_key"),
    ]


def _roles(people: People, members: Membership, policies: _Policies, dice: Dice) -> pl.DataFrame:
    """Named beneficiaries: one or two others of the household; the rest of the policies leave it to the law."""
    named = np.flatnonzero(dice.uniform(len(policies.holder)) < 0.45).astype(np.int64)
    insured = policies.insured[named]
    size, start, at = people.size[insured], people.start[insured], people.at[insured]
    known = members.known[LIFE]
    first = np.minimum(start + (at + 1) % size, people.count - 1)
    second = np.minimum(start + (at + 2) % size, people.count - 1)
    has_first = (size > 1) & known[first]
    has_second = (size > 2) & known[second]
    share = np.where(has_first & has_second, 50, 100)
    relation = pl.Series([relation for row in RELATION for relation in row])
    blocks = []
    for mask, who in ((has_first, first), (has_second, second)):
        picked = np.flatnonzero(mask)
        blocks.append(
            pl.DataFrame(
                {
                    "policy_no": take(policies.number, named[picked]),
                    "role": pl.repeat("beneficiary", len(picked), eager=True),
                    "customer_no": take(members.numbers[LIFE], who[picked]),
                    "name": take(people.name, who[picked]),
                    "relation": take(relation, people.place[insured[picked]] * len(Place) + people.place[who[picked]]),
                    "order": np.ones(len(picked), dtype=np.int64),
                    "share": digits(share[picked]),
                }
            )
        )
    return pl.concat(blocks)


def _coverages(policies: _Policies, dice: Dice) -> pl.DataFrame:
    """The main cover of each policy and the yearly riders of some; their premiums make up the policy's premium."""
    count = len(policies.holder)
    rider = dice.chance(count, 0.3) & (policies.premium > 50_000) & (policies.interval > 0)
    part = np.where(rider, policies.premium // 20, 0)
    code = take([product.code for product in INDIVIDUAL_LIFE], policies.product)
    at = np.flatnonzero(rider).astype(np.int64)
    begin, end, state = day_text(policies.start), day_text(policies.end), take(STATUSES, policies.status)
    main = pl.DataFrame(
        {
            "policy_no": policies.number,
            "seq": np.ones(count, dtype=np.int64),
            "product_code": code,
            "main_or_rider": pl.repeat("main", count, eager=True),
            "sum_insured": yuan(policies.cover),
            "premium": yuan(policies.premium - part),
            "deductible": choose((code == "L106").to_numpy(), "10000.00", "0.00"),
            "start_date": begin,
            "end_date": end,
            "status": state,
        }
    )
    riders = pl.DataFrame(
        {
            "policy_no": take(policies.number, at),
            "seq": np.full(len(at), 2, dtype=np.int64),
            "product_code": dice.word(len(at), ("L201", "L202")),
            "main_or_rider": pl.repeat("rider", len(at), eager=True),
            "sum_insured": pl.repeat("20000.00", len(at), eager=True),
            "premium": yuan(part[at]),
            "deductible": pl.repeat("0.00", len(at), eager=True),
            "start_date": take(begin, at),
            "end_date": take(end, at),
            "status": take(state, at),
        }
    )
    return pl.concat([main, riders])


def _instalments(policies: _Policies, dice: Dice, today: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """Regular premiums due from two years back to sixty days ahead."""
    regular = (policies.interval > 0) & (policies.status <= SUSPENDED) & (policies.term > 1)
    at = np.flatnonzero(regular).astype(np.int64)
    start, due = policies.start[at], policies.interval[at]
    first = np.maximum((today - 730 - start) // 30 // due - 1, 0)
    most = np.minimum(12 * policies.term[at] // due, (today + 60 - start) // 30 // due + 2)
    repeat = np.maximum(most - first, 0)
    owner = np.repeat(np.arange(len(at)), repeat)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(repeat) - repeat, repeat) + first[owner]
    day = add_months(start[owner], step * due[owner])
    keep = (day >= today - 730) & (day <= today + 60)
    owner, step, day = owner[keep], step[keep], day[keep]
    policy = at[owner]
    suspended = policies.status[policy] == SUSPENDED
    paid = (day <= today - GRACE_DAYS) & ~(suspended & (day > today - 420))
    late = dice.chance(len(day), 0.04)
    paid |= (day > today - GRACE_DAYS) & (day <= today) & ~late & ~suspended & (step >= 0)
    paid |= step == 0
    slow = dice.chance(len(day), 0.12)
    on = np.minimum(day + np.where(slow, dice.whole(len(day), 1, 55), dice.whole(len(day), -5, 1)), today)
    on = np.where(step == 0, day, on)
    state = np.where(paid, 0, np.where(day > today, 1, np.where(day + GRACE_DAYS >= today, 2, 3)))
    premium = policies.premium[policy]
    method = dice.word(len(day), ("bank_transfer", "wechat", "alipay", "counter"), (70, 14, 12, 4))
    frame = pl.DataFrame(
        {
            "policy_no": take(policies.number, policy),
            "seq": step + 1,
            "due_date": day_text(day),
            "grace_end": day_text(day + GRACE_DAYS),
            "amount": yuan(premium),
            "paid_amount": choose(paid, yuan(premium), ""),
            "paid_date": blank(day_text(on), ~paid),
            "method": choose(paid, method, ""),
            "status": take(("paid", "due", "grace", "overdue"), state),
        }
    )
    totals = {"due_fen": int(premium.sum()), "paid_fen": int(premium[paid].sum()), "in_grace": int((state == 2).sum())}
    return frame, totals


def _groups(
    org: Organisation, companies: Companies, numbers: pl.Series, counters: Counters, dice: Dice, today: int
) -> tuple[pl.DataFrame, Ints]:
    """Headers of group policies, each renewed for up to four years."""
    buyers = np.flatnonzero(dice.uniform(companies.count) < 0.7).astype(np.int64)
    terms = dice.whole(len(buyers), 1, 5)
    expiry = today + dice.whole(len(buyers), -45, 366)
    owner = np.repeat(np.arange(len(buyers)), terms)
    age = np.arange(len(owner)) - np.repeat(np.cumsum(terms) - terms, terms)
    end = add_months(expiry[owner] + 1, -12 * age) - 1
    start = add_months(expiry[owner] + 1, -12 * (age + 1))
    company = buyers[owner]
    product = dice.weighted(len(buyers), [item.weight for item in GROUP_LIFE])[owner]
    heads = np.maximum(companies.size[company] * (20 - age) // 20, 3)
    each = np.array([60_000, 9_000], dtype=np.int64)[product] + dice.whole(len(owner), 0, 30) * 1000
    premium = heads * each
    first = counters.reserve("group_policy", len(owner))
    number = join("GP", digits(first + np.arange(len(owner)), 9))
    last = age == terms[owner] - 1
    previous = blank(take(number, np.minimum(np.arange(len(owner)) + 1, len(owner) - 1)), last)
    frame = pl.DataFrame(
        {
            "团体保单号": number,
            "投保单位客户号": take(numbers, company),
            "险种代码": take([item.code for item in GROUP_LIFE], product),
            "归属机构": take(org.outlet_codes, companies.outlet[company]),
            "业务员工号": take(org.manager_numbers, companies.manager[company]),
            "参保人数": digits(heads),
            "保费": yuan(premium),
            "生效日期": day_text(start),
            "满期日期": day_text(end),
            "保单状态": choose(end < today, "满期", "有效"),
            "上年保单号": previous,
        }
    )
    return frame, premium


def write(
    org: Organisation,
    people: People,
    companies: Companies,
    members: Membership,
    company_numbers: pl.Series,
    counters: Counters,
    *,
    seed: int,
    chunk: int,
    rate: float,
    as_of: object,
) -> LifeFiles:
    """All life files of one chunk."""
    dice = Dice(seed, 9, chunk)
    today = to_day(as_of)
    policies = _draw(people, members, counters, dice, today)
    frame = _policy_frame(org, people, members, policies, dice)
    spaced = Flaw("spaces", (pl.concat_str(pl.lit(" "), pl.col("期交保费"), pl.lit(" ")).alias("期交保费"),))
    spoiled = dirt.spoil(
        frame,
        dice=dice,
        rate=rate,
        flaws=policy_flaws("期交保费", "满期日期", "归属机构", "%Y-%m-%d", (spaced,)),
        key="保单号",
        eligible=np.ones(frame.height, dtype=bool),
        new_keys=lambda at: join("P0000", digits(at + counters.reserve("life_extra", len(at)) - int(at[0]), 9)),
    )
    instalments, totals = _instalments(policies, dice, today)
    groups, group_premium = _groups(org, companies, company_numbers, counters, dice, today)
    annual = np.bincount(policies.holder, weights=policies.annual, minlength=people.count + companies.count)
    return LifeFiles(
        policies=spoiled,
        premium_fen=policies.premium,
        roles=_roles(people, members, policies, dice),
        coverages=_coverages(policies, dice),
        instalments=instalments,
        instalment_totals=totals,
        groups=groups,
        group_premium_fen=group_premium,
        book=Book(policies.number, policies.holder, policies.start, policies.end, policies.cover, False, 0.05),
        annual_fen=annual.astype(np.int64),
    )
