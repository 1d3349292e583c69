"""Sealing everything anew with the active key: in portions, while people work, and as often interrupted as may be.

Each sealed value says which key sealed it, so there is no progress to keep: what bears an older key is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
import polars as pl
from django.apps import apps
from django.db import models, transaction
from django.db.models import BinaryField, F, Func

from anxin.foundation.privacy import queries
from anxin.foundation.privacy.models import KeyProof
from anxin.kernel import bulk, vault
from anxin.kernel.personal import Protection

PORTION = 2_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class SealedColumn:
    """Where sealed values stand. History rows are bound to the table and row they were copied from."""

    model: Any
    column: str
    bound_to: str  # the table that was sealed for
    row: str  # the column with the id of the row that was sealed for

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)


def sealed_columns() -> Iterator[SealedColumn]:
    """Every encrypted column of the register, and its copies in the history. The key proof has its own renewal."""
    for line in queries.register(with_all=True):
        model: Any = apps.get_model(line.room, line.model)
        if line.entry.protection is not Protection.ENCRYPTED or model is KeyProof:
            continue
        yield SealedColumn(model, line.column, line.table, model._meta.pk.attname)
        history = getattr(model, "pgh_event_model", None)
        if history is not None and any(field.name == line.column for field in history._meta.get_fields()):
            yield SealedColumn(history, line.column, line.table, "pgh_obj_id")


def count_left() -> int:
    """How many values still bear an older key than the active one."""
    return sum(_left(place).count() for place in sealed_columns())


def reseal(*, portion: int = PORTION, progress: Progress | None = None) -> int:
    """Seal what bears an older key with the active one; returns how many values. `progress(table, done)` after each
    portion, which is one short transaction."""
    return sum(_reseal(place, portion, progress) for place in sealed_columns())


def _left(place: SealedColumn) -> models.QuerySet[Any]:
    sealed_by = Func(F(place.column), 2, 4, function="SUBSTRING", output_field=BinaryField())
    rows: models.QuerySet[Any] = place.model.objects.filter(**{f"{place.column}__isnull": False})
    rows = rows.annotate(sealed_by=sealed_by)
    return rows.exclude(sealed_by=bytes.fromhex(vault.ring().active))


def _reseal(place: SealedColumn, portion: int, progress: Progress | None) -> int:
    key = place.model._meta.pk.attname
    done, last = 0, None
    while True:
        with transaction.atomic():
            # Locked until they are written: nobody's change in between is overwritten.
            rows = _left(place).order_by("pk").select_for_update(of=("self",))
            if last is not None:
                rows = rows.filter(pk__gt=last)
            found = list(rows.values_list("pk", place.row, place.column)[:portion])
            if not found:
                return done
            _write(place, key, found)
        last, done = found[-1][0], done + len(found)
        if progress is not None:
            progress(place.table, done)


def _write(place: SealedColumn, key: str, found: list[tuple[Any, Any, Any]]) -> None:
    ring = vault.ring()
    fresh = [
        ring.rotate(bytes(blob), table=place.bound_to, column=place.column, row=row) for _pk, row, blob in found
    ]  # fmt: skip
    frame = pl.DataFrame(
        {key: [str(pk) for pk, _row, _blob in found], place.column: fresh},
        schema={key: pl.String, place.column: pl.Binary},
    )
    # The same value under another key is no change that the history should hold.
    own = [f"{model._meta.label}:{trigger.name}" for model, trigger in pgtrigger.registered() if model is place.model]
    if own:
        with pgtrigger.ignore(*own):
            bulk.update_frame(place.table, frame, key=(key,))
    else:
        bulk.update_frame(place.table, frame, key=(key,))
