"""Linking: the whole book, or what an import batch brought, against one another; decisions written as merges and pairs.

Four stages: read, link, decide, write. After `link` only pairs of keys and weights lie in the run's folder, nothing
personal; a run that was killed goes on from there, and a second run of the same book ends the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from anxin.analytics.linkage.model import Model
from anxin.book.customers.queries import likely
from anxin.book.customers.services import golden
from anxin.book.matching.data import CandidateState, Origin
from anxin.book.matching.models import Candidate, Run
from anxin.book.matching.rules import models as scheme
from anxin.book.matching.services import merging, separating
from anxin.book.matching.services.merging import Order
from anxin.foundation.audit import services as audit
from anxin.foundation.intake import queries as intake
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import JobView
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.kernel.among import among
from anxin.kernel.words import mark as _

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
KIND: Final = "matching.link"
_LOCK: Final = int.from_bytes(b"linkrun")
STAGES: Final = ("read", "link", "decide", "write")
CHUNK: Final = 200
MERGE_CHUNK: Final = 2_000  # groups; past that a transaction only gets longer
MEMORY_MB: Final = 4_000
OWN_FREQUENCIES_FROM: Final = 10_000
# Told after each stage and chunk: stage, how much is done, of how much. It may raise to stop.
Progress = Callable[[str, int, int], None]


def run(
    *, actor: Actor, now: datetime, batch_id: UUID | None = None, progress: Progress | None = None
) -> dict[str, int]:
    """Link all living files, or those of a batch with all others. Certain pairs are merged, uncertain ones wait.

    Returns the figures: records, certain, review, merged, kept_apart; none of a batch that was taken back. Runs wait
    for one another, on whatever machine they are: one would not know what the other has decided. Raises NotPermitted.
    """
    actor.require("matching.run")
    with alone():
        if batch_id is not None and intake.is_taken_back(batch_id):
            return {}
        return _run(actor, now, batch_id, progress or (lambda stage, done, total: None))


@contextmanager
def alone() -> Iterator[None]:
    """Hold linking alone. The lock goes with the connection, should the process die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _run(actor: Actor, now: datetime, batch_id: UUID | None, tell: Progress) -> dict[str, int]:
    row = _begin(batch_id, now)
    folder = Path(settings.ANXIN_HOME) / "analytics" / "linkage" / str(row.pk)
    folder.mkdir(parents=True, exist_ok=True)
    figures: dict[str, int] = dict(row.figures)
    # Persons and organisations are read together.
    read = cache(lambda: _read(batch_id))
    for kind in ("person", "organisation"):
        content = schemes.active(scheme.SCHEMES[kind], on=_today(now)).content
        model = scheme.model_of(kind, content)
        if not (folder / f"{kind}.clusters.parquet").exists():
            everybody, fresh = read()
            _link(kind, model, everybody.filter(pl.col("kind") == kind), fresh, folder, figures, tell)
            Run.objects.filter(pk=row.pk).update(figures=figures, stage="link")
        pairs = pl.read_parquet(folder / f"{kind}.pairs.parquet")
        if not content["is_automatic"]:
            pairs = pairs.with_columns(pl.lit("review").alias("outcome"), pl.col("reason").fill_null("weight"))
        clusters = pl.read_parquet(folder / f"{kind}.clusters.parquet")
        tell("decide", 0, len(pairs))
        merged = _merge_certain(row, clusters, now, tell) if content["is_automatic"] else 0
        figures["merged"] = figures.get("merged", 0) + merged
        Run.objects.filter(pk=row.pk).update(figures=figures, stage="decide")
        _write_pairs(row, kind, model, pairs, now, tell)
    if batch_id is None:
        # What a full run no longer finds is no question any more.
        Candidate.objects.filter(state=CandidateState.OPEN).exclude(run=row).delete()
    with transaction.atomic():
        Run.objects.filter(pk=row.pk).update(state=Run.State.DONE, stage="write", finished_at=now, figures=figures)
        audit.record(
            actor=actor, now=now, action="matching.run", object_kind="run", object_id=row.pk, object_ref=row.kind,
            detail=figures,
        )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    return figures


def start(
    *, actor: Actor, now: datetime, task: jobs.QueuedTask, batch_id: UUID | None = None, title: str = ""
) -> JobView:
    """Queue a run; while the same one is under way, that one is returned. Raises NotPermitted."""
    actor.require("matching.run")
    key = str(batch_id) if batch_id else "full"
    return jobs.start(
        actor=actor, now=now, kind=KIND, title=title, task=task, dedupe_key=key,
        arguments={"batch": str(batch_id)} if batch_id else {},
    )  # fmt: skip


