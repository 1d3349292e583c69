"""What the house offers important customers when it was at fault: by the tier of the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from anxin.book.customers.queries import standings
from anxin.foundation.schemes import queries as schemes
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.rules import compensation, numbering


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What may be offered beside what the contract gives, by which version of the rules. Money in fen."""

    tier: str
    fen: int
    words: str
    version: int


def offer_of(row: Complaint, *, now: datetime) -> Offer | None:
    """None for a complaint without fault of the house, or a customer the rules do not name."""
    if row.party_id is None or row.validity not in ("valid", "partly"):
        return None
    tier = standings.tiers_of([row.party_id]).get(row.party_id, "")
    scheme = schemes.active(compensation.COMPENSATION, on=numbering.day_of(now))
    found = compensation.offer(scheme.content, tier=tier, asked_fen=row.request_fen or 0)
    return Offer(tier=tier, fen=found[0], words=found[1], version=scheme.version) if found else None
