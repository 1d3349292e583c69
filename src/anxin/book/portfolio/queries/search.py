"""Finding policies and claims by their numbers and by the plate of the vehicle (A08)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from anxin.book.customers import queries as customers
from anxin.book.portfolio.models import Claim, Policy
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import plates

MOST: Final = 50
SHORTEST_NUMBER: Final = 4  # a shorter beginning fits half the book
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, kw_only=True)
class PolicyHit:
    id: UUID
    policy_no: str
    product_name: str
    line: str
    status: str
    plate: str
    expiry_date: date | None
    holder_ref: str
    holder_name: str
    holder_tier: str


@dataclass(frozen=True, kw_only=True)
class ClaimHit:
    id: UUID
    claim_no: str
    report_no: str
    state: str
    reported_at: datetime
    policy_no: str
    holder_ref: str
    holder_name: str
    holder_tier: str


def unit_of(*, policy_no: str = "", claim_no: str = "") -> UUID | None:
    """The unit a policy, or that of a claim, belongs to, by its whole number. For the system: it tells of nobody."""
    if claim_no.strip():
        found = Claim.objects.filter(claim_no=claim_no.strip(), policy__unit__isnull=False)
        if unit := found.values_list("policy__unit", flat=True).first():
            return unit
    if policy_no.strip():
        rows = Policy.objects.filter(policy_no=policy_no.strip(), unit__isnull=False)
        return rows.order_by().values_list("unit", flat=True).first()
    return None


def find_policies(actor: Actor, text: str, *, limit: int = 5) -> list[PolicyHit]:
    """Policies whose number or plate begins with `text`, within the actor's reach over their holders."""
    rows = Policy.objects.filter(customers.reach(actor, "portfolio.view", prefix="holder__"), holder__state="active")
    found: list[PolicyHit] = []
    for field, beginning in _policy_beginnings(text):
        found += [
            PolicyHit(
                id=row["id"],
                policy_no=row["policy_no"],
                product_name=row["product_name"],
                line=row["line"],
                status=row["status"],
                plate=row["plate"],
                expiry_date=row["expiry_date"],
                **_holder(row, "holder"),
            )
            for row in _begins(rows, field, beginning, _POLICY, limit - len(found))
        ]
        if len(found) >= limit:
            break
    return found


def find_claims(actor: Actor, text: str, *, limit: int = 5) -> list[ClaimHit]:
    """Claims whose number or report number begins with `text`, within the actor's reach over the policy's holder."""
    numbers = _numbers(text)
    if not numbers:
        return []
    reach = customers.reach(actor, "portfolio.view", prefix="policy__holder__")
    rows = Claim.objects.filter(reach, policy__holder__state="active")
    found: dict[UUID, ClaimHit] = {}
    for field, number in ((field, number) for number in numbers for field in ("claim_no", "report_no")):
        for row in _begins(rows, field, number, _CLAIM, limit - len(found)):
            found[row["id"]] = ClaimHit(
                id=row["id"],
                claim_no=row["claim_no"],
                report_no=row["report_no"],
                state=row["state"],
                reported_at=row["reported_at"],
                policy_no=row["policy__policy_no"],
                **_holder(row, "policy__holder"),
            )
        if len(found) >= limit:
            break
    return list(found.values())


_POLICY: Final = (
    "id", "policy_no", "product_name", "line", "status", "plate", "expiry_date", "holder__ref", "holder__name",
    "holder__standing__tier",
)  # fmt: skip
_CLAIM: Final = (
    "id", "claim_no", "report_no", "state", "reported_at", "policy__policy_no", "policy__holder__ref",
    "policy__holder__name", "policy__holder__standing__tier",
)  # fmt: skip


def _begins(
    rows: QuerySet[Any], field: str, beginning: str, columns: tuple[str, ...], limit: int
) -> list[dict[str, Any]]:
    if limit <= 0:
        return []
    within = rows.filter(**{f"{field}__gte": beginning, f"{field}__lt": beginning + _LAST})
    return list(within.order_by(field).values(*columns)[: min(limit, MOST)])


def _holder(row: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        "holder_ref": row[f"{prefix}__ref"],
        "holder_name": row[f"{prefix}__name"],
        "holder_tier": row[f"{prefix}__standing__tier"] or "",
    }


def _policy_beginnings(text: str) -> list[tuple[str, str]]:
    beginnings = []
    plate = plates.normalise_plate(text)
    if len(plate) >= 3 and plate[0] in plates.PROVINCES and plate.isalnum():
        beginnings.append(("plate", plate))
    return beginnings + [("policy_no", number) for number in _numbers(text)]


def _numbers(text: str) -> list[str]:
    """A number as sources may write it: as typed but for blanks, and in capitals; none when it is no number."""
    plain = "".join(text.split())
    if len(plain) < SHORTEST_NUMBER or not re.search("[0-9]", plain) or "@" in plain or not plain.isascii():
        return []
    return list(dict.fromkeys((plain, plain.upper())))
