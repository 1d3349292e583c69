"""Who gets which customer: ordered rules, nearness and load, never above capacity. Pure, in columns.

Customers that have a manager keep them. Rule by rule, the others it means are taken by falling weight, then by key, so
the order of the rows plays no part; who finds somebody with room is settled. Room only shrinks within a run, so whoever
found nobody finds nobody in a second run on the result either: a re-run moves nobody.

Weights, loads and capacities are integers of 1/10000 of an average customer; a load share is floor(load × 10000 /
capacity).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from anxin.service.managers.data import Choice, Reason

WHOLE: Final = 10_000
ANY: Final = "*"
PARTIES: Final[Mapping[str, pl.DataType]] = {
    "party": pl.String(), "manager": pl.String(), "path": pl.String(), "division": pl.String(),
    "channel": pl.String(), "language": pl.String(), "kind": pl.String(), "tier": pl.String(),
    "lines": pl.List(pl.String()), "owner": pl.String(), "weight": pl.Int64(),
}  # fmt: skip
MANAGERS: Final[Mapping[str, pl.DataType]] = {
    "manager": pl.String(), "path": pl.String(), "division": pl.String(), "capacity": pl.Int64(), "load": pl.Int64(),
    "customers": pl.Int64(),
}  # fmt: skip
PLAN: Final[Mapping[str, pl.DataType]] = {
    "party": pl.String(), "before": pl.String(), "after": pl.String(), "reason": pl.String(), "rule": pl.Int64(),
    "load": pl.Int64(), "level": pl.Int64(), "place": pl.String(), "weight": pl.Int64(),
}  # fmt: skip
# Administrative divisions by falling precision: district, city, province (GB/T 2260).
_DIVISIONS: Final = (6, 4, 2)


def beyond(given: pl.DataFrame, managers: pl.DataFrame) -> pl.DataFrame:
    """The rows of `given` (PLAN) that have to go for nobody to carry more than they can: of each manager the last ones.

    `managers` (MANAGERS): their load has the given customers in it.
    """
    behind = pl.col("weight").cum_sum(reverse=True).over("after") - pl.col("weight")
    over = managers.select(pl.col("manager").alias("after"), over=pl.col("load") - pl.col("capacity"))
    return (
        given.join(over, on="after", how="left", maintain_order="left")
        .filter(behind < pl.col("over"))
        .select(given.columns)
    )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Which customers it means (`ANY`, or the values that count) and how it finds their manager."""

    units: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    choose: Choice = Choice.NEAREST
    target: str = ""  # code of the unit, for Choice.UNIT
    most_bp: int = WHOLE  # nobody is loaded beyond this share of the capacity by this rule


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The scheme of allocation, ready for use."""

    rules: tuple[Rule, ...]
    weights: Mapping[str, int]
    capacities: Mapping[str, int]  # role → 1/10000 customers
    levels_up: int = 2
    distance_bp: int = 3_000
    recycle_prospect_days: int = 0
    recycle_customer_days: int = 0
    claims_per_day: int = 10
    tell_days: int = 30
    is_nightly: bool = True
    is_on_import: bool = True

    def weight_of(self, tier: str) -> int:
        return self.weights.get(tier or "none", WHOLE)


def allocate(parties: pl.DataFrame, managers: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A row for every customer, in the order of keys: columns of PLAN.

    `reason` says why (data.Reason); `rule` is the number of the rule from 1 on, 0 for kept; `load` the share of the
    manager's capacity in 1/10000 after the decision; `level` how far up the search went; `place` the path or division
    it found them under. `after` is null for whom nobody was found.
    """
    staff = managers.sort("manager")
    bench = _Bench(staff)
    parties = parties.sort("party")
    is_kept = pl.col("manager").is_in(staff["manager"].implode())
    rows = parties.with_columns(is_kept=is_kept.fill_null(value=False)).with_row_index("at")
    decided = _Decided.of(rows.height)
    pending = rows.filter(~pl.col("is_kept")).sort(["weight", "party"], descending=[True, False])
    for number, rule in enumerate(settings.rules, 1):
        meant = pending.filter(_meant(rule).fill_null(value=False))
        if meant.is_empty():
            continue
        bench.begin(rule)
        settled = _apply(meant, bench, rule, number, settings, decided)
        pending = pending.filter(~pl.col("at").is_in(settled.implode()))
    return _plan(rows, decided, bench)


