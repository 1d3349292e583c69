"""Reading complaints. The doors for rooms above: whether marketing is silent, and what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from anxin.service.complaints.queries.board import silent_parties, silent_since

__all__ = ["is_marketing_silent", "silent_parties", "silent_since", "who_is_silent"]


def is_marketing_silent(party_id: UUID, *, today: date) -> bool:
    """Whether this customer must not be approached for marketing: a complaint is open, or ended a short time ago."""
    return silent_since(party_id, today=today)[0]


def who_is_silent(party_ids: Sequence[UUID], *, today: date) -> set[UUID]:
    """Those of these customers that must not be approached; one query whatever the number."""
    return silent_parties(list(party_ids), today=today)
