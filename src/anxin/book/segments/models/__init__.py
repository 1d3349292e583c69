"""Runs and changes of class, what the last run found of every customer, saved segments, who is courted no more."""

from anxin.book.segments.models.phasing import PhaseOut
from anxin.book.segments.models.profile import Profile
from anxin.book.segments.models.runs import ClassChange, Regrouped, Run
from anxin.book.segments.models.saved import Segment, SegmentMember

__all__ = ["ClassChange", "PhaseOut", "Profile", "Regrouped", "Run", "Segment", "SegmentMember"]
