"""The nightly judgement of all parties: figures, tier and ABC, one row per party, sorted by party."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import ibis
import polars as pl

from anxin.analytics import classes, metrics
from anxin.analytics.engines import Engine

COLUMNS: Final = (
    "party", "annual_premium_fen", "total_paid_fen", "claims_paid_fen", "active_policies", "policies", "active_lines",
    "open_claims", "next_expiry_date", "last_contact_at", "tier", "tier_from_fen", "abc", "premium_rank",
    "share_before_bp",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The scheme values of a run."""

    tiers: Sequence[tuple[str, int]]  # code, least annual premium in fen
    counts_single_premium: bool
    a_bp: int
    b_bp: int


@dataclass(frozen=True, kw_only=True)
class Group:
    code: str
    parties: int
    premium_fen: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run found. `pareto` holds (share of the parties with premium, share of the premium), both in 1/10000."""

    parties: int
    with_premium: int
    premium_fen: int
    tiers: tuple[Group, ...]
    abc: tuple[Group, ...]
    pareto: tuple[tuple[int, int], ...]


def compute(engine: Engine, folder: Path, *, as_of: date, rules: Rules) -> Path:
    """From the mart files in `folder` to `folder/standing.parquet` (int64 money, keys of 16 bytes)."""
    table = metrics.per_party(
        parties=engine.read(folder / "parties.parquet"),
        policies=engine.read(folder / "policies.parquet"),
        claims=engine.read(folder / "claims.parquet"),
        contacts=engine.read(folder / "contacts.parquet"),
        as_of=as_of,
        counts_single_premium=rules.counts_single_premium,
    )
    table = classes.with_tiers(table, rules.tiers)
    table = classes.with_abc(table, a_bp=rules.a_bp, b_bp=rules.b_bp)
    result = folder / "standing.parquet"
    engine.write(table.select(*COLUMNS).order_by("party"), result)
    return result


def changes(engine: Engine, folder: Path) -> pl.DataFrame:
    """Parties that were judged before and changed class: party, scheme (tier, abc), before, after; by party."""
    now = engine.read(folder / "standing.parquet")
    before = engine.read(folder / "before.parquet")
    both = now.inner_join(before, "party")
    parts = [
        both.filter(both[name] != both[f"{name}_before"]).select(
            "party", scheme=ibis.literal(name), before=both[f"{name}_before"], after=both[name]
        )
        for name in ("tier", "abc")
    ]
    found = parts[0].union(parts[1]).order_by("party", "scheme").to_polars()
    frame: pl.DataFrame = found
    return frame


def batches(result: Path, size: int = 200_000) -> Iterator[pl.DataFrame]:
    """The rows of a result, piece by piece."""
    rows = pl.scan_parquet(result).select(pl.len()).collect().item()
    for start in range(0, rows, size):
        yield pl.scan_parquet(result).slice(start, size).collect()


def summarise(result: Path, *, tiers: Sequence[str], points: int = 20) -> Summary:
    """Totals, sizes of the classes and the Pareto curve of a result."""
    frame = pl.scan_parquet(result).select("annual_premium_fen", "tier", "abc").collect()
    premium = frame.get_column("annual_premium_fen")
    payers = premium.filter(premium > 0).sort(descending=True)
    total = int(payers.sum())
    running = payers.cum_sum()
    curve = [(0, 0)]
    for point in range(1, points + 1):
        last = len(payers) * point // points
        if last and total:
            curve.append((last * classes.WHOLE_BP // len(payers), int(running[last - 1]) * classes.WHOLE_BP // total))
    return Summary(
        parties=frame.height,
        with_premium=len(payers),
        premium_fen=total,
        tiers=_groups(frame, "tier", [*tiers, "standard", ""]),
        abc=_groups(frame, "abc", ["A", "B", "C", ""]),
        pareto=tuple(dict.fromkeys(curve)),
    )


def _groups(frame: pl.DataFrame, column: str, codes: Sequence[str]) -> tuple[Group, ...]:
    found = frame.group_by(column).agg(pl.len().alias("parties"), pl.col("annual_premium_fen").sum().alias("premium"))
    by_code = {code: (parties, premium) for code, parties, premium in found.iter_rows()}
    return tuple(
        Group(code=code, parties=by_code.get(code, (0, 0))[0], premium_fen=by_code.get(code, (0, 0))[1])
        for code in codes
    )


def digest(result: Path) -> str:
    """A fingerprint of every value of a result, in order; equal results give equal ones on one version of Polars."""
    running = hashlib.sha256()
    for frame in batches(result):
        running.update(frame.hash_rows(seed=1).to_numpy().tobytes())
    return running.hexdigest()