@dataclass
class _Decided:
    """What is decided of each row by its place."""

    after: list[int]
    rule: list[int]
    load: list[int]
    level: list[int]
    place: list[str]
    reason: list[str]

    @classmethod
    def of(cls, count: int) -> _Decided:
        return cls(
            [-1] * count, [0] * count, [0] * count, [0] * count, [""] * count, [Reason.NO_RULE.value] * count
        )  # fmt: skip


def _meant(rule: Rule) -> pl.Expr:
    """The customers a rule is for."""
    asked = pl.col("at").is_not_null()
    for column, values in (
        ("channel", rule.channels), ("language", rule.languages), ("tier", rule.tiers), ("kind", rule.kinds),
    ):  # fmt: skip
        if values:
            asked = asked & pl.col(column).is_in(list(values))
    if rule.units:
        asked = asked & pl.any_horizontal(
            *(pl.col("path").str.contains(f"/{code}/", literal=True) for code in rule.units)
        )
    if rule.lines:
        asked = asked & (pl.col("lines").list.set_intersection(list(rule.lines)).list.len() > 0)
    return asked


def _apply(
    meant: pl.DataFrame, bench: _Bench, rule: Rule, number: int, settings: Settings, decided: _Decided
) -> pl.Series:
    """Go through the customers of a rule, in order; returns the places (`at`) of those it settles."""
    settled: list[int] = []
    columns = (meant[name].to_list() for name in ("at", "weight", "path", "division", "owner"))
    for at, weight, path, division, owner in zip(*columns, strict=True):
        if rule.choose is Choice.POOL:
            decided.reason[at], decided.rule[at] = Reason.BY_HAND.value, number
            settled.append(at)
            continue
        if rule.choose is Choice.OWNER:
            chosen, level, place, why = bench.owner(owner, weight)
        else:
            places = _places(rule, bench, path, division, settings.levels_up)
            chosen, level, place, why = bench.lightest(places, weight, settings.distance_bp)
        if chosen < 0:
            # The owner's rule failing says little about why nobody was found at all.
            if why and (rule.choose is not Choice.OWNER or decided.reason[at] == Reason.NO_RULE):
                decided.reason[at] = why
            continue
        bench.give(chosen, weight)
        decided.after[at], decided.rule[at] = chosen, number
        decided.load[at], decided.level[at], decided.place[at] = bench.share[chosen], level, place
        decided.reason[at] = rule.choose.value
        settled.append(at)
    return pl.Series("at", settled, dtype=meant.schema["at"])


_NOWHERE: Final[tuple[str, ...]] = ()


def _places(rule: Rule, bench: _Bench, path: str | None, division: str | None, levels_up: int) -> tuple[str, ...]:
    """Where to look, the nearest first."""
    if rule.choose is Choice.UNIT:
        target = bench.path_of(rule.target)
        return (target,) if target else _NOWHERE
    if rule.choose is Choice.DIVISION:
        return tuple(division[:length] for length in _DIVISIONS if len(division) >= length) if division else _NOWHERE
    return bench.upwards(path, levels_up) if path else _NOWHERE


@dataclass
class _Node:
    """The managers under one unit or division, the least loaded in front. Entries may be stale: loads only rise."""

    heap: list[tuple[int, int, int]] = field(default_factory=list)
    aside: list[tuple[int, int, int]] = field(default_factory=list)
    weight: int = -1


