"""B28: a customer against their own past (vertical) and against customers like them (horizontal), short term and long.

Both are read from the results that the nights left on this machine: one file per kept day, in columns. Where none lies
there (another machine), the figures of now stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.conf import settings

from anxin.book.customers import queries as customers
from anxin.book.segments.models import Profile, Run
from anxin.kernel.actor import Actor

# What is compared, and whether more of it is better.
MEASURES: Final[Mapping[str, bool]] = {
    "annual_premium_fen": True, "profit_fen": True, "clv_fen": True, "value_score": True, "loyalty_score": True,
    "active_lines": True, "voluntary_12m": True, "claims_paid_12m_fen": False,
}  # fmt: skip
MOST_DAYS: Final = 13
FEWEST_PEERS: Final = 20
# A year before, or the oldest day that is at least so long ago.
LONG_AGO: Final = 365
LEAST_DAYS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a night said of the customer."""

    day: date
    figures: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One measure: now, then (None: not known), the middle of the peers and the share of peers that are not better."""

    code: str
    now: int
    then: int | None
    peers: int | None
    beats: float | None

    @property
    def change(self) -> float | None:
        """Of then; None without one, or from nothing."""
        return (self.now - self.then) / abs(self.then) if self.then else None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """`peers_of` is the column and value that make the peers alike; "" when there are too few."""

    ref: str
    as_of: date
    then: date | None
    past: tuple[Moment, ...]
    compared: tuple[Compared, ...]
    peers: int
    peers_of: tuple[str, str]
    brings_now: bool
    brings_later: bool


def evaluate(actor: Actor, ref: str) -> Evaluation | None:
    """None before a run has seen the customer. Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref, "segments.view")
    row = Profile.objects.filter(pk=party.pk).first()
    if row is None:
        return None
    run = Run.objects.filter(pk=row.run_id).first()
    as_of = run.as_of if run is not None else party.updated_at.date()
    past = _past(party.pk, as_of)
    then = next((one for one in past if (as_of - one.day).days >= LONG_AGO), None) or next(
        (one for one in reversed(past) if (as_of - one.day).days >= LEAST_DAYS), None
    )
    number, alike, middle, beaten = _peers(row, as_of)
    return Evaluation(
        ref=party.ref, as_of=as_of, then=then.day if then else None, past=tuple(reversed(past)),
        compared=tuple(
            Compared(
                code=code, now=getattr(row, code), then=then.figures.get(code) if then else None,
                peers=middle.get(code), beats=beaten.get(code),
            )
            for code in MEASURES
        ),
        peers=number, peers_of=alike, brings_now=row.profit_fen > 0, brings_later=row.clv_fen > 0,
    )  # fmt: skip


def _file(day: date) -> Path:
    return Path(settings.ANXIN_HOME) / "analytics" / day.isoformat() / "standing.parquet"


def _past(key: UUID, as_of: date) -> list[Moment]:
    """Newest first, with the day of the last run; the first day of each month, and the last one."""
    found = []
    days: dict[str, date] = {}
    for day in (
        Run.objects.filter(state=Run.State.DONE, as_of__lte=as_of).values_list("as_of", flat=True).order_by("-as_of")
    ):
        days[day.strftime("%Y-%m")] = day
    wanted = sorted({as_of, *days.values()}, reverse=True)[:MOST_DAYS]
    for day in wanted:
        rows = _read(_file(day), pl.col("party") == key.bytes)
        if rows is not None and rows.height:
            found.append(Moment(day=day, figures=rows.to_dicts()[0]))
    return found


def _read(file: Path, where: pl.Expr) -> pl.DataFrame | None:
    try:
        rows = pl.scan_parquet(file)
        known = [code for code in MEASURES if code in rows.collect_schema()]
        return rows.filter(where).select(pl.col(known).cast(pl.Int64)).collect()
    except FileNotFoundError:
        return None


def _peers(row: Profile, as_of: date) -> tuple[int, tuple[str, str], dict[str, int], dict[str, float]]:
    """How many, alike in what, the middle of each measure, and the share of peers the customer is ahead of.

    Peers have a policy in force and stand in the same cell of life stage and income; companies in the same class of
    size; when that is hardly anybody, all of the same kind.
    """
    column = "needs_cell" if row.needs_cell else "scale_class"
    held = (pl.col("active_policies") > 0) & (pl.col("party") != row.pk.bytes)
    for name in (column, "kind"):
        value = str(getattr(row, name))
        found = _read(_file(as_of), held & (pl.col(name) == value)) if value else None
        if found is not None and found.height >= FEWEST_PEERS:
            return found.height, (name, value), *_against(found, row)
    return 0, ("", ""), {}, {}


def _against(peers: pl.DataFrame, row: Any) -> tuple[dict[str, int], dict[str, float]]:
    middle = {code: round(float(peers[code].median() or 0)) for code in peers.columns}  # type: ignore[arg-type]
    beats = {}
    for code in peers.columns:
        mine = getattr(row, code)
        behind = (peers[code] < mine).sum() if MEASURES[code] else (peers[code] > mine).sum()
        # Whoever stands alike is half before and half behind.
        beats[code] = (behind + (peers[code] == mine).sum() / 2) / peers.height
    return middle, beats
