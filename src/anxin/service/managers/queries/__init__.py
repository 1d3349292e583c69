"""Reads: workload, runs, the pool, who manages a customer and why, what service they get."""

from anxin.service.managers.queries.absences import list_absences
from anxin.service.managers.queries.custodian import custodian_of
from anxin.service.managers.queries.packages import catalogue, items, package_of, usage_of
from anxin.service.managers.queries.pool import BadCursor, count_waiting, list_waiting
from anxin.service.managers.queries.runs import (
    decisions,
    get_run,
    list_runs,
    party_of_decision,
    shares,
    telling,
    unassigned,
)
from anxin.service.managers.queries.workload import by_unit, load_of, settings_of, total_of, workload

__all__ = [
    "BadCursor",
    "by_unit",
    "catalogue",
    "count_waiting",
    "custodian_of",
    "decisions",
    "get_run",
    "items",
    "list_absences",
    "list_runs",
    "list_waiting",
    "load_of",
    "package_of",
    "party_of_decision",
    "settings_of",
    "shares",
    "telling",
    "total_of",
    "unassigned",
    "usage_of",
    "workload",
]