class _Bench:
    """The managers with what they carry."""

    def __init__(self, staff: pl.DataFrame) -> None:
        self.keys: list[str] = staff["manager"].to_list()
        self.index = {key: at for at, key in enumerate(self.keys)}
        self.paths: list[str] = staff["path"].fill_null("").to_list()
        self.divisions: list[str] = staff["division"].fill_null("").to_list()
        self.capacity: list[int] = staff["capacity"].to_list()
        self.load: list[int] = staff["load"].to_list()
        self.customers: list[int] = staff["customers"].to_list()
        self.share = [
            load * WHOLE // room if room else WHOLE for load, room in zip(self.load, self.capacity, strict=True)
        ]
        self.limit = list(self.capacity)
        self.nodes: dict[str, _Node] = {}
        self._upwards: dict[str, tuple[str, ...]] = {}
        self._targets: dict[str, str] = {}
        for path in self.paths:
            for above in _prefixes(path):
                self._targets.setdefault(above.rstrip("/").rpartition("/")[2], above)

    def begin(self, rule: Rule) -> None:
        """Fresh heaps for a rule: its limit decides who has room."""
        self.limit = [room * rule.most_bp // WHOLE for room in self.capacity]
        self.nodes = {}
        if rule.choose is Choice.OWNER or rule.choose is Choice.POOL:
            return
        for at, path in enumerate(self.paths):
            if self.limit[at] <= 0:
                continue
            places: Iterator[str] | list[str]
            if rule.choose is Choice.DIVISION:
                division = self.divisions[at]
                places = [division[:length] for length in _DIVISIONS if len(division) >= length]
            else:
                places = _prefixes(path)
            for place in places:
                self.nodes.setdefault(place, _Node()).heap.append((self.share[at], self.customers[at], at))
        for node in self.nodes.values():
            heapq.heapify(node.heap)

    def owner(self, key: str | None, weight: int) -> tuple[int, int, str, str]:
        at = self.index.get(key, -1) if key else -1
        if at < 0:
            return -1, 0, "", ""
        if self.load[at] + weight > self.limit[at]:
            return -1, 0, "", Reason.ALL_FULL.value
        return at, 0, self.paths[at], ""

    def lightest(self, places: Sequence[str], weight: int, distance_bp: int) -> tuple[int, int, str, str]:
        """The least of (load share + levels × distance, levels, customers, key) with room; else why there is nobody."""
        best: tuple[int, int, int, int] | None = None
        place_of = ""
        is_anybody = False
        for level, place in enumerate(places):
            node = self.nodes.get(place)
            if node is None:
                continue
            is_anybody = True
            top = self._top(node, weight)
            if top is None:
                continue
            share, customers, at = top
            score = (share + level * distance_bp, level, customers, at)
            if best is None or score < best:
                best, place_of = score, place
        if best is None:
            why = Reason.ALL_FULL if is_anybody else Reason.NO_MANAGER if places else Reason.NO_PLACE
            return -1, 0, "", why.value
        return best[3], best[1], place_of, ""

    def _top(self, node: _Node, weight: int) -> tuple[int, int, int] | None:
        if node.weight != weight:
            # Customers come by falling weight: who had no room for a heavier one may have room for this one.
            for entry in node.aside:
                heapq.heappush(node.heap, entry)
            node.aside, node.weight = [], weight
        heap = node.heap
        while heap:
            share, customers, at = heap[0]
            if share != self.share[at] or customers != self.customers[at]:
                heapq.heapreplace(heap, (self.share[at], self.customers[at], at))
            elif self.load[at] + weight > self.limit[at]:
                node.aside.append(heapq.heappop(heap))
            else:
                return heap[0]
        return None

    def give(self, at: int, weight: int) -> None:
        self.load[at] += weight
        self.customers[at] += 1
        self.share[at] = self.load[at] * WHOLE // self.capacity[at]

    def path_of(self, code: str) -> str:
        return self._targets.get(code, "")

    def upwards(self, path: str, levels_up: int) -> tuple[str, ...]:
        known = self._upwards.get(path)
        if known is None:
            known = self._upwards[path] = tuple(_prefixes(path))[: levels_up + 1]
        return known


def _prefixes(path: str) -> Iterator[str]:
    """`/HQ/31/3101/`, `/HQ/31/`, `/HQ/`."""
    while len(path) > 1:
        yield path
        path = path[: path.rstrip("/").rfind("/") + 1]


def _plan(rows: pl.DataFrame, decided: _Decided, bench: _Bench) -> pl.DataFrame:
    keys: list[str | None] = [*bench.keys]
    told = pl.DataFrame(
        {
            "at": range(rows.height),
            "given": [keys[at] if at >= 0 else None for at in decided.after],
            "why": decided.reason, "rule": decided.rule, "share": decided.load, "level": decided.level,
            "place": decided.place,
        },
        schema={
            "at": rows.schema["at"], "given": pl.String(), "why": pl.String(), "rule": pl.Int64(),
            "share": pl.Int64(), "level": pl.Int64(), "place": pl.String(),
        },
    )  # fmt: skip
    kept = pl.col("is_kept")
    return rows.join(told, on="at", how="left").select(
        "party",
        pl.col("manager").alias("before"),
        pl.when(kept).then(pl.col("manager")).otherwise(pl.col("given")).alias("after"),
        pl.when(kept).then(pl.lit(Reason.KEPT.value)).otherwise(pl.col("why")).alias("reason"),
        "rule",
        pl.col("share").alias("load"),
        "level",
        "place",
        "weight",
    )
