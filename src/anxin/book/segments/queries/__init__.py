"""Reads: runs, classes in numbers, why a customer is in a class, members of segments."""

from anxin.book.segments.queries.explaining import classes_of
from anxin.book.segments.queries.members import InvalidCondition, count, party_ids
from anxin.book.segments.queries.runs import (
    count_classes,
    get_standing,
    last_run,
    list_changes,
    list_runs,
    preview_tiers,
    tiers,
    view,
)

__all__ = [
    "InvalidCondition",
    "classes_of",
    "count",
    "count_classes",
    "get_standing",
    "last_run",
    "list_changes",
    "list_runs",
    "party_ids",
    "preview_tiers",
    "tiers",
    "view",
]
