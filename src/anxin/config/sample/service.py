"""What happened along the way: claims with their stages, endorsements, touchpoints, relations between customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import words
from anxin.config.sample.dice import (
    Dice,
    Ints,
    Mask,
    blank,
    choose,
    day_text,
    digits,
    join,
    moment_text,
    take,
    to_day,
    yuan,
)
from anxin.config.sample.life import RELATION
from anxin.config.sample.membership import Counters
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.parties import Book, Parties
from anxin.config.sample.people import People, Place

_DAY: Final = 86_400
PAID, REFUSED, ZERO, WITHDRAWN = range(4)
CONCLUSIONS: Final = ("赔付", "拒赔", "零结案", "注销")
# Stage, its column, median hours after the stage before, spread.
STAGES: Final = (
    ("查勘", "查勘时间", 6, 0.8),
    ("定损", "定损时间", 22, 0.7),
    ("立案", "立案时间", 8, 0.6),
    ("单证", "单证齐全时间", 70, 0.9),
    ("理算", "理算时间", 20, 0.6),
    ("核赔", "核赔时间", 12, 0.6),
    ("支付", "支付时间", 20, 0.5),
    ("结案", "结案时间", 4, 0.5),
)
_MOTOR_ENDORSEMENTS: Final = ("基本信息变更", "车辆信息变更", "加保", "退保")
_LIFE_ENDORSEMENTS: Final = ("基本信息变更", "受益人变更", "投保人变更", "加保", "减保", "复效", "保单质押贷款")


@dataclass(frozen=True)
class Claims:
    frame: pl.DataFrame
    paid_fen: int
    by_state: dict[str, int]


def claims(
    org: Organisation, parties: Parties, book: Book, counters: Counters, *, seed: int, chunk: int, as_of: object
) -> Claims:
    """Claims of one line; each stage happened only if its hour has come, the rest is still to do."""
    dice = Dice(seed, 12, chunk, int(book.motor))
    now = to_day(as_of) * _DAY
    begun = book.start < to_day(as_of) - 1
    policy = np.flatnonzero(begun & (dice.uniform(len(book.party)) < book.claim_rate)).astype(np.int64)
    count = len(policy)
    begin, stop = book.start[policy] * _DAY, np.minimum((book.end[policy] + 1) * _DAY, now)
    # Claims older than three years are in the archive, not in the export.
    begin = np.where(stop > now - 1100 * _DAY, np.maximum(begin, now - 1100 * _DAY), begin)
    happened = begin + np.floor(dice.uniform(count) * np.maximum(stop - begin, 1)).astype(np.int64)
    reported = np.minimum(happened + (3600 * np.exp(0.5 + dice.normal(count))).astype(np.int64), now - 60)
    happened = np.minimum(happened, reported)
    result = dice.weighted(count, (83, 4, 7, 6))
    clock = reported
    times: list[tuple[Ints, Mask]] = []
    state = np.zeros(count, dtype=np.int64)
    for number, (stage, _, hours, spread) in enumerate(STAGES, start=1):
        clock = clock + (3600 * hours * np.exp(spread * dice.normal(count))).astype(np.int64) + 60
        skipped = np.zeros(count, dtype=bool)
        if stage == "支付":
            skipped = result != PAID
        elif stage != "结案":
            skipped = (result == WITHDRAWN) & (number > 2)
        missing = np.asarray(skipped | (clock >= now))
        state = np.where(missing, state, number)
        times.append((clock, missing))
    closed = ~times[-1][1]
    estimate = (150_000 * np.exp(0.9 + 0.9 * dice.normal(count))).astype(np.int64) // 1000 * 1000 + 10_000
    if not book.motor:
        estimate = estimate * 4
    estimate = np.minimum(estimate, np.maximum(book.sum_insured[policy], 10_000))
    paid_now = ~times[6][1]
    paid = np.where(paid_now, np.minimum(estimate * dice.whole(count, 60, 106) // 100, book.sum_insured[policy]), 0)
    party = book.party[policy]
    first = counters.reserve("claim", count)
    serial = digits(first + np.arange(count), 9)
    himself = dice.chance(count, 0.75) | (party >= parties.persons)
    causes = words.ACCIDENT_CAUSES if book.motor else words.ILLNESS_CAUSES
    injured = dice.chance(count, 0.09 if book.motor else 0.8)
    staff = dice.word(count, org.service_numbers.to_list())
    place = join(
        take([o.province.name + o.city.name + o.district.name for o in org.outlets], parties.outlet[party]),
        dice.word(count, words.STREETS),
        digits(dice.whole(count, 1, 900)),
        "号附近",
    )
    columns = {
        "报案号": join("RPT", serial),
        "赔案号": blank(join("CLM", serial), times[2][1]),
        "保单号": take(book.number, policy),
        "报案时间": moment_text(reported),
        "报案人": choose(himself, take(parties.name, party), "家属"),
        "报案人关系": choose(himself, "本人", "家属"),
        "报案电话": take(parties.mobile, party),
        "出险时间": moment_text(happened),
        "出险地点": place if book.motor else pl.repeat("", count, eager=True),
        "出险原因": dice.word(count, causes),
        "人伤标志": choose(injured, "是", "否"),
        "查勘员工号": blank(staff, times[0][1]),
    }
    for (_, column, _, _), (moment, missing) in zip(STAGES, times, strict=True):
        columns[column] = moment_text(moment, missing)
    columns["案件状态"] = take(("报案", *(stage for stage, *_ in STAGES)), state)
    columns["结案类型"] = choose(closed, take(CONCLUSIONS, result), "")
    columns["估损金额"] = yuan(estimate)
    columns["赔付金额"] = choose(paid_now, yuan(paid), "")
    tally = {name: int((closed & (result == at)).sum()) for at, name in enumerate(CONCLUSIONS)}
    tally["处理中"] = int((~closed).sum())
    return Claims(pl.DataFrame(columns), int(paid.sum()), tally)


def endorsements(
    parties: Parties, org: Organisation, book: Book, counters: Counters, *, seed: int, chunk: int, as_of: object
) -> pl.DataFrame:
    dice = Dice(seed, 13, chunk, int(book.motor))
    today = to_day(as_of)
    chosen = (book.start < today - 30) & (dice.uniform(len(book.party)) < 0.06)
    policy = np.flatnonzero(chosen).astype(np.int64)
    count = len(policy)
    low, high = np.maximum(book.start[policy], today - 1000), np.minimum(book.end[policy], today - 1)
    applied = low + np.floor(dice.uniform(count) * np.maximum(high - low, 1)).astype(np.int64)
    accepted = np.minimum(applied + dice.whole(count, 0, 2), today)
    approved = accepted + np.floor(np.exp(dice.normal(count))).astype(np.int64)
    open_still = approved > today
    types = _MOTOR_ENDORSEMENTS if book.motor else _LIFE_ENDORSEMENTS
    weights = (40, 30, 22, 8) if book.motor else (50, 18, 4, 8, 7, 5, 8)
    kind = dice.weighted(count, weights)
    sign = np.array([0, 0, 1, -1] if book.motor else [0, 0, 0, 1, -1, 0, 0])[kind]
    amount = yuan(dice.whole(count, 100, 900) * 100)
    delta = choose(sign == 0, "0.00", choose(sign > 0, amount, join("-", amount)))
    first = counters.reserve("endorsement", count)
    return pl.DataFrame(
        {
            "endorsement_no": join("E", digits(first + np.arange(count), 10)),
            "policy_no": take(book.number, policy),
            "type": take(types, kind),
            "applied_date": day_text(applied),
            "accepted_date": day_text(accepted),
            "approved_date": blank(day_text(approved), open_still),
            "effective_date": blank(day_text(approved + 1), open_still),
            "premium_delta": delta,
            "channel": dice.word(count, ("柜面", "手机APP", "客户经理代办", "微信公众号"), (30, 40, 20, 10)),
            "staff_no": take(org.manager_numbers, parties.manager[book.party[policy]]),
            "status": choose(open_still, "处理中", "已完成"),
        }
    )


def touchpoints(
    org: Organisation, parties: Parties, counters: Counters, *, seed: int, chunk: int, as_of: object
) -> pl.DataFrame:
    """Calls, visits and messages of the last two years, in office hours; busy customers get more of them."""
    dice = Dice(seed, 14, chunk)
    often = np.minimum(dice.generator.poisson(np.exp(-0.8 + 0.8 * dice.normal(parties.count))), 12)
    party = np.repeat(np.arange(parties.count, dtype=np.int64), often)
    count = len(party)
    day = to_day(as_of) - 1 - np.floor(dice.uniform(count) ** 1.4 * 730).astype(np.int64)
    second = 8 * 3600 + dice.whole(count, 0, 12 * 3600)
    topic = dice.weighted(count, (14, 14, 12, 8, 9, 12, 10, 11, 3, 7))
    inbound = np.array(words.TOPIC_INBOUND)[topic]
    channel_in = dice.word(count, ("电话", "柜面", "微信公众号", "手机APP"), (50, 18, 20, 12))
    channel_out = dice.word(count, ("电话", "短信", "上门", "微信"), (45, 30, 5, 20))
    by_manager = choose(
        dice.chance(count, 0.45),
        take(org.manager_numbers, parties.manager[party]),
        dice.word(count, org.service_numbers.to_list()),
    )
    result_in = dice.word(count, ("已解答", "已办结", "转办", "待跟进"), (55, 28, 9, 8))
    result_out = dice.word(count, ("已接通", "无人接听", "已送达", "约定回电", "有意向"), (48, 20, 18, 8, 6))
    first = counters.reserve("touchpoint", count)
    return pl.DataFrame(
        {
            "touchpoint_no": join("TP", digits(first + np.arange(count), 10)),
            "source": take(parties.source, party),
            "customer_no": take(parties.number, party),
            "channel": choose(inbound, channel_in, channel_out),
            "direction": choose(inbound, "in", "out"),
            "time": moment_text(day * _DAY + second),
            "topic": take(words.TOPICS, topic),
            "result": choose(inbound, result_in, result_out),
            "staff_no": by_manager,
        }
    )


def tickets(
    org: Organisation, parties: Parties, counters: Counters, *, seed: int, chunk: int, as_of: object
) -> pl.DataFrame:
    """Requests of one customer in twenty: history of a year with its outcome, and what came in these two days."""
    dice = Dice(seed, 17, chunk)
    party = np.flatnonzero(dice.uniform(parties.count) < 0.05).astype(np.int64)
    count = len(party)
    is_open = dice.uniform(count) < 0.3
    age = np.where(is_open, dice.whole(count, 1, 3), dice.whole(count, 4, 365))
    opened = (to_day(as_of) - age) * _DAY + dice.whole(count, 9 * 3600, 17 * 3600)
    # Mostly within the standard time, now and then not.
    took = np.minimum(np.floor(dice.uniform(count) ** 3 * 6 * _DAY) + 600, (age - 1) * _DAY + 6 * 3600)
    kind = dice.whole(count, 0, len(words.TICKETS))
    open_kind = dice.whole(count, 0, words.SLOW_TICKETS)
    chosen = np.where(is_open, open_kind, kind)
    ended = dice.word(count, ("已结案", "已办结", "已撤销"), (80, 15, 5))
    going = dice.word(count, ("待受理", "处理中", "待客户"), (40, 45, 15))
    staff = dice.word(count, org.service_numbers.to_list())
    nobody = is_open & (going == "待受理").to_numpy()
    first = counters.reserve("ticket", count)
    moments = moment_text((opened + took).astype(np.int64))
    return pl.DataFrame(
        {
            "ticket_no": join("WO", digits(first + np.arange(count), 9)),
            "source": take(parties.source, party),
            "customer_no": take(parties.number, party),
            "type": take(pl.Series([one for one, _about in words.TICKETS]), chosen),
            "subject": take(pl.Series([about for _one, about in words.TICKETS]), chosen),
            "channel": dice.word(count, ("电话", "柜面", "微信公众号", "手机APP"), (55, 20, 15, 10)),
            "status": choose(is_open, going, ended),
            "opened_at": moment_text(opened),
            "closed_at": choose(is_open, "", moments),
            "result": choose(is_open, "", dice.word(count, ("已答复客户", "已按规定办结", "已补寄并告知"))),
            "satisfaction": choose(is_open, "", dice.word(count, ("5", "4", "3", ""), (55, 25, 5, 15))),
            "staff_no": choose(nobody, "", staff),
        }
    )


def relations(parties: Parties, people: People, *, seed: int, chunk: int) -> pl.DataFrame:
    """Each member of a household to its head, employees to their company, and customers who referred another."""
    dice = Dice(seed, 15, chunk)
    member = np.flatnonzero(people.at > 0).astype(np.int64)
    head = people.start[member]
    table = pl.Series([relation for row in RELATION for relation in row])
    family = take(table, people.place[head] * len(Place) + people.place[member])
    worker = np.flatnonzero(people.company >= 0).astype(np.int64)
    firm = people.count + people.company[worker]
    referred = np.flatnonzero((people.age >= 18) & (dice.uniform(people.count) < 0.03)).astype(np.int64)
    by = dice.whole(len(referred), 0, max(people.count, 1))
    honest = (by != referred) & (people.age[by] >= 18)
    referred, by = referred[honest], by[honest]
    left, right = np.concatenate((head, firm, by)), np.concatenate((member, worker, referred))
    kind = pl.concat(
        [
            family,
            pl.repeat("雇佣", len(worker), eager=True).alias(family.name),
            pl.repeat("转介绍", len(referred), eager=True).alias(family.name),
        ]
    )
    return pl.DataFrame(
        {
            "from_source": take(parties.source, left),
            "from_customer_no": take(parties.number, left),
            "to_source": take(parties.source, right),
            "to_customer_no": take(parties.number, right),
            "relation": kind,
        }
    )
