"""Earlier complaints that may be the same: for the registration form, while it is typed."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import CustomerNotFound
from anxin.kernel.actor import Actor
from anxin.service.complaints import access
from anxin.service.complaints.models import Complaint

MOST: Final = 5


def latest_of(party_id: UUID, *, since_days: int, now: datetime) -> Complaint | None:
    """The last complaint of a customer within these days."""
    rows = Complaint.objects.filter(party=party_id, received_at__gte=now - timedelta(days=since_days))
    return rows.order_by("-received_at").first()


def find_similar(
    actor: Actor, *, now: datetime, party_ref: str = "", complainant: str = "", policy_no: str = "", claim_no: str = ""
) -> list[Complaint]:  # fmt: skip
    """At most five complaints of the last year by the same customer, policy, claim or name, the newest first."""
    rows = access.visible_complaints(actor, "complaints.register").filter(received_at__gte=now - timedelta(days=365))
    told = Q()
    if party_ref.strip():
        with suppress(CustomerNotFound):
            told |= Q(party=customers.get_party(actor, party_ref).pk)
    if len(policy_no.strip()) >= 4:
        told |= Q(policy_no=policy_no.strip())
    if len(claim_no.strip()) >= 4:
        told |= Q(claim_no=claim_no.strip())
    if len(complainant.strip()) >= 2:
        told |= Q(complainant=complainant.strip())
    return list(rows.filter(told).order_by("-received_at", "-id")[:MOST]) if told else []
