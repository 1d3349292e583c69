"""Schemes of this room, and the rules of saved segments: pure functions and shipped contents."""

from anxin.book.segments.rules import groups, kinds
from anxin.book.segments.rules.kinds import MARK_LEVELS, MARKS
from anxin.book.segments.rules.tiers import (
    ABC,
    ABC_DEFAULT,
    ABC_FIELDS,
    REST,
    TIER_DEFAULT,
    TIER_FIELDS,
    TIERS,
    abc_problems,
    tier_problems,
    tiers_of,
)

__all__ = [
    "ABC", "ABC_DEFAULT", "ABC_FIELDS", "KINDS", "MARKS", "MARK_LEVELS", "REST", "SCHEMES", "TIERS", "TIER_DEFAULT",
    "TIER_FIELDS", "abc_problems", "tier_problems", "tiers_of",
]  # fmt: skip

KINDS = (*kinds.KINDS, groups.KIND)
# All schemes that the nightly run reads, by code; what experiences and services are offered is read where it is shown.
SCHEMES = (TIERS, ABC, *(kind.code for kind in KINDS if kind.code not in ("segments.experience", groups.CODE)))
