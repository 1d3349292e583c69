"""A month of a call centre: who rang when, who waited and gave up, who answered, and what agents did all day.

The queue is played through call by call with the agents on duty, so that waits, abandonment, occupancy and the staffing
that Erlang C asks for agree with one another as they do in a real log.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from anxin.config.sample.dice import Dice, Ints, moment_text, to_day
from anxin.config.sample.identifiers import mobiles
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.parties import Parties

DAYS: Final = 31
# A day's calls of an agent among four; a larger team is busier at the same waits.
CALLS_PER_AGENT: Final = 36
# A small insurer has few callers, however many agents the sample gives it.
CALLS_PER_CUSTOMER: Final = 0.036
# Customers of a chunk who ring now and then.
CALLERS: Final = 0.5
# Strangers' mobiles: neither customers' (from the start of the range) nor staff's (from 90 million).
_STRANGERS: Final = 80_000_000
_DAY: Final = 86_400
_HOUR: Final = 3_600
# Monday to Sunday, and the half-hours of a day: two peaks, a quiet noon, a night that is not empty.
_WEEK: Final = (1.25, 1.1, 1.0, 1.0, 1.05, 0.7, 0.55)
_HALF_HOURS: Final = (
    2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 6, 9, 22, 34, 52, 60, 62, 58, 46, 36,
    30, 32, 42, 50, 54, 52, 48, 42, 34, 28, 22, 18, 18, 19, 18, 16, 13, 11, 8, 7, 6, 4, 3, 3,
)  # fmt: skip
# Keys, queue, how many choose it, how many of these are served by the menu.
_MENU: Final = (
    ("1", "claims", 20, 0.0), ("2-0", "general", 24, 0.0), ("3", "", 20, 1.0), ("3-0", "general", 16, 0.0),
    ("4", "voice", 5, 0.0), ("5", "claims", 5, 0.0), ("9", "general", 1, 0.0), ("0", "general", 9, 0.0),
)  # fmt: skip
_CODES: Final = {
    "claims": (("report", 46), ("claim", 40), ("rescue", 10), ("silent", 4)),
    "general": (
        ("advice", 22), ("query", 24), ("change", 16), ("payment", 14), ("renewal", 9), ("surrender", 5), ("silent", 3),
        ("wrong", 2), ("other", 5),
    ),
    "voice": (("complaint", 70), ("praise", 20), ("other", 10)),
}  # fmt: skip
_OUT: Final = (("welcome", "welcome"), ("satisfaction", "callback"), ("renewal", "renewal"))
_NOTES: Final = {
    "report": "已登记报案。告知理赔所需单证。", "claim": "已告知案件进度及预计时间。",
    "advice": "已说明保险责任及等待期。",
    "query": "已核对身份并告知保单信息。", "change": "已告知办理途径及所需材料。", "payment": "已告知扣款日期及金额。",
    "surrender": "已说明退保损失。客户再考虑。", "renewal": "已说明续保条件。",
    "complaint": "客户表示不满。已登记投诉。",
    "praise": "客户表扬服务人员。", "rescue": "已派救援单位。",
    "welcome": "回访问题均已确认。", "callback": "客户对服务满意。",
}  # fmt: skip
# Shares of agents, and their shift: from and to (hours; past midnight beyond 24), lunch.
_SHIFTS: Final = ((0.45, 8.0, 16.5, 11.5), (0.30, 12.5, 21.0, 15.0), (0.25, 21.0, 32.0, 26.0))


@dataclass
class Callers:
    """Mobiles of customers who ring, gathered chunk by chunk."""

    mobiles: list[pl.Series] = field(default_factory=list)

    def gather(self, parties: Parties, *, seed: int, chunk: int) -> None:
        chosen = Dice(seed, 18, chunk).uniform(parties.count) < CALLERS
        self.mobiles.append(parties.mobile.gather(np.flatnonzero(chosen)).drop_nulls())


@dataclass
class _Agent:
    number: str
    begins: int  # seconds of the day
    ends: int
    lunch: int
    rested: int = -1  # the day of the last lunch


class _Floor:
    """Agents by when they are free next; `spells` is what they did."""

    def __init__(self, agents: Sequence[_Agent], first_day: int) -> None:
        self.agents = agents
        self.spells: list[tuple[str, str, int, int]] = []
        self._free = [(first_day * _DAY + one.begins, at) for at, one in enumerate(agents)]
        heapq.heapify(self._free)

    def free_for(self, moment: int) -> tuple[int, int]:
        """When the next agent is free for a call of this moment, and who; shifts and lunches up to then are played."""
        while True:
            since, at = self._free[0]
            agent = self.agents[at]
            day = (since - agent.begins) // _DAY
            ends, lunch = day * _DAY + agent.ends, day * _DAY + agent.lunch
            if moment >= ends or since >= ends:
                self._note(agent, "空闲", since, ends)
                heapq.heapreplace(self._free, ((day + 1) * _DAY + agent.begins, at))
            elif agent.rested != day and max(moment, since) >= lunch:
                away = max(since, lunch)
                self._note(agent, "空闲", since, away)
                self._note(agent, "小休", away, away + 1_800)
                agent.rested = day
                heapq.heapreplace(self._free, (away + 1_800, at))
            else:
                return max(since, moment), at

    def idle_since(self) -> int:
        return self._free[0][0]

    def take(self, at: int, start: int, ends: int, over: int) -> None:
        """The agent who is next talks from `start` to `ends` and writes until `over`."""
        agent = self.agents[at]
        self._note(agent, "空闲", self._free[0][0], start)
        self._note(agent, "通话", start, ends)
        self._note(agent, "整理", ends, over)
        heapq.heapreplace(self._free, (over, at))

    def _note(self, agent: _Agent, state: str, began: int, ended: int) -> None:
        if ended > began:
            self.spells.append((agent.number, state, began, ended))


def _agents(org: Organisation) -> list[_Agent]:
    numbers = org.staff.filter(pl.col("role") == "call_agent").get_column("staff_no").to_list()
    found = []
    for at, number in enumerate(numbers):
        shift = int(np.searchsorted(np.cumsum([one[0] for one in _SHIFTS]), (at + 0.5) / len(numbers)))
        _share, begins, ends, lunch = _SHIFTS[min(shift, len(_SHIFTS) - 1)]
        # Not everybody has lunch at once.
        late = at % 3 * 0.5
        found.append(_Agent(number, int(begins * _HOUR), int(ends * _HOUR), int((lunch + late) * _HOUR)))
    return found


def _arrivals(dice: Dice, customers: int, agents: int, first_day: int) -> Ints:
    busy = CALLS_PER_AGENT + 4 * np.log2(max(agents / 4, 1))
    a_day = min(agents * busy, customers * CALLS_PER_CUSTOMER)
    weekday = (np.arange(first_day, first_day + DAYS) + 3) % 7
    share = np.asarray(_HALF_HOURS, dtype=np.float64) / sum(_HALF_HOURS)
    means = a_day * np.asarray(_WEEK)[weekday][:, None] * share[None, :]
    counts = dice.generator.poisson(means * np.exp(0.12 * dice.normal(DAYS))[:, None]).ravel()
    slot = np.repeat(np.arange(DAYS * 48, dtype=np.int64), counts)
    return np.sort(first_day * _DAY + slot * 1_800 + dice.whole(len(slot), 0, 1_800))


def month(
    org: Organisation, callers: Callers, *, seed: int, customers: int, as_of: object
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The log of calls, and the states of agents, of the month before `as_of`."""
    dice = Dice(seed, 19)
    first_day = to_day(as_of) - DAYS
    floor = _Floor(_agents(org), first_day)
    rang = _arrivals(dice, customers, len(floor.agents), first_day)
    count = len(rang)
    way = dice.weighted(count, [one[2] for one in _MENU])
    keys, queue = [one[0] for one in _MENU], [one[1] for one in _MENU]
    stays = dice.uniform(count) < np.asarray([one[3] for one in _MENU])[way]
    # Some hang up in the menu, most of them at once.
    stays |= dice.uniform(count) < 0.03
    in_menu = dice.whole(count, 9, 55)
    patience = np.maximum(dice.generator.exponential(110, count), 1).astype(np.int64)
    talk = np.clip(165 * np.exp(0.6 * dice.normal(count)), 15, 2_400).astype(np.int64)
    after = np.clip(38 * np.exp(0.5 * dice.normal(count)), 5, 300).astype(np.int64)
    held = np.where(dice.uniform(count) < 0.09, dice.whole(count, 15, 120), 0)
    luck = dice.uniform(count)
    rows: list[tuple[Any, ...]] = []
    asks = rang + in_menu
    for at in np.argsort(np.where(stays, rang, asks), kind="stable").tolist():
        moment, path = int(asks[at]), int(way[at])
        if stays[at]:
            rows.append(("in", keys[path], "", int(rang[at]), 0, 0, moment, 0, 0, "", "", ""))
            continue
        start, agent = floor.free_for(moment)
        # Who has had nothing to do for ten minutes calls somebody back first.
        idle = moment - floor.idle_since()
        if idle > 600 and luck[at] < 0.5 and 9 * _HOUR <= moment % _DAY < 19 * _HOUR:
            _call_out(floor, rows, agent, floor.idle_since() + 90, int(talk[at]), float(luck[at]))
            start, agent = floor.free_for(moment)
        wait = start - moment + 4 + int(luck[at] * 5)
        if wait > patience[at]:
            left = moment + min(int(patience[at]), wait)
            rows.append(("in", keys[path], queue[path], int(rang[at]), moment, 0, left, 0, 0, "", "", ""))
            continue
        begun = moment + wait
        ends = begun + int(talk[at]) + int(held[at])
        floor.take(agent, begun, ends, ends + int(after[at]))
        rows.append(
            ("in", keys[path], queue[path], int(rang[at]), moment, begun, ends, int(held[at]), int(after[at]),
             floor.agents[agent].number, queue[path], "")
        )  # fmt: skip
    return _log(dice, rows, callers), _states(floor)


