"""Customers change hands, many at once. Decided elsewhere (`service.managers`); written here, with history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import polars as pl
from django.db import transaction

from anxin.book.customers.models import Custody, Party
from anxin.foundation.audit import services as audit
from anxin.kernel import bulk
from anxin.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Move:
    """A customer goes from `before` to `after`; None is nobody. `reason` is what the history says, in Chinese."""

    party_id: UUID
    before: UUID | None
    after: UUID | None
    reason: str


@transaction.atomic
def move(*, actor: Actor, now: datetime, moves: Sequence[Move], action: str = "customers.assign") -> set[UUID]:
    """Move those that are still where `before` says, living and not merged; returns whom.

    A constant number of statements. Files are locked in the order of their keys; their version rises.
    """
    wanted = {one.party_id: one for one in moves}
    locked = list(
        Party.objects.select_for_update()
        .filter(pk__in=list(wanted), state=Party.State.ACTIVE)
        .order_by("pk")
        .only("id", "ref", "manager_id")
    )
    going = [party for party in locked if party.manager_id == wanted[party.pk].before]
    going = [party for party in going if party.manager_id != wanted[party.pk].after]
    if not going:
        return set()
    keys = [party.pk for party in going]
    frame = pl.DataFrame(
        [(key.hex, _hex(wanted[key].after)) for key in keys],
        schema={"id": pl.String(), "manager_id": pl.String()}, orient="row",
    )  # fmt: skip
    bulk.update_frame("customers_party", frame.with_columns(updated_at=pl.lit(now)), bump=["version"])
    Custody.objects.filter(party__in=keys, until_at__isnull=True).update(until_at=now)
    given = [(wanted[key], after) for key in keys if (after := wanted[key].after) is not None]
    Custody.objects.bulk_create(
        Custody(
            party_id=one.party_id, manager_id=after, from_at=now, reason=one.reason[:200],
            assigned_by_id=actor.user_id,
        )
        for one, after in given
    )  # fmt: skip
    audit.record_many(
        actor=actor, now=now, action=action, object_kind="party", objects=[(party.pk, party.ref) for party in going],
        detail={"fields": ["manager"]},
    )  # fmt: skip
    return set(keys)


def _hex(key: UUID | None) -> str | None:
    return key.hex if key is not None else None
