"""The pool: customers without a manager come in, go out, and are taken by whoever has room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from anxin.book.customers.queries import custody as read
from anxin.book.customers.services import custody
from anxin.kernel import bulk, bulk_select
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.managers import access, rules
from anxin.service.managers.data import Cause, Reason, Refused, RunKind, RunState
from anxin.service.managers.models import Decision, Run, Waiting
from anxin.service.managers.queries import frames, wording
from anxin.service.managers.services import planning

MOST_AT_ONCE: Final = 100
_AT_ONCE: Final = 5_000  # keys in one statement


def reconcile(*, now: datetime) -> int:
    """Bring the pool in line with the files: whoever has no manager waits. Returns how many are new in it."""
    Waiting.objects.exclude(party__state="active", party__manager__isnull=True).delete()
    return bulk_select.insert_select(
        Waiting, newcomers(), {"party": F("pk"), "since": now, "cause": Cause.NEW, "reason": "", "last_manager": None}
    )


def newcomers() -> QuerySet[Any]:
    """Customers without a manager that do not wait in the pool yet."""
    return read.living(Q(manager__isnull=True)).exclude(Exists(Waiting.objects.filter(party=OuterRef("pk"))))


def left(*, party_ids: Sequence[UUID]) -> None:
    """These have a manager again."""
    for start in range(0, len(party_ids), _AT_ONCE):
        Waiting.objects.filter(party__in=list(party_ids[start : start + _AT_ONCE])).delete()


def entered(*, rows: Sequence[tuple[UUID, UUID | None]], now: datetime, cause: Cause, reason: str) -> None:
    """(customer, last manager): these have none from now on."""
    Waiting.objects.bulk_create(
        [
            Waiting(party_id=party, since=now, cause=cause, reason=reason, last_manager_id=manager)
            for party, manager in rows
        ],
        update_conflicts=True, unique_fields=["party"], update_fields=["since", "cause", "reason", "last_manager"],
    )  # fmt: skip


def told(plan: pl.DataFrame) -> None:
    """Keep why nobody was found for those who wait."""
    rows = plan.filter(pl.col("after").is_null()).select(pl.col("party").alias("party_id"), "reason")
    bulk.update_frame("managers_waiting", rows, key=["party_id"])


def untouched(settings: rules.Settings, *, now: datetime) -> pl.DataFrame:
    """Whom nobody contacted for as long as the scheme says, and whose manager had as long: PLAN columns, after null.

    Prospects and policyholders have days of their own; 0 keeps them for ever.
    """
    days = (settings.recycle_prospect_days, settings.recycle_customer_days)
    if not any(days):
        return pl.DataFrame(schema=dict(rules.PLAN))
    shortest = min(one for one in days if one)
    limit = now - timedelta(days=shortest)
    quiet = (
        Q(standing__isnull=True) | Q(standing__last_contact_at__isnull=True) | Q(standing__last_contact_at__lt=limit)
    )
    where = Q(manager__isnull=False, created_at__lt=limit) & quiet
    if not settings.recycle_customer_days:
        where &= Q(standing__isnull=True) | Q(standing__active_policies=0)
    found = read.frame(where).join(read.since(where), on="party", how="left")
    if found.is_empty():
        return pl.DataFrame(schema=dict(rules.PLAN))
    is_held = pl.col("active_policies") > 0
    allowed = pl.when(is_held).then(settings.recycle_customer_days).otherwise(settings.recycle_prospect_days)
    last = pl.max_horizontal("last_contact_at", "since")
    gone = found.filter((allowed > 0) & last.is_not_null() & (last < pl.lit(now) - pl.duration(days=allowed)))
    return gone.select(
        "party", pl.col("manager").alias("before"), pl.lit(None, dtype=pl.String).alias("after"),
        pl.lit(Reason.RECYCLED.value).alias("reason"),
        *(pl.lit(0, dtype=pl.Int64).alias(one) for one in ("rule", "load", "level")), pl.lit("").alias("place"),
        pl.lit(0, dtype=pl.Int64).alias("weight"),
    )  # fmt: skip


@transaction.atomic
def claim(*, actor: Actor, now: datetime, waiting_ids: Sequence[UUID]) -> int:
    """Take customers of one's own units from the pool; returns how many. Raises NotPermitted and Refused.

    Only whoever manages customers may; never beyond one's capacity, and no more a day than the scheme says. Two who
    want the same one: the first gets it.
    """
    actor.require("managers.claim")
    if not waiting_ids or len(waiting_ids) > MOST_AT_ONCE or actor.user_id is None:
        raise Refused(_("Choose up to 100 customers of the pool."))
    found = frames.in_force(now)
    staff = frames.staff(found.settings, today=rules.day_of(now), within=[actor.user_id]).to_dicts()
    if not staff or not staff[0]["capacity"]:
        raise Refused(_("Only customer managers who are here take customers."))
    (me,) = staff
    rows = list(
        access.visible_waiting(actor, "managers.claim").select_for_update(of=("self",)).filter(pk__in=list(waiting_ids))
        .order_by("pk").values("party_id", "party__standing__tier")
    )  # fmt: skip
    today = Decision.objects.filter(
        run__kind=RunKind.CLAIM, run__asked_by=actor.user_id, after=actor.user_id,
        run__asked_at__gte=rules.end_of(rules.day_of(now) - timedelta(days=1)),
    ).count()  # fmt: skip
    if today + len(rows) > found.settings.claims_per_day:
        raise Refused(
            _("No more than %(most)s customers a day may be taken; %(taken)s were today."),
            most=found.settings.claims_per_day, taken=today,
        )  # fmt: skip
    weight = sum(found.settings.weight_of(row["party__standing__tier"] or "") for row in rows)
    if me["load"] + weight > me["capacity"]:
        raise Refused(_("That would be more than your capacity."))
    said = wording.history_text(Reason.CLAIMED)
    moved = custody.move(
        actor=actor, now=now, action="managers.claim", keeps_room=True,
        moves=[
            custody.Move(party_id=row["party_id"], before=None, after=actor.user_id, reason=said) for row in rows
        ],
    )  # fmt: skip
    if not moved:
        return 0
    run = Run.objects.create(
        kind=RunKind.CLAIM, state=RunState.DONE, scheme_version=found.version, unit_id=UUID(me["unit"]),
        asked_by_id=actor.user_id, asked_at=now, confirmed_by_id=actor.user_id, finished_at=now,
        summary={"customers": len(moved), "assigned": len(moved), "unassigned": 0, "applied": len(moved)},
    )  # fmt: skip
    share = (me["load"] + weight) * 10_000 // me["capacity"]
    Decision.objects.bulk_create(
        Decision(
            run=run, party_id=key, after_id=actor.user_id, reason=Reason.CLAIMED, load=share,
            state=Decision.State.APPLIED,
        )
        for key in sorted(moved)
    )  # fmt: skip
    left(party_ids=sorted(moved))
    planning.record(actor, now, "managers.claim", run, customers=len(moved))
    return len(moved)
