"""Policies and claims in the order in which they came to be: what a program reads page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet, Value

from anxin.book.portfolio import access
from anxin.book.portfolio.data import ClaimLine, PolicyLine
from anxin.book.portfolio.queries import contracts
from anxin.kernel.actor import Actor

LARGEST_PAGE: Final = 200


def policies(
    actor: Actor, *, after: UUID | None, limit: int, status: str = "", line: str = "", policy_no: str = ""
) -> tuple[list[PolicyLine], UUID | None]:
    """One page of the policies within reach, and the place to go on from (None at the end). Raises NotPermitted."""
    rows = access.visible_policies(actor).annotate(part=Value("holder"))
    wanted = {"status": status, "line": line, "policy_no": policy_no}
    return _page(rows.filter(**{name: value for name, value in wanted.items() if value}), contracts.lines, after, limit)


def claims(
    actor: Actor, *, after: UUID | None, limit: int, state: str = "", claim_no: str = ""
) -> tuple[list[ClaimLine], UUID | None]:
    """One page of the claims within reach, and the place to go on from. Raises NotPermitted."""
    rows = access.visible_claims(actor)
    wanted = {"state": state, "claim_no": claim_no}
    return _page(
        rows.filter(**{name: value for name, value in wanted.items() if value}), contracts.claim_lines, after, limit
    )


def _page(
    rows: QuerySet[Any], read: Callable[[QuerySet[Any]], list[Any]], after: UUID | None, limit: int
) -> tuple[list[Any], UUID | None]:
    if after is not None:
        rows = rows.filter(pk__gt=after)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: limit + 1])
    here = ids[:limit]
    found = {one.id: one for one in read(rows.filter(pk__in=here))} if here else {}
    return [found[key] for key in here if key in found], here[-1] if len(ids) > limit else None
