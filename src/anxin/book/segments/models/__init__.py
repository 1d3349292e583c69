"""Runs and changes of class, what the last run found of every customer, saved segments."""

from anxin.book.segments.models.profile import Profile
from anxin.book.segments.models.runs import ClassChange, Run
from anxin.book.segments.models.saved import Segment, SegmentMember

__all__ = ["ClassChange", "Profile", "Run", "Segment", "SegmentMember"]
