"""Policies that end, and the terms that follow them: what the renewals room lives on. For the system itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from anxin.book.portfolio.models import Policy

# What never counts as the next term of a contract.
NOT_TAKEN_UP = (Policy.Status.CANCELLED, Policy.Status.PENDING)


@dataclass(frozen=True, slots=True)
class Ending:
    """A policy with an end, and who looks after its holder."""

    id: UUID
    policy_no: str
    source: str
    contract_key: str
    product_name: str
    line: str
    status: str
    premium_fen: int
    effective_date: date
    expiry_date: date
    holder_id: UUID
    manager_id: UUID | None
    unit_id: UUID | None
    vehicle_use: str


def ending(first: date, last: date, *, without_lines: Collection[str] = ()) -> Iterator[Ending]:
    """Policies whose cover ends from `first` to `last`, both included, by expiry; a stream."""
    rows = (
        Policy.objects.filter(expiry_date__gte=first, expiry_date__lte=last, is_group_header=False)
        .exclude(line__in=list(without_lines))
        .order_by("expiry_date", "id")
        .values_list(
            "id", "policy_no", "source", "contract_key", "product_name", "line", "status", "premium_fen",
            "effective_date", "expiry_date", "holder_id", "holder__manager_id", "holder__unit_id", "unit_id",
            "vehicle__use",
        )
    )  # fmt: skip
    columns: Any
    for columns in rows.iterator(chunk_size=5_000):
        row: Any = (*columns[:12], columns[12] or columns[13], columns[14] or "")
        yield Ending(*row)


def next_terms(endings: Collection[Ending], *, within_days: int) -> dict[UUID, UUID]:
    """Policy to the policy that continues it: a later term of the same contract, or one that names it as its previous.

    The next term begins after the old one began, and at most `within_days` after it ended. Two queries.
    """
    by_contract: dict[tuple[str, str], list[Ending]] = {}
    by_number: dict[tuple[str, str], Ending] = {}
    for one in endings:
        if one.contract_key:
            by_contract.setdefault((one.source, one.contract_key), []).append(one)
        by_number[one.source, one.policy_no] = one
    found: dict[UUID, tuple[date, UUID]] = {}

    def consider(old: Ending, begins: date, key: UUID) -> None:
        latest = old.expiry_date + timedelta(days=within_days)
        if key == old.id or not old.effective_date < begins <= latest:
            return
        if old.id not in found or (begins, key) < found[old.id]:
            found[old.id] = (begins, key)

    taken_up = Policy.objects.exclude(status__in=NOT_TAKEN_UP)
    same_contract = taken_up.filter(contract_key__in=[key for _, key in by_contract]).exclude(contract_key="")
    for source, contract, begins, key in same_contract.values_list("source", "contract_key", "effective_date", "id"):
        for old in by_contract.get((source, contract), ()):
            consider(old, begins, key)
    # By the holder, whose policies have an index; the number of the previous policy has none.
    naming = taken_up.exclude(previous_policy_no="").filter(
        Q(holder_id__in=[one.holder_id for one in endings]), ~Q(previous_policy_no=F("policy_no"))
    )
    for source, previous, begins, key in naming.values_list("source", "previous_policy_no", "effective_date", "id"):
        if (named := by_number.get((source, previous))) is not None:
            consider(named, begins, key)
    return {old: key for old, (_, key) in found.items()}
