"""A batch of new records against a base that was prepared before: only the records of the base that share a key are
read, and only their pairs weighed. Nothing is done once per record of the base.

On disk: the prepared records (Arrow, mapped into memory), and for each key a table of its values' hashes in order, with
the rows that have them. Two values may share a hash: that is a candidate too many, no more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from anxin.analytics.linkage import addresses, conditions, engine, features, guards, linking, weights
from anxin.analytics.linkage.linking import Linkage
from anxin.analytics.linkage.model import Model, Role

_RECORDS: Final = "records.arrow"
_ABOUT: Final = "base.json"
_LAYOUT: Final = 2
_SEED: Final = 1
_ONCE: Final = 1.5


@dataclass(frozen=True, kw_only=True)
class Base:
    """Prepared records on disk. `known`: how many of them know the value of a feature with frequencies. Clear personal
    data: keep it in the sealed scratch folder and delete it after use."""

    folder: Path
    records: int
    known: dict[str, int]


class BaseOutdated(RuntimeError):
    """The base was made with another version and has to be made anew."""


def write_base(
    frame: pl.DataFrame, model: Model, folder: Path, *, divisions: addresses.Divisions | None = None
) -> Base:
    """Prepare `frame` (columns as for `linking.link`) for later batches."""
    return save_base(features.prepare(frame, model, divisions=divisions), model, folder)


def save_base(prepared: pl.DataFrame, model: Model, folder: Path) -> Base:
    """The same from records that `features.prepare` made ready."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ABOUT).unlink(missing_ok=True)
    # One chunk, not compressed: so a row is read where it lies.
    prepared.select(_read(model, prepared.columns)).rechunk().write_ipc(folder / _RECORDS, compression="uncompressed")
    for columns in _lookups(model, prepared.columns):
        rows, hashes = _hashes(prepared, columns)
        order = np.argsort(hashes, kind="stable")
        np.save(_file(folder, columns, "hashes"), hashes[order])
        np.save(_file(folder, columns, "rows"), rows[order])
    counts = {}
    for column in model.tf_columns:
        name = f"{features.TF}{column}"
        counts[column] = len(prepared) - prepared[column].null_count()
        # What occurs once is as good as unseen and need not be kept.
        table = prepared.select(column, name).drop_nulls().unique(column)
        table = table.filter(pl.col(name) * counts[column] > _ONCE)
        hashes = table[column].hash(_SEED).to_numpy()
        order = np.argsort(hashes)
        np.save(_file(folder, (name,), "hashes"), hashes[order])
        np.save(_file(folder, (name,), "shares"), table[name].to_numpy()[order])
    about = {"layout": _LAYOUT, "polars": pl.__version__, "records": len(prepared), "known": counts}
    # Written last: a base that was not finished is none.
    (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return Base(folder=folder, records=len(prepared), known=counts)


def open_base(folder: Path) -> Base:
    """A base written before. Raises FileNotFoundError without one, BaseOutdated after a change of version."""
    about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    if (about["layout"], about["polars"]) != (_LAYOUT, pl.__version__):
        # Hashes of keys are not the same in every version.
        raise BaseOutdated(f"The base in {folder.name} was made with another version.")
    return Base(folder=folder, records=about["records"], known=about["known"])


def _read(model: Model, present: Sequence[str]) -> list[str]:
    """The columns that weights, guards and clusters look at."""
    chosen = guards.for_fields(model.fields, model.guards)
    valid = [f"{each.code}_valid" for each in model.fields if each.role is Role.RESIDENT_ID]
    names = [
        features.ID, features.SOURCE, *weights.columns(model), *valid,
        *(each.code for each in model.fields),
        *(column for guard in chosen for column in conditions.columns(guard.when)),
    ]  # fmt: skip
    return [name for name in dict.fromkeys(names) if name in present]


def _lookups(model: Model, present: Sequence[str]) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Columns of the base to look keys up in, each with the columns of new records whose values are looked for."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for rule in model.rules:
        key = f"{features.KEYS}{rule.code}"
        if key in present:
            found[(key,)] = {(key,): None}
            continue
        # Sides of different columns (phone with second phone): either side may be the new record.
        left, right = tuple(one for one, _ in rule.keys), tuple(other for _, other in rule.keys)
        found.setdefault(left, {})[right] = None
        found.setdefault(right, {})[left] = None
    return {columns: tuple(others) for columns, others in found.items()}


def _file(folder: Path, columns: Sequence[str], part: str) -> Path:
    return folder / f"{quote('+'.join(columns), safe='+')}.{part}.npy"


def _hashes(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    """Rows that know all of `columns`, and the hashes of what they have."""
    value = frame.select(pl.concat_str(columns, separator="|").alias("value"))["value"]
    rows = np.flatnonzero(value.is_not_null().to_numpy()).astype(np.int32)
    hashes: NDArray[np.uint64] = value.hash(_SEED).to_numpy()[rows]
    return rows, hashes


def link_batch(
    batch: pl.DataFrame,
    base: Base,
    model: Model,
    con: Any,
    *,
    divisions: addresses.Divisions | None = None,
    known: Sequence[tuple[str, str]] = (),
    never: Sequence[tuple[str, str]] = (),
) -> Linkage:
    """Pairs of the batch with the base and with itself; pairs inside the base are not looked at again.

    `con`: a DuckDB connection (`linking.connection`). `known`: pairs of record ids already in one cluster (at least
    those of the base records concerned), so that no new record joins two clusters that contradict. `clusters` of the
    answer hold the batch and the base records it has pairs with. Frequencies are those of the base; a record of the
    base whose id is in the batch is left out.
    """
    model = model.sized(base.records + len(batch))
    fresh = features.build(batch, model.fields, divisions=divisions)
    fresh = _with_frequencies(fresh, base, model)
    fresh = features.add_keys(fresh, model.rules, model.largest_block)
    inside = engine.candidates(con, fresh, model)
    across = candidates(fresh, base, model)
    records = _records(base)
    rows = across["old"].unique().sort()
    others = records[rows]
    prepared = pl.concat([fresh.select(records.columns), others])
    replaced = np.isin(rows.to_numpy(), rows.filter(others[features.ID].is_in(fresh[features.ID].implode())).to_numpy())
    old = np.searchsorted(rows.to_numpy(), across["old"].to_numpy())
    across = across.select(pl.col("new").alias("left"), pl.Series("right", old + len(fresh), dtype=pl.Int64))
    across = across.filter(pl.Series(~replaced[old], dtype=pl.Boolean))
    pairs = weights.weigh(con, prepared, pl.concat([inside, across]), model, model.thresholds.review)
    # Most of what shares a key is somebody else: clusters need only those who have a pair.
    kept = np.union1d(np.arange(len(fresh)), pairs["right"].to_numpy())
    pairs = pairs.with_columns(
        pl.Series(name, np.searchsorted(kept, pairs[name].to_numpy()), dtype=pl.Int64) for name in ("left", "right")
    )
    return linking.decide(prepared[kept], pairs, model, known=known, never=never)


def link_found(
    frame: pl.DataFrame,
    fresh: pl.Series,
    model: Model,
    con: Any,
    *,
    records: int,
    divisions: addresses.Divisions | None = None,
    known: Sequence[tuple[str, str]] = (),
    never: Sequence[tuple[str, str]] = (),
) -> Linkage:
    """The same where the caller's own indexes found who shares a key: `frame` holds the batch (ids in `fresh`) and
    those it may match, of `records` in all. Only pairs with a record of the batch. Frequencies are the model's, since
    the few found tell nothing of the rest. `con`: a DuckDB connection; Splink is not needed, and not loaded."""
    model = model.sized(records)
    prepared = _as_common_as_found(features.prepare(frame, model, divisions=divisions, own_frequencies=False), model)
    prepared = prepared.with_columns(pl.col(features.ID).is_in(fresh.implode()).alias(linking.NEW))
    # The new ones first: that side is the smaller one to look records up in.
    prepared = prepared.sort(linking.NEW, features.ID, descending=[True, False])
    pairs = engine.candidates(con, prepared, model, newcomers=linking.NEW)
    weighed = linking.in_order(weights.weigh(con, prepared, pairs, model, model.thresholds.review))
    return linking.decide(prepared, weighed, model, known=known, never=never)


def _as_common_as_found(prepared: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Numbers that several of those found bear are at least that common: an agent's own, typed for many. As shares of
    the records the model was trained on, since its other weights are of that size."""
    for each in model.fields:
        name = f"{features.TF}{each.code}"
        if each.role in (Role.PHONE, Role.EMAIL, Role.TOKEN) and name in prepared.columns and model.trained_on:
            bearers = pl.len().over(each.code)
            common = pl.when(pl.col(each.code).is_not_null() & (bearers > 1)).then(bearers / model.trained_on)
            prepared = prepared.with_columns(pl.max_horizontal(name, common).alias(name))
    return prepared


def _records(base: Base) -> pl.DataFrame:
    # Polars reads the whole file; Arrow maps it, and only what is asked for is read.
    with pa.memory_map(str(base.folder / _RECORDS)) as file:
        records = pl.from_arrow(pa.ipc.open_file(file).read_all())
    assert isinstance(records, pl.DataFrame)
    return records


def candidates(fresh: pl.DataFrame, base: Base, model: Model) -> pl.DataFrame:
    """Pairs that share a key, each once: `new` (row of `fresh`, with features and keys), `old` (row of the base)."""
    found = [np.empty(0, dtype=np.int64)]
    for columns, others in _lookups(model, fresh.columns).items():
        hashes = np.load(_file(base.folder, columns, "hashes"), mmap_mode="r")
        rows = np.load(_file(base.folder, columns, "rows"), mmap_mode="r")
        for other in others:
            new, values = _hashes(fresh, other)
            first, last = np.searchsorted(hashes, values, "left"), np.searchsorted(hashes, values, "right")
            count = last - first
            at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
            # Both numbers in one, so that pairs sort as a whole.
            found.append(np.repeat(new.astype(np.int64), count) * base.records + rows[at])
    pairs = np.unique(np.concatenate(found))
    size = max(base.records, 1)
    return pl.DataFrame({"new": pairs // size, "old": pairs % size})


def _with_frequencies(fresh: pl.DataFrame, base: Base, model: Model) -> pl.DataFrame:
    for column in model.tf_columns:
        name = f"{features.TF}{column}"
        hashes = np.load(_file(base.folder, (name,), "hashes"), mmap_mode="r")
        shares = np.load(_file(base.folder, (name,), "shares"), mmap_mode="r")
        values = fresh[column].hash(_SEED).to_numpy()
        # A value the base has never seen counts as seen once.
        found = np.full(len(fresh), 1 / max(base.known[column], 1))
        if len(hashes):
            at = np.minimum(np.searchsorted(hashes, values), len(hashes) - 1)
            found = np.where(hashes[at] == values, shares[at], found)
        fresh = fresh.with_columns(pl.when(pl.col(column).is_not_null()).then(pl.Series(name, found)).alias(name))
    return fresh
