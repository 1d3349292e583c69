"""What policies say of families: who is insured by whom and benefits from whom; and cover, as expressions for others.

For the system itself, except `policies_held`. `party` leads from the model of a query to its party.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from anxin.book.portfolio.models import Policy, PolicyRole
from anxin.kernel.actor import Actor
from anxin.kernel.among import among as keys

ROLES: Final = ("insured", "beneficiary")
MOST: Final = 100


def ties(*, among: Collection[UUID] | None = None) -> pl.DataFrame:
    """`left` (holder), `right`, `kind` (role) of single persons' policies, keys in hexadecimal; one row per pair and
    role."""
    rows = PolicyRole.objects.filter(
        role__in=ROLES, policy__is_group_header=False, policy__group_policy_no="", party__kind="person",
        party__state="active", policy__holder__kind="person", policy__holder__state="active",
    ).exclude(party=F("policy__holder"))  # fmt: skip
    if among is not None:
        rows = rows.filter(keys("party__pk", among) | keys("policy__holder__pk", among))
    found = rows.values_list("policy__holder_id", "party_id", "role").distinct()
    return pl.DataFrame(
        [(holder.hex, other.hex, role) for holder, other, role in found],
        schema=dict.fromkeys(("left", "right", "kind"), pl.String()), orient="row",
    )  # fmt: skip


def of_batch(batch_id: UUID) -> list[UUID]:
    """Holders and persons with a part in the policies a batch brought."""
    found = set(Policy.objects.filter(batch_id=batch_id).values_list("holder_id", flat=True))
    found.update(PolicyRole.objects.filter(batch_id=batch_id).values_list("party_id", flat=True))
    return sorted(found)


def cover_held(party: str) -> Coalesce:
    """Sum insured of the policies in force the party holds, fen; 0 for none."""
    held = Policy.objects.filter(holder=OuterRef(party), status=Policy.Status.IN_FORCE, is_group_header=False)
    total = held.order_by().values("holder").annotate(total=Sum("sum_insured_fen")).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0, output_field=BigIntegerField())


def is_covered(party: str) -> Q:
    """Whether a policy in force insures the party: as holder of a policy that names nobody else, or by name."""
    in_force = Policy.objects.filter(holder=OuterRef(party), status=Policy.Status.IN_FORCE)
    named = PolicyRole.objects.filter(party=OuterRef(party), role="insured", policy__status=Policy.Status.IN_FORCE)
    others = PolicyRole.objects.filter(policy=OuterRef("pk"), role="insured")
    return Q(Exists(named)) | Q(Exists(in_force.exclude(Exists(others))))


def policies_held(actor: Actor, parties: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Policies in force of several customers the caller has reached, largest premium first; nothing without
    `portfolio.view`."""
    if not actor.may("portfolio.view"):
        return []
    rows: QuerySet[Policy, Any] = (
        Policy.objects.filter(holder__in=parties, status=Policy.Status.IN_FORCE, is_group_header=False)
        .order_by("-annual_premium_fen", "policy_no")
        .values(
            "id", "policy_no", "product_name", "line", "holder_id", "annual_premium_fen", "sum_insured_fen",
            "expiry_date",
        )
    )  # fmt: skip
    return list(rows[:MOST])
