"""Complaints with all that belongs to them, what is mended at the root, and the rules and volumes of the house."""

from anxin.service.complaints.models.cases import Complaint, Matter, Move
from anxin.service.complaints.models.governing import Rectification, Regulation, Volume
from anxin.service.complaints.models.papers import (
    Check,
    Decision,
    Draft,
    Evidence,
    Plan,
    Responsibility,
    Supervision,
    Talk,
)
from anxin.service.complaints.models.tallies import MatterTally, StaleTally, Tally

__all__ = [
    "Check", "Complaint", "Decision", "Draft", "Evidence", "Matter", "MatterTally", "Move", "Plan", "Rectification",
    "Regulation", "Responsibility", "StaleTally", "Supervision", "Talk", "Tally", "Volume",
]  # fmt: skip
