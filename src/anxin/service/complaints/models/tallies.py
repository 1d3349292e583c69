"""Closed complaints counted by month and by what is said of them in codes, so that reports need not read them all."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7

# What a line of the table is the count of. The names are those of the complaint.
KEYS: Final = (
    "source", "unit", "outcome", "validity", "channel", "severity", "is_regulatory", "situation", "capacity", "nature",
    "sales_channel", "rater", "currency",
)  # fmt: skip


class Tally(models.Model):
    """How many complaints of one kind were closed in a month. `days`: from the receipt to the end, of all together."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    month = models.DateField()  # its first day
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=16, blank=True)
    validity = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=24)
    severity = models.CharField(max_length=10)
    is_regulatory = models.BooleanField()
    situation = models.CharField(max_length=10, blank=True)
    capacity = models.CharField(max_length=40, blank=True)
    nature = models.CharField(max_length=24, blank=True)
    sales_channel = models.CharField(max_length=24, blank=True)
    rater = models.CharField(max_length=14, blank=True)
    currency = models.CharField(max_length=3)
    closed = models.PositiveIntegerField()
    recovered_fen = models.BigIntegerField()
    days = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["source", "month"], name="complaints_tally_month")]


class StaleTally(models.Model):
    """A month whose closed complaints changed since they were counted. A row for every change: a change that is not
    committed yet has its own, and whoever counts takes away only what it saw."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    month = models.DateField()


def _marks(*rows: str) -> str:
    found = " UNION ".join(
        f"SELECT DISTINCT source, date_trunc('month', closed_date)::date FROM {one} WHERE closed_date IS NOT NULL"  # noqa: S608
        for one in rows
    )
    return f"INSERT INTO complaints_staletally (source, month) {found}; RETURN NULL;"


def _trigger(name: str, operation: pgtrigger.Operation, old: str | None, new: str | None) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.After, operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new), func=_marks(*(one for one in (old, new) if one)),
    )  # fmt: skip


# By the database, because imports, mergers of units and take-backs write past the services.
STALE: Final = [
    _trigger("tally_insert", pgtrigger.Insert, None, "new_rows"),
    _trigger("tally_update", pgtrigger.Update, "old_rows", "new_rows"),
    _trigger("tally_delete", pgtrigger.Delete, "old_rows", None),
]
