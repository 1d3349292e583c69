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

_RECORDS: Final = "records.parquet"


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
    prepared.write_parquet(folder / _RECORDS, compression="zstd", compression_level=1)
    for column in model.tf_columns:
        table = prepared.select(column, f"{features.TF}{column}").drop_nulls().unique(column)
        table.write_parquet(folder / f"{features.TF}{column}.parquet")
    return Base(folder=folder, records=len(prepared))


def open_base(folder: Path) -> Base:
    """A base written before. Raises FileNotFoundError without one."""
    return Base(folder=folder, records=pl.scan_parquet(folder / _RECORDS).select(pl.len()).collect().item())


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
    records = pl.scan_parquet(base.folder / _RECORDS)
    wanted = []
    for rule in model.rules:
        key = f"{features.KEYS}{rule.code}"
        if key in fresh.columns:
            wanted.append((key, fresh[key].drop_nulls().unique()))
        else:
            # Sides of different columns (phone with second phone): either side may be the new record.
            for left, right in rule.keys:
                wanted += [(left, fresh[right].drop_nulls().unique()), (right, fresh[left].drop_nulls().unique())]
    shares = pl.any_horizontal([pl.col(name).is_in(values.implode()) for name, values in wanted if len(values)])
    columns = list(dict.fromkeys(name for name, values in wanted if len(values)))
    # First only the keys, then the rest of the few rows that share one.
    rows = (
        records.select(features.ID, *columns)
        .with_row_index("_at")
        .filter(shares & ~pl.col(features.ID).is_in(fresh[features.ID].implode()))
        .select("_at")
        .collect()["_at"]
    )
    return records.with_row_index("_at").join(rows.to_frame().lazy(), on="_at", how="semi").drop("_at").collect()


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
