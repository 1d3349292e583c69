"""Runs that move customers, the pool, capacities, assistants, absences, and service that was given."""

from anxin.service.managers.models.runs import Decision, Run, Waiting
from anxin.service.managers.models.service import Given
from anxin.service.managers.models.staff import Absence, Assistant, Ceiling

__all__ = ["Absence", "Assistant", "Ceiling", "Decision", "Given", "Run", "Waiting"]
