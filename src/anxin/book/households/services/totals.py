"""Figures of households: one statement for all of them, written back only when something differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from anxin.book.households.models import Total
from anxin.book.households.queries import totals
from anxin.kernel import bulk
from anxin.kernel.actor import Actor

_COLUMNS = (
    "members", "annual_premium_fen", "cover_fen", "claims_paid_fen", "active_policies", "open_claims", "uncovered",
)  # fmt: skip
_SCHEMA = {"household_id": pl.String(), **dict.fromkeys(_COLUMNS, pl.Int64())}
_LOCK = int.from_bytes(b"houstotl")


def nightly(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Totals, and proposals from what came in by other ways than imports."""
    from anxin.book.households.services import inference

    found = inference.infer(actor=actor, now=now)
    return {"households": count_totals(), "proposed": found.new, "withdrawn": found.withdrawn}


def count_some(households: Sequence[UUID]) -> None:
    """The totals of these households after a change, so that lists need not wait for the night."""
    rows = totals.of_all().filter(household__in=list(households))
    found = {key: dict(zip(_COLUMNS, figures, strict=True)) for key, *figures in rows}
    for key in households:
        if key in found:
            Total.objects.update_or_create(household_id=key, defaults=found[key])
        else:
            Total.objects.filter(pk=key).delete()


def count_totals() -> int:
    """Bring the totals of all households up to the book; how many households there are."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        rows = [(key.hex, *figures) for key, *figures in totals.of_all().iterator(chunk_size=5_000)]
        frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("household_id")
        stored = [(key.hex, *figures) for key, *figures in Total.objects.values_list("household_id", *_COLUMNS)]
        before = pl.DataFrame(stored, schema=_SCHEMA, orient="row").sort("household_id")
        if not frame.equals(before):
            bulk.swap_table("households_total", [frame])
    return frame.height