def _call_out(floor: _Floor, rows: list[tuple[Any, ...]], agent: int, at: int, talk: int, luck: float) -> None:
    purpose = _OUT[int(luck * 1_000) % len(_OUT)]
    is_reached = luck < 0.36
    begun = at + 18 if is_reached else 0
    ends = begun + talk if is_reached else at + 32
    floor.take(agent, at, ends, ends + 25)
    number = floor.agents[agent].number
    rows.append(("out", "", "", at, 0, begun, ends, 0, 25, number, "", purpose[0]))


def _log(dice: Dice, rows: list[tuple[Any, ...]], callers: Callers) -> pl.DataFrame:
    names = (
        "direction", "menu", "queue", "rang", "asked", "answered", "ended", "hold_seconds", "after_seconds",
        "staff_no", "told", "purpose",
    )  # fmt: skip
    texts = {"direction", "menu", "queue", "staff_no", "told", "purpose"}
    table = pl.DataFrame(rows, schema={n: pl.String() if n in texts else pl.Int64() for n in names}, orient="row")
    table = table.sort("rang", maintain_order=True)
    count = table.height
    known = pl.concat(callers.mobiles) if callers.mobiles else pl.Series([], dtype=pl.String)
    strangers = mobiles(dice, _STRANGERS + np.arange(max(count // 4, 1)))
    is_known = (dice.uniform(count) < 0.66) & bool(len(known))
    is_out = (table["direction"] == "out").to_numpy()
    place = dice.whole(count, 0, max(len(known), 1))
    number = pl.Series(
        [
            known[int(at)] if yes or (out and len(known)) else strangers[int(at) % len(strangers)]
            for at, yes, out in zip(place, is_known, is_out, strict=True)
        ],
        dtype=pl.String,
    )
    code = _codes(dice, table, count)
    # Who was not helped rings again within days about the same: what one answer did not solve.
    again = np.flatnonzero((dice.uniform(count) < 0.09) & (table["answered"] > 0).to_numpy() & ~is_out)
    former = np.maximum(again - dice.whole(len(again), 1, max(2, count // 12)), 0)
    number = number.scatter(again, number.gather(former))
    hidden = (dice.uniform(count) < 0.04) & ~is_out
    number = number.scatter(np.flatnonzero(hidden), None)
    no = pl.Series([f"C{at:09d}" for at in range(1, count + 1)])
    answered = table["answered"].to_numpy()
    is_answered = answered > 0
    day = moment_text(table["rang"].to_numpy()).str.slice(0, 10).str.replace_all("-", "")
    return pl.DataFrame(
        {
            "call_no": no,
            "direction": table["direction"],
            "number": number,
            "menu": table["menu"],
            "queue": table["queue"],
            "rang_at": moment_text(table["rang"].to_numpy()),
            "asked_at": moment_text(table["asked"].to_numpy(), (table["asked"] == 0).to_numpy()),
            "answered_at": moment_text(answered, ~is_answered),
            "ended_at": moment_text(table["ended"].to_numpy()),
            "hold_seconds": table["hold_seconds"],
            "after_seconds": table["after_seconds"],
            "staff_no": table["staff_no"],
            "code": code,
            "purpose": table["purpose"],
            "note": code.replace_strict(list(_NOTES), list(_NOTES.values()), default=""),
            "recording": pl.select(
                pl.when(pl.lit(pl.Series(is_answered)))
                .then(pl.format("{}/{}.wav", pl.lit(day), pl.lit(no).alias("no")))
                .otherwise(pl.lit(""))
            ).to_series(),
        }
    )


def _codes(dice: Dice, table: pl.DataFrame, count: int) -> pl.Series:
    """What each call was about, drawn by queue; calls out are about what they were for."""
    found = np.full(count, "", dtype=object)
    told = table["told"].to_numpy()
    for queue, choices in _CODES.items():
        here = np.flatnonzero(told == queue)
        found[here] = np.asarray([code for code, _weight in choices], dtype=object)[
            dice.weighted(len(here), [weight for _code, weight in choices])
        ]
    purpose, answered = table["purpose"].to_numpy(), table["answered"].to_numpy()
    for name, code in _OUT:
        found[(purpose == name) & (answered > 0)] = code
    return pl.Series(found.tolist(), dtype=pl.String)


def _states(floor: _Floor) -> pl.DataFrame:
    names = {"staff_no": pl.String(), "state": pl.String(), "began": pl.Int64(), "ended": pl.Int64()}
    table = pl.DataFrame(floor.spells, schema=names, orient="row").sort("began", "staff_no")
    return pl.DataFrame(
        {
            "staff_no": table["staff_no"],
            "state": table["state"],
            "began_at": moment_text(table["began"].to_numpy()),
            "ended_at": moment_text(table["ended"].to_numpy()),
        }
    )
