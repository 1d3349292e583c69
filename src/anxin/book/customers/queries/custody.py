"""Who is managed by whom, in columns: for the room that allocates customers. For the system itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import Count, Q, QuerySet

from anxin.book.customers.models import Address, Custody, Party
from anxin.kernel import bulk_read

# Which address says where somebody lives, the best first.
_RANK: Final = {"home": 0, "mail": 1, "work": 2, "registered": 3}
_SCHEMA: Final[dict[str, Any]] = {
    "party": pl.String(), "manager": pl.String(), "unit": pl.String(), "kind": pl.String(), "language": pl.String(),
    "tier": pl.String(), "active_policies": pl.Int64(), "last_contact_at": pl.Datetime("us", "UTC"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Open:
    """The manager of a customer, since when and why."""

    manager_id: UUID
    manager: str
    since: datetime
    reason: str
    given_by: str


def living(where: Q) -> QuerySet[Party]:
    """Living files that fulfil a condition on Party, by key."""
    return Party.objects.filter(where, state=Party.State.ACTIVE).order_by("pk")


def frame(where: Q) -> pl.DataFrame:
    """party, manager, unit (hex), kind, language, tier, active_policies, last_contact_at, division; by key."""
    rows = living(where).values_list(
        "pk", "manager_id", "unit_id", "kind", "language", "standing__tier", "standing__active_policies",
        "standing__last_contact_at",
    )  # fmt: skip
    found = bulk_read.fetch(rows, _SCHEMA, keys=("party", "manager", "unit")).with_columns(
        pl.col("tier").fill_null(""), pl.col("active_policies").fill_null(0)
    )
    return (
        found.sort("party")
        .join(_divisions(where), on="party", how="left", maintain_order="left")
        .with_columns(pl.col("division").fill_null(""))
    )


def _divisions(where: Q) -> pl.DataFrame:
    rows = (
        Address.objects.filter(party__in=living(where).order_by().values("pk"))
        .exclude(division_code="")
        .values_list("party_id", "kind", "division_code")
    )
    found = bulk_read.fetch(
        rows, {"party": pl.String(), "kind": pl.String(), "division": pl.String()}, keys=["party"]
    ).with_columns(rank=pl.col("kind").replace_strict(_RANK, default=9, return_dtype=pl.Int64))
    return found.sort("party", "rank", "division").unique("party", keep="first").select("party", "division")


def loads(managers: Collection[UUID] | None) -> list[tuple[UUID, str, int]]:
    """Manager, tier ("" for none), number of living customers. None: of everybody."""
    rows = Party.objects.filter(state=Party.State.ACTIVE, manager__isnull=False)
    if managers is not None:
        rows = rows.filter(manager__in=list(managers))
    counted = rows.values_list("manager_id", "standing__tier").annotate(count=Count("pk")).order_by()
    return [(manager, tier or "", count) for manager, tier, count in counted]


def since(where: Q) -> pl.DataFrame:
    """party (hex), since: when the present manager got each living customer that fulfils the condition."""
    rows = Custody.objects.filter(party__in=living(where).order_by().values("pk"), until_at__isnull=True)
    schema = {"party": pl.String(), "since": pl.Datetime("us", "UTC")}
    return bulk_read.fetch(rows.values_list("party_id", "from_at"), schema, keys=["party"])


def open_of(party_id: UUID) -> Open | None:
    """Who manages a customer now; None when nobody does."""
    row = Custody.objects.filter(party=party_id, until_at__isnull=True).select_related("manager", "assigned_by").first()
    if row is None:
        return None
    return Open(
        manager_id=row.manager_id, manager=row.manager.display_name, since=row.from_at, reason=row.reason,
        given_by=row.assigned_by.display_name if row.assigned_by else "",
    )  # fmt: skip
