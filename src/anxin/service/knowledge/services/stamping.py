"""Telling the search index of every process that something changed."""

from __future__ import annotations

from django.db.models import F

from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.knowledge.models import IndexStamp


def next_number(*, rows_are_gone: bool = False) -> int:
    """The number of a change, inside its transaction: whoever comes second waits for the first to commit."""
    if not IndexStamp.objects.filter(pk=1).update(number=F("number") + 1, mark=uuid7()):
        IndexStamp.objects.bulk_create([IndexStamp(id=1)], ignore_conflicts=True)
        IndexStamp.objects.filter(pk=1).update(number=F("number") + 1, mark=uuid7())
    if rows_are_gone:
        IndexStamp.objects.filter(pk=1).update(whole=F("number"))
    return IndexStamp.objects.values_list("number", flat=True).get(pk=1)
