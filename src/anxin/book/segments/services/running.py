"""The nightly judgement: out of the database, through the engine, back as swapped tables.

It may be killed anywhere and started again, or started twice at once: the end is that of one clean run. Everything the
database keeps of it is written in one transaction at the end; before that there are only files, written anew each time.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from anxin.analytics import engines, extract, marts, standing, summaries
from anxin.analytics.classes import registry
from anxin.book.customers.services import standings
from anxin.book.segments import queries, rules
from anxin.book.segments.data import RunView
from anxin.book.segments.models import Profile, Regrouped, Run
from anxin.book.segments.services import feeds, sizing
from anxin.foundation.audit import services as audit
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import SchemeView
from anxin.kernel import bulk
from anxin.kernel.actor import Actor

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# Days whose files stay, so that they can be judged again as they were: the last ones, and the first of each month.
DAYS_KEPT: Final = 7
MONTHS_KEPT: Final = 12
Progress = Callable[[str, int], None]
Versions = dict[str, SchemeView]


def nightly(*, actor: Actor, now: datetime, progress: Progress | None = None) -> dict[str, int]:
    """The run of the night for the orchestration: as of today in Shanghai."""
    run_view = run(actor=actor, now=now, as_of=now.astimezone(SHANGHAI).date(), progress=progress)
    parties = run_view.summary.get("parties", 0)
    return {"parties": parties if isinstance(parties, int) else 0}


def run(
    *, actor: Actor, now: datetime, as_of: date, progress: Progress | None = None, engine: str = "duckdb"
) -> RunView:
    """Judge all customers as of a day. `progress(step, rows)` after each of STEPS; it may raise to stop.

    A second run of a day that finds the same as the first changes nothing and returns the first. A day before the last
    one judged is a replay: from the files of that day when they are kept, else from what the database says now; it is
    counted and kept as a run, and replaces nothing. Runs wait for one another, on whatever machine they are. `engine`
    is duckdb or spark (EngineMissing without its extra).
    """
    actor.require("segments.run")
    tell: Progress = progress or (lambda step, rows: None)
    place, began = address(), time.perf_counter()
    with extract.exclusive(place, "segments.run"):
        versions = {code: schemes.active(code, on=as_of) for code in rules.SCHEMES}
        row = _begin(as_of, now, engine)
        try:
            found = _judge(row, place, versions, tell)
            return found if found is not None else _finish(actor, now, row, versions, tell, began)
        except Exception as error:
            Run.objects.filter(pk=row.pk, state=Run.State.RUNNING).update(
                state=Run.State.FAILED, finished_at=now, message=type(error).__name__
            )
            raise


def _begin(as_of: date, now: datetime, engine: str) -> Run:
    """The row of this run; what a killed run of the day left behind is taken over, so that no trace of it stays."""
    left = Run.objects.filter(state=Run.State.RUNNING)
    left.exclude(as_of=as_of).update(state=Run.State.FAILED, finished_at=now, message="Interrupted")
    latest = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-as_of").first()
    row = left.filter(as_of=as_of).first() or Run(as_of=as_of, state=Run.State.RUNNING)
    row.started_at, row.engine = now, engine
    row.is_replay = latest is not None and as_of < latest.as_of
    row.save()
    return row


def _judge(row: Run, address: str, versions: Versions, tell: Progress) -> RunView | None:
    """Extract and compute. Returns the earlier run of the day when it found the same."""
    folder = _folder(row.as_of)
    tell("extract", _extract(row, address, folder))
    contents: dict[str, Any] = {code: version.content for code, version in versions.items()}
    before = Run.objects.filter(state=Run.State.DONE, as_of__lt=row.as_of, is_replay=False).order_by("-as_of").first()
    clusters = (before.fitted.get("clusters") or {}) if before is not None else {}
    with _engine(row.engine, folder) as engine:
        result = standing.compute(
            engine, folder, as_of=row.as_of, rules=contents, centres=clusters.get("centres"), plans=folder.parent
        )
        numbers = {code: version.version for code, version in versions.items()}
        running = hashlib.sha256(standing.digest(result).encode())
        running.update(f"{sorted(numbers.items())}".encode())
        digest = running.hexdigest()
        tell("compute", summaries.rows(result))
        latest = Run.objects.filter(state=Run.State.DONE, is_replay=row.is_replay).order_by("-as_of", "-started_at")
        same = latest.filter(as_of=row.as_of).first() if row.is_replay else latest.first()
        if same is not None and same.as_of == row.as_of and same.input_digest == digest:
            Run.objects.filter(pk=row.pk).delete()
            _tidy(folder)
            return queries.view(same)
        changes = standing.changes(engine, folder)
    changes.write_parquet(folder / "changes.parquet")
    row.scheme_versions, row.input_digest = numbers, digest
    tell("compare", changes.height)
    return None


def _extract(row: Run, address: str, folder: Path) -> int:
    """The marts of the day, going on from the latest kept ones; a replayed day keeps the files it has."""
    before = {"before": marts.before(registry.HISTORY)}
    if row.is_replay and (folder / extract.STATE).exists():
        return sum(extract.extract(address, before, folder, as_of=row.as_of, keep_state=True).values())
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    days = _days(folder)
    every = {**marts.MARTS, **dict.fromkeys(marts.EVENTS, marts.NO_EVENTS), **feeds.fed(), **before}
    moved = extract.extract(address, every, fresh, as_of=row.as_of, base=days[0] if days else None)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return sum(moved.values())


def _ended(row: Run, began: float) -> datetime:
    """`now` is when the caller asked: how long it took is added to it."""
    return row.started_at + timedelta(seconds=time.perf_counter() - began)


def _finish(actor: Actor, now: datetime, row: Run, versions: Versions, tell: Progress, began: float) -> RunView:
    folder = _folder(row.as_of)
    result = folder / "standing.parquet"
    changes = pl.read_parquet(folder / "changes.parquet")
    tiers = [tier.code for tier in reversed(rules.tiers_of(versions[rules.TIERS].content))]
    summary = summaries.of_result(result, tiers=tiers)
    summary["changes"] = {} if row.is_replay else dict(changes.group_by("scheme").len().sort("scheme").iter_rows())
    row.fitted = standing.models(folder)
    with transaction.atomic():
        rows = int(summary["parties"])
        if not row.is_replay:
            _write_changes(row, changes)
            rows = standings.replace(standing_rows(result, row, versions))
            bulk.swap_table("segments_profile", profile_rows(result, row), statistics=20)
        if not row.is_replay:
            # What was merged before the run began to read, it has seen.
            Regrouped.objects.filter(at__lt=row.started_at).delete()
        row.state, row.summary, row.finished_at = Run.State.DONE, summary, _ended(row, began)
        row.save()
        audit.record(
            actor=actor, now=now, action="segments.run", object_kind="run", object_id=row.id,
            object_ref=row.as_of.isoformat(), detail={"parties": rows, "changes": changes.height},
        )  # fmt: skip
        tell("write", rows)
    _tidy(folder)
    if not row.is_replay:
        sizing.size_all(now=row.finished_at or now)
    return queries.view(row, is_new=True)


def standing_rows(result: Path, row: Run, versions: Versions) -> Iterator[pl.DataFrame]:
    """Standing rows for COPY. The explanation is JSON built in columns; empty for who pays no regular premium."""
    tier_version, abc_version = versions[rules.TIERS].version, versions[rules.ABC].version
    because = pl.concat_str(
        pl.lit(f'{{"tier":{{"version":{tier_version},"annual_premium_fen":'), pl.col("annual_premium_fen"),
        pl.lit(',"threshold_fen":'), pl.col("tier_from_fen"),
        pl.lit(f'}},"abc":{{"version":{abc_version},"rank":'), pl.col("premium_rank"),
        pl.lit(',"cumulative_share_bp":'), pl.col("share_before_bp"), pl.lit("}}"),
    )  # fmt: skip
    held = marts.lines_held(result.parent, row.as_of)
    for frame in standing.batches(result):
        yield frame.join(held, on="party", how="left").select(
            pl.col("party").bin.encode("hex").alias("party_id"), pl.col("lines").fill_null([]),
            "annual_premium_fen", "total_paid_fen", "claims_paid_fen", "active_policies", "policies", "active_lines",
            "open_claims", "tier", "abc", "next_expiry_date", "last_contact_at",
            pl.when(pl.col("annual_premium_fen") > 0).then(because).otherwise(pl.lit("{}")).alias("explanation"),
            pl.lit(row.id.hex).alias("run_id"),
        )  # fmt: skip


PROFILE_COLUMNS: Final = tuple(
    field.column for field in Profile._meta.concrete_fields if field.column not in ("party_id", "run_id")
)


def profile_rows(result: Path, row: Run) -> Iterator[pl.DataFrame]:
    """Rows of Profile for COPY."""
    for frame in standing.batches(result):
        texts = [pl.col(name).fill_null("") for name, kind in frame.schema.items() if kind == pl.String]
        yield frame.with_columns(texts).select(
            pl.col("party").bin.encode("hex").alias("party_id"), *PROFILE_COLUMNS, pl.lit(row.id.hex).alias("run_id")
        )


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


@contextmanager
def _engine(name: str, folder: Path) -> Iterator[engines.Engine]:
    if name == "spark":
        with engines.spark_session() as spark:
            yield spark
        return
    with engines.duckdb(folder / "spill") as duckdb:
        yield duckdb


def address() -> str:
    """Of the database, for the extract."""
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


def _days(folder: Path) -> list[Path]:
    """Folders of days, newest first. They hold keys, figures and facts, no names and no numbers of people."""
    found = folder.parent.glob("????-??-??") if folder.parent.exists() else []
    return sorted((day for day in found if (day / extract.STATE).exists()), reverse=True)


def _tidy(folder: Path) -> None:
    """The last days and the first kept day of each month stay; of each, only what a replay needs."""
    days = _days(folder)
    firsts = {day.name[:7]: day for day in days}
    kept = {*days[:DAYS_KEPT], *sorted(firsts.values(), reverse=True)[:MONTHS_KEPT], folder}
    for old in folder.parent.iterdir():
        if old not in kept and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder / "spill", ignore_errors=True)
    for name in ("figures", "before", "changes", "worth"):
        path = folder / f"{name}.parquet"
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
