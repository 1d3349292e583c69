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


# What a matter can be broken down by, and what of its complaint reports of that ask for: with fewer keys there are far
# fewer lines.
DIMENSIONS: Final = ("line", "cause", "detail_cause", "respondent", "product", "words")
MATTER_KEYS: Final = ("source", "outcome", "validity", "channel", "severity", "is_regulatory", "currency")


class MatterTally(models.Model):
    """How many complaints closed in a month have a part in one line, cause, respondent, product …: `dimension` is the
    column of the matter, `subject` what it says. A complaint counts once in each line of a dimension, so lines of one
    `subject` add up and those of several do not.

    `days` and `recovered_fen` are of the whole complaints; `part_fen` is what belongs to `subject` itself, where
    several matters of one complaint tell one recovery.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    dimension = models.CharField(max_length=12, db_collation="C")
    subject = models.CharField(max_length=250, blank=True, db_collation="C")
    month = models.DateField()
    is_year = models.BooleanField(default=False)  # `month` is the first of a year whose months are added up
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    outcome = models.CharField(max_length=16, blank=True)
    validity = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=24)
    severity = models.CharField(max_length=10)
    is_regulatory = models.BooleanField()
    currency = models.CharField(max_length=3)
    closed = models.PositiveIntegerField()
    recovered_fen = models.BigIntegerField()
    part_fen = models.BigIntegerField()
    days = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["source", "month"], name="complaints_matter_tally_month"),
            models.Index(fields=["is_year", "dimension", "subject"], name="complaints_matter_tally_of"),
        ]


class StaleTally(models.Model):
    """A month whose closed complaints changed since they were counted. A row for every change: a change that is not
    committed yet has its own, and whoever counts takes away only what it saw."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    month = models.DateField()


_MONTH: Final = "date_trunc('month', closed_date)::date"
_OF_COMPLAINTS: Final = f"SELECT DISTINCT source, {_MONTH} FROM {{}} WHERE closed_date IS NOT NULL"  # noqa: S608
_OF_MATTERS: Final = _OF_COMPLAINTS.format("complaints_complaint c JOIN {} m ON m.complaint_id = c.id")


def _trigger(
    marks: str, name: str, operation: pgtrigger.Operation, old: str | None, new: str | None
) -> pgtrigger.Trigger:  # fmt: skip
    found = " UNION ".join(marks.format(one) for one in (old, new) if one)
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.After, operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"INSERT INTO complaints_staletally (source, month) {found}; RETURN NULL;",
    )  # fmt: skip


def _triggers(marks: str) -> list[pgtrigger.Trigger]:
    return [
        _trigger(marks, "tally_insert", pgtrigger.Insert, None, "new_rows"),
        _trigger(marks, "tally_update", pgtrigger.Update, "old_rows", "new_rows"),
        _trigger(marks, "tally_delete", pgtrigger.Delete, "old_rows", None),
    ]


# By the database, because imports, mergers of units and take-backs write past the services.
STALE: Final = _triggers(_OF_COMPLAINTS)
STALE_MATTERS: Final = _triggers(_OF_MATTERS)
