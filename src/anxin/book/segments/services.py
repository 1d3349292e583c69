"""The nightly judgement: out of the database, through the engine, back as one swapped table.

It may be killed anywhere and started again, or started twice at once: the end is that of one clean run. Everything the
database keeps of it is written in one transaction at the end; before that there are only files, written anew each time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from anxin.analytics import engines, extract, marts, standing
from anxin.book.customers.services import standings
from anxin.book.segments import queries, rules
from anxin.book.segments.data import RunView
from anxin.book.segments.models import Run
from anxin.foundation.audit import services as audit
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import SchemeView
from anxin.kernel import bulk
from anxin.kernel.actor import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
STEPS = ("extract", "compute", "compare", "write")
Progress = Callable[[str, int], None]


def nightly(*, actor: Actor, now: datetime, progress: Progress | None = None) -> dict[str, int]:
    """The run of the night for the orchestration: as of today in Shanghai."""
    run_view = run(actor=actor, now=now, as_of=now.astimezone(SHANGHAI).date(), progress=progress)
    parties = run_view.summary.get("parties", 0)
    return {"parties": parties if isinstance(parties, int) else 0}


def run(*, actor: Actor, now: datetime, as_of: date, progress: Progress | None = None) -> RunView:
    """Judge all customers as of a day. `progress(step, rows)` after each of STEPS; it may raise to stop.

    A second run of a day that finds the same as the first changes nothing and returns the first. Runs wait for one
    another, on whatever machine they are.
    """
    actor.require("segments.run")
    tell: Progress = progress or (lambda step, rows: None)
    address = _address()
    folder = _folder(as_of)
    with extract.exclusive(address, "segments.run"):
        tiers = schemes.active(rules.TIERS, on=as_of)
        abc = schemes.active(rules.ABC, on=as_of)
        row = _begin(as_of, now)
        try:
            found = _judge(row, address, folder, tiers, abc, tell)
            return found if found is not None else _finish(actor, now, row, folder, tiers, abc, tell)
        except Exception as error:
            Run.objects.filter(pk=row.pk, state=Run.State.RUNNING).update(
                state=Run.State.FAILED, finished_at=now, message=type(error).__name__
            )
            raise


def _begin(as_of: date, now: datetime) -> Run:
    """The row of this run; what a killed run of the day left behind is taken over, so that no trace of it stays."""
    left = Run.objects.filter(state=Run.State.RUNNING)
    left.exclude(as_of=as_of).update(state=Run.State.FAILED, finished_at=now, message="Interrupted")
    row = left.filter(as_of=as_of).first()
    if row is not None:
        Run.objects.filter(pk=row.pk).update(started_at=now)
        row.started_at = now
        return row
    return Run.objects.create(as_of=as_of, engine="duckdb", state=Run.State.RUNNING, started_at=now)


def _judge(row: Run, address: str, folder: Path, tiers: SchemeView, abc: SchemeView, tell: Progress) -> RunView | None:
    """Extract and compute. Returns the earlier run of the day when it found the same."""
    shutil.rmtree(folder, ignore_errors=True)
    tell("extract", sum(extract.extract(address, marts.STANDING, folder).values()))
    with engines.duckdb(folder / "spill") as engine:
        result = standing.compute(engine, folder, as_of=row.as_of, rules=_rules(tiers, abc))
        versions = {rules.TIERS: tiers.version, rules.ABC: abc.version}
        running = hashlib.sha256(standing.digest(result).encode())
        running.update(f"{sorted(versions.items())}".encode())
        digest = running.hexdigest()
        tell("compute", pl.scan_parquet(result).select(pl.len()).collect().item())
        latest = Run.objects.filter(state=Run.State.DONE).order_by("-as_of", "-started_at").first()
        if latest is not None and latest.as_of == row.as_of and latest.input_digest == digest:
            Run.objects.filter(pk=row.pk).delete()
            _tidy(folder)
            return queries.view(latest)
        changes = standing.changes(engine, folder)
    changes.write_parquet(folder / "changes.parquet")
    row.scheme_versions, row.input_digest = versions, digest
    tell("compare", changes.height)
    return None


def _finish(
    actor: Actor, now: datetime, row: Run, folder: Path, tiers: SchemeView, abc: SchemeView, tell: Progress
) -> RunView:
    result = folder / "standing.parquet"
    changes = pl.read_parquet(folder / "changes.parquet")
    names = [tier.code for tier in reversed(rules.tiers_of(tiers.content))]
    summary = _summary(standing.summarise(result, tiers=names), changes)
    with transaction.atomic():
        _write_changes(row, changes)
        rows = standings.replace(_frames(result, row, tiers.version, abc.version))
        row.state, row.summary, row.finished_at = Run.State.DONE, summary, max(now, row.started_at)
        row.save()
        audit.record(
            actor=actor, now=now, action="segments.run", object_kind="run", object_id=row.id,
            object_ref=row.as_of.isoformat(), detail={"parties": rows, "changes": changes.height},
        )  # fmt: skip
        tell("write", rows)
    _tidy(folder)
    return queries.view(row, is_new=True)


def _frames(result: Path, row: Run, tier_version: int, abc_version: int) -> Iterator[pl.DataFrame]:
    """Standing rows for COPY. The explanation is JSON built in columns; empty for who pays no regular premium."""
    because = pl.concat_str(
        pl.lit(f'{{"tier":{{"version":{tier_version},"annual_premium_fen":'), pl.col("annual_premium_fen"),
        pl.lit(',"threshold_fen":'), pl.col("tier_from_fen"),
        pl.lit(f'}},"abc":{{"version":{abc_version},"rank":'), pl.col("premium_rank"),
        pl.lit(',"cumulative_share_bp":'), pl.col("share_before_bp"), pl.lit("}}"),
    )  # fmt: skip
    for frame in standing.batches(result):
        yield frame.select(
            pl.col("party").bin.encode("hex").alias("party_id"),
            "annual_premium_fen", "total_paid_fen", "claims_paid_fen", "active_policies", "policies", "active_lines",
            "open_claims", "tier", "abc", "next_expiry_date", "last_contact_at",
            pl.when(pl.col("annual_premium_fen") > 0).then(because).otherwise(pl.lit("{}")).alias("explanation"),
            pl.lit(row.id.hex).alias("run_id"),
        )  # fmt: skip


def _write_changes(row: Run, changes: pl.DataFrame) -> None:
    keys, _ = bulk.new_keys(changes.height)
    frame = changes.select(
        pl.Series("id", keys, dtype=pl.String),
        pl.lit(row.id.hex).alias("run_id"),
        pl.col("party").bin.encode("hex").alias("party_id"),
        "scheme",
        "before",
        "after",
    )
    bulk.copy_frame("segments_classchange", frame)


def _summary(found: standing.Summary, changes: pl.DataFrame) -> dict[str, Any]:
    moved = changes.group_by("scheme").len()
    return {
        "parties": found.parties,
        "with_premium": found.with_premium,
        "premium_fen": found.premium_fen,
        "tiers": [_group(group) for group in found.tiers],
        "abc": [_group(group) for group in found.abc],
        "pareto": [list(point) for point in found.pareto],
        "changes": dict(moved.sort("scheme").iter_rows()),
    }


def _group(group: standing.Group) -> Mapping[str, str | int]:
    return {"code": group.code, "parties": group.parties, "premium_fen": group.premium_fen}


def _rules(tiers: SchemeView, abc: SchemeView) -> standing.Rules:
    cuts: Any = abc.content
    return standing.Rules(
        tiers=[(tier.code, tier.from_fen) for tier in rules.tiers_of(tiers.content)],
        counts_single_premium=bool(tiers.content["counts_single_premium"]),
        a_bp=cuts["a_bp"],
        b_bp=cuts["b_bp"],
    )


def _address() -> str:
    database = connection.settings_dict
    return extract.uri(
        name=str(database["NAME"]),
        user=str(database["USER"]),
        password=str(database["PASSWORD"] or ""),
        host=str(database["HOST"] or ""),
        port=str(database["PORT"] or ""),
        options={name: str(value) for name, value in database["OPTIONS"].items() if name.startswith(("ssl", "conn"))},
    )


def _folder(as_of: date) -> Path:
    return Path(settings.ANXIN_HOME) / "analytics" / as_of.isoformat()


def _tidy(folder: Path) -> None:
    """Only the files of the latest run stay; they hold keys and figures, no names."""
    for old in folder.parent.iterdir():
        if old != folder and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder / "spill", ignore_errors=True)
