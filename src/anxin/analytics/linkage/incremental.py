"""A batch of new records against a base that was prepared before: only the part of the base that shares a key is
touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from anxin.analytics.linkage import addresses, features, linking
from anxin.analytics.linkage.linking import Linkage
from anxin.analytics.linkage.model import Model

_RECORDS: Final = "records.arrow"
_KEYS: Final = "keys.arrow"
_VERSION: Final = "made-by.txt"
_SEED: Final = 1


@dataclass(frozen=True, kw_only=True)
class Base:
    """Prepared records on disk: `records.parquet` and one table of frequencies per feature. Clear personal data: keep
    it in the sealed scratch folder and delete it after use."""

    folder: Path
    records: int


def write_base(
    frame: pl.DataFrame, model: Model, folder: Path, *, divisions: addresses.Divisions | None = None
) -> Base:
    """Prepare `frame` (columns as for `linking.link`) for later batches."""
    return save_base(features.prepare(frame, model, divisions=divisions), model, folder)


def save_base(prepared: pl.DataFrame, model: Model, folder: Path) -> Base:
    """The same from records that `features.prepare` made ready."""
    folder.mkdir(parents=True, exist_ok=True)
    # Not compressed: reading is what a batch spends most of its time on.
    prepared.write_ipc(folder / _RECORDS, compression="uncompressed")
    keys = _key_columns(model, prepared.columns)
    prepared.select(pl.col(name).hash(_SEED) for name in keys).write_ipc(folder / _KEYS, compression="uncompressed")
    (folder / _VERSION).write_text(pl.__version__, encoding="utf-8")
    for column in model.tf_columns:
        table = prepared.select(column, f"{features.TF}{column}").drop_nulls().unique(column)
        table.write_parquet(folder / f"{features.TF}{column}.parquet")
    return Base(folder=folder, records=len(prepared))


class BaseOutdated(RuntimeError):
    """The base was made with another version and has to be made anew."""


def open_base(folder: Path) -> Base:
    """A base written before. Raises FileNotFoundError without one, BaseOutdated after a change of version."""
    if (folder / _VERSION).read_text(encoding="utf-8") != pl.__version__:
        # Hashes of keys are not the same in every version.
        raise BaseOutdated(f"The base in {folder.name} was made with another version.")
    return Base(folder=folder, records=pl.scan_ipc(folder / _KEYS).select(pl.len()).collect().item())


def _key_columns(model: Model, present: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Columns of the base to look keys up in, each with the columns of new records whose values are looked for."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in model.rules:
        key = f"{features.KEYS}{rule.code}"
        if key in present:
            found[key] = (key,)
            continue
        # Sides of different columns (phone with second phone): either side may be the new record.
        for left, right in rule.keys:
            found[left] = (*found.get(left, ()), right)
            found[right] = (*found.get(right, ()), left)
    return found


def link_batch(
    batch: pl.DataFrame,
    base: Base,
    model: Model,
    api: Any,
    *,
    divisions: addresses.Divisions | None = None,
    known: Sequence[tuple[str, str]] = (),
    never: Sequence[tuple[str, str]] = (),
) -> Linkage:
    """Pairs of the batch with the base and with itself; pairs inside the base are not looked at again.

    `known`: pairs of record ids already in one cluster (at least those of the base records concerned), so that no new
    record joins two clusters that contradict. `clusters` of the answer hold the batch and the base records it was
    compared with. Frequencies are those of the base.
    """
    model = model.sized(base.records + len(batch))
    fresh = features.build(batch, model.fields, divisions=divisions)
    fresh = _with_frequencies(fresh, base, model)
    fresh = features.add_keys(fresh, model.rules, model.largest_block)
    others = candidates(fresh, base, model)
    prepared = pl.concat(
        [
            fresh.select(others.columns).with_columns(pl.lit(True).alias(linking.NEW)),
            others.with_columns(pl.lit(False).alias(linking.NEW)),
        ]
    )
    pairs = linking.predict(prepared, model, api, newcomers=True)
    return linking.decide(prepared, pairs, model, known=known, never=never)


def candidates(fresh: pl.DataFrame, base: Base, model: Model) -> pl.DataFrame:
    """Records of the base that share a key with one of `fresh`, as prepared; a record of the same id is left out."""
    looked_up = _key_columns(model, fresh.columns)
    keys = pl.read_ipc(base.folder / _KEYS)
    shares = pl.lit(False)
    for column, others in looked_up.items():
        values = pl.concat([fresh[other].rename(column) for other in others]).drop_nulls().unique()
        if len(values):
            # Two keys may share a number: that is a candidate too many, no more.
            shares |= pl.col(column).is_in(values.hash(_SEED).implode())
    rows = keys.select(shares.arg_true()).to_series() if keys.width else pl.Series([], dtype=pl.UInt32)
    records = pl.read_ipc(base.folder / _RECORDS)[rows]
    return records.filter(~pl.col(features.ID).is_in(fresh[features.ID].implode()))


def _with_frequencies(fresh: pl.DataFrame, base: Base, model: Model) -> pl.DataFrame:
    for column in model.tf_columns:
        name = f"{features.TF}{column}"
        table = pl.scan_parquet(base.folder / f"{name}.parquet").join(
            fresh.lazy().select(column).drop_nulls().unique(), on=column, how="semi"
        )
        fresh = fresh.join(table.collect(), on=column, how="left", maintain_order="left")
        # A value the base has never seen counts as seen once.
        fresh = fresh.with_columns(
            pl.when(pl.col(column).is_not_null()).then(pl.col(name).fill_null(1 / max(base.records, 1))).alias(name)
        )
    return fresh
