"""Showing a masked value of a contract: with a reason, recorded before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from anxin.book.customers.services import viewing
from anxin.book.portfolio import access
from anxin.book.portfolio.data import PolicyNotFound
from anxin.foundation.audit import services as audit
from anxin.kernel import vault
from anxin.kernel.actor import Actor

# What a claim tells may speak of health: it needs a permission of its own (PIPL article 28).
POLICY_FIELDS: Final = ("plate", "vin", "engine_no")
CLAIM_FIELDS: Final[Mapping[str, str]] = {"accident_place": "customers.reveal", "description": "portfolio.health"}


def check_policy_field(actor: Actor, policy_id: UUID, field: str) -> str:
    """The value of a policy in clear, for whoever may reveal it. Raises NotPermitted and PolicyNotFound."""
    row = access.get_policy(actor, policy_id, "customers.reveal")
    if field not in POLICY_FIELDS:
        raise PolicyNotFound(field)
    vehicle = getattr(row, "vehicle", None)
    if field == "plate":
        return (vehicle.plate if vehicle is not None else "") or row.plate
    if vehicle is None:
        raise PolicyNotFound(field)
    return str(getattr(vehicle, field))


def reveal_policy_field(
    *, actor: Actor, now: datetime, policy_id: UUID, field: str, reason: str, explanation: str = ""
) -> str:  # fmt: skip
    """Raises NotPermitted, PolicyNotFound and customers' Rejected (no reason)."""
    clear = check_policy_field(actor, policy_id, field)
    recorded = viewing.checked_reason(reason, explanation)
    row = access.get_policy(actor, policy_id, "customers.reveal")
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="portfolio.reveal", object_kind="policy", object_id=row.pk,
            object_ref=row.policy_no, reason=recorded, detail={"fields": [field]},
        )  # fmt: skip
    return clear


def check_claim_field(actor: Actor, claim_id: UUID, field: str) -> str:
    """The same for a claim; descriptions need portfolio.health."""
    if field not in CLAIM_FIELDS:
        raise PolicyNotFound(field)
    row = access.get_claim(actor, claim_id, CLAIM_FIELDS[field])
    if field == "accident_place":
        return row.accident_place
    if row.description_sealed is None:
        raise PolicyNotFound(field)
    return vault.ring().open(
        bytes(row.description_sealed), table="portfolio_claim", column="description_sealed", row=row.pk
    )


def reveal_claim_field(
    *, actor: Actor, now: datetime, claim_id: UUID, field: str, reason: str, explanation: str = ""
) -> str:  # fmt: skip
    clear = check_claim_field(actor, claim_id, field)
    recorded = viewing.checked_reason(reason, explanation)
    row = access.get_claim(actor, claim_id, CLAIM_FIELDS[field])
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="portfolio.reveal", object_kind="claim", object_id=row.pk,
            object_ref=row.claim_no, reason=recorded, detail={"fields": [field]},
        )  # fmt: skip
    return clear
