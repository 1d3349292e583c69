"""Reads: workload, runs, the pool, who manages a customer and why, what service they get."""

from anxin.service.managers.queries.absences import list_absences
from anxin.service.managers.queries.custodian import custodian_of
from anxin.service.managers.queries.packages import catalogue, package_of, usage_of
from anxin.service.managers.queries.pool import count_waiting, list_waiting
from anxin.service.managers.queries.runs import decisions, get_run, list_runs, shares, telling, unassigned
from anxin.service.managers.queries.workload import by_unit, load_of, total_of, workload

__all__ = [
    "by_unit",
    "catalogue",
    "count_waiting",
    "custodian_of",
    "decisions",
    "get_run",
    "list_absences",
    "list_runs",
    "list_waiting",
    "load_of",
    "package_of",
    "shares",
    "telling",
    "total_of",
    "unassigned",
    "usage_of",
    "workload",
]