def batch_of(arguments: Mapping[str, Any]) -> UUID | None:
    """The batch a job was started for."""
    return UUID(arguments["batch"]) if arguments.get("batch") else None


def _begin(batch_id: UUID | None, now: datetime) -> Run:
    """The row of this run; one that was killed is taken over."""
    kind = Run.Kind.FULL if batch_id is None else Run.Kind.BATCH
    left = Run.objects.filter(state=Run.State.RUNNING, kind=kind, batch_id=batch_id).first()
    if left is not None:
        return left
    version = schemes.active(scheme.PERSON, on=_today(now)).version
    return Run.objects.create(kind=kind, batch_id=batch_id, scheme_version=version, started_at=now)


def _read(batch_id: UUID | None) -> tuple[pl.DataFrame, pl.Series | None]:
    """Everybody; or what a batch brought, with all who share a key with it, and which of them it brought."""
    if batch_id is None:
        return likely.records(), None
    fresh = likely.of_batch(batch_id)
    return likely.records(likely.sharing(fresh)), fresh


def _link(
    kind: str, model: Model, frame: pl.DataFrame, fresh: pl.Series | None, folder: Path, figures: dict[str, int],
    tell: Progress,
) -> None:  # fmt: skip
    figures["records"] = figures.get("records", 0) + len(frame)
    tell("read", len(frame), len(frame))
    never = [(left.hex, right.hex) for left, right in _apart()]
    found_pairs, found_clusters = link_frame(frame, model, fresh, never, folder / "spill")
    figures["certain"] = figures.get("certain", 0) + found_pairs.filter(pl.col("outcome") == "certain").height
    figures["review"] = figures.get("review", 0) + found_pairs.filter(pl.col("outcome") == "review").height
    found_pairs.write_parquet(folder / f"{kind}.pairs.parquet")
    # Written last, in one step: its presence says that the stage is over.
    part = folder / f"{kind}.part"
    found_clusters.write_parquet(part)
    part.rename(folder / f"{kind}.clusters.parquet")
    tell("link", len(frame), len(frame))


def link_frame(
    frame: pl.DataFrame,
    model: Model,
    fresh: pl.Series | None,
    never: Sequence[tuple[str, str]],
    spill: Path,
    *,
    records: int = 0,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs and clusters (of more than one) of a frame; with `fresh` only pairs that have one of them."""
    # Only here: the web never loads the engine.
    from anxin.analytics.linkage import features, incremental, linking

    if len(frame) < 2:
        empty = pl.DataFrame(
            schema={
                "left_id": pl.String(), "right_id": pl.String(), "weight": pl.Float64(), "probability": pl.Float64(),
                "outcome": pl.String(), "reason": pl.String(),
            }
        )  # fmt: skip
        return empty, pl.DataFrame(schema={"record_id": pl.String(), "cluster_id": pl.String()})
    if fresh is not None:
        with linking.connection(memory_mb=MEMORY_MB, spill=spill) as con:
            found = incremental.link_found(frame, fresh, model, con, records=records, never=never)
    else:
        # In a small book nearly every name looks common.
        prepared = features.prepare(frame, model, own_frequencies=len(frame) >= OWN_FREQUENCIES_FROM)
        with linking.duckdb(memory_mb=MEMORY_MB, spill=spill) as api:
            pairs = linking.predict(prepared, model, api)
        found = linking.decide(prepared, pairs, model, never=never)
    clusters = found.clusters.filter(pl.len().over("cluster_id") > 1).sort("cluster_id", "record_id")
    return found.pairs, clusters


def _apart() -> Iterator[tuple[UUID, UUID]]:
    """Living files that somebody judged to be different people, whichever of their files the judgement was about."""
    pairs = list(Candidate.objects.filter(state=CandidateState.DIFFERENT).values_list("left", "right"))
    roots = golden.roots_with({key for pair in pairs for key in pair})
    for left, right in pairs:
        yield roots.get(left, left), roots.get(right, right)


def _merge_certain(row: Run, clusters: pl.DataFrame, now: datetime, tell: Progress) -> int:
    """Every cluster becomes its oldest file. Each chunk is a transaction; what was merged before a kill is done."""
    actor = Actor.system("matching")
    groups: dict[str, list[str]] = {}
    for record, cluster in clusters.select("record_id", "cluster_id").iter_rows():
        groups.setdefault(cluster, []).append(record)
    orders = [
        [Order(survivor=UUID(members[0]), loser=UUID(one), reason=_("Certain link")) for one in members[1:]]
        for members in (sorted(group) for group in groups.values())
    ]
    done = 0
    for start in range(0, len(orders), MERGE_CHUNK):
        with separating.linked(row.batch_id):
            chunk = [one for group in orders[start : start + MERGE_CHUNK] for one in group]
            done += _merge_chunk(actor, now, chunk, row.pk)
        tell("decide", min(start + MERGE_CHUNK, len(orders)), len(orders))
    return done


def _merge_chunk(actor: Actor, now: datetime, orders: Sequence[Order], run_id: UUID) -> int:
    merged = golden.roots_with({key for one in orders for key in (one.loser, one.survivor)})
    todo = [one for one in orders if one.loser not in merged and one.survivor not in merged]
    done, _failed = merging.merge_as_far_as_possible(
        actor=actor, now=now, orders=todo, origin=Origin.AUTOMATIC, run_id=run_id
    )
    return len(done)


def _write_pairs(row: Run, kind: str, model: Model, pairs: pl.DataFrame, now: datetime, tell: Progress) -> None:
    """Uncertain pairs as candidates, set by set. A decision stays; an open pair gets its new weight."""
    review = pairs.filter(pl.col("outcome") == "review")
    for start in range(0, len(review), CHUNK):
        part = review.slice(start, CHUNK)
        _write_chunk(row, model, part, now)
        tell("write", start + len(part), len(review))


def _write_chunk(row: Run, model: Model, part: pl.DataFrame, now: datetime) -> None:
    weights: dict[tuple[UUID, UUID], tuple[float, str]] = {}
    keys = [UUID(key) for key in {*part["left_id"], *part["right_id"]}]
    roots = golden.roots_with(keys)
    for left_id, right_id, weight, reason in part.select("left_id", "right_id", "weight", "reason").iter_rows():
        left, right = sorted(roots.get(key, key) for key in (UUID(left_id), UUID(right_id)))
        if left != right:
            weights.setdefault((left, right), (weight, "" if reason in (None, "weight") else reason))
    if not weights:
        return
    evidence = evidence_of(model, list(weights))
    ids = sorted({key for pair in weights for key in pair})
    sources = golden.sources_of(ids)
    wanted = among("left__pk", (left for left, _r in weights)) & among("right__pk", (right for _l, right in weights))
    with transaction.atomic():
        known = {(one.left_id, one.right_id): one for one in Candidate.objects.select_for_update().filter(wanted)}
        fresh, changed = [], []
        for pair, (weight, contradiction) in sorted(weights.items()):
            if pair not in evidence:
                continue
            values: dict[str, Any] = {
                "weight": weight, "contradiction": contradiction, "evidence": evidence[pair], "run_id": row.pk,
                "scheme_version": row.scheme_version,
                "sources": " ".join(sorted({sources.get(key, "") for key in pair})),
            }  # fmt: skip
            one = known.get(pair)
            if one is None:
                fresh.append(Candidate(left_id=pair[0], right_id=pair[1], created_at=now, **values))
            elif one.state == CandidateState.OPEN or _is_due(one, _today(now)):
                for name, value in {**values, "state": CandidateState.OPEN, "later_until": None}.items():
                    setattr(one, name, value)
                changed.append(one)
        Candidate.objects.bulk_create(fresh, ignore_conflicts=True)
        Candidate.objects.bulk_update(
            changed,
            ["weight", "contradiction", "evidence", "run", "scheme_version", "sources", "state", "later_until"],
        )


def _is_due(one: Candidate, today: date) -> bool:
    return one.state == CandidateState.LATER and (one.later_until is None or one.later_until <= today)


def evidence_of(model: Model, pairs: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], list[dict[str, Any]]]:
    """What each comparison says of pairs of living files, strongest first; without the values compared."""
    from anxin.analytics.linkage import features
    from anxin.analytics.linkage.scoring import Scorer

    ids = pl.Series(sorted({key.hex for pair in pairs for key in pair}), dtype=pl.String)
    frame = likely.records(ids)
    columns = {column for each in model.fields for column in each.columns}
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in columns - set(frame.columns))
    prepared = features.add_frequencies(features.build(frame, model.fields), model.tf_columns, model.frequencies)
    records = {one[features.ID]: one for one in prepared.iter_rows(named=True)}
    scorer = Scorer(model)
    found = {}
    for left, right in pairs:
        if left.hex in records and right.hex in records:
            scored = scorer.score(records[left.hex], records[right.hex])
            found[left, right] = [
                {"field": one.field, "level": one.level, "weight": round(one.weight, 2)}
                for one in sorted(scored.evidence, key=lambda each: -abs(each.weight))
                if one.level != "unknown"
            ]
    return found


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
