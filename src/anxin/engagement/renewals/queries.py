"""Reading renewals: by page, by period, of one customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, Sum

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import keyset
from anxin.engagement.renewals import access, rules
from anxin.engagement.renewals.access import RenewalNotFound as RenewalNotFound
from anxin.engagement.renewals.data import (
    Counters,
    Intention,
    Period,
    RenewalFilter,
    RenewalPage,
    RenewalState,
    RenewalView,
    Whose,
)
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor

PAGE_SIZE: Final = 50
COUNTED_AT_MOST: Final = 1_000
EXPORTED_AT_MOST: Final = 50_000
BadCursor = keyset.BadCursor
_COLUMNS = (
    "id", "policy_id", "policy__policy_no", "policy__product_name", "policy__plate", "line", "party__ref",
    "party__name", "party__standing__tier", "owner_id", "owner__display_name", "unit__name", "expiry_date",
    "premium_fen", "state", "intention", "reason", "note", "next_date", "renewed_by__policy_no", "version",
    "changed_by__display_name", "changed_at",
)  # fmt: skip


def list_renewals(
    actor: Actor, wanted: RenewalFilter, *, now: datetime, cursor: str = "", size: int = PAGE_SIZE
) -> RenewalPage:
    """By end of cover. A constant number of queries. Raises BadCursor."""
    rows = Renewal.objects.filter(_condition(actor, wanted, now))
    run = keyset.Run(where=Q(), first="expiry_date")
    found = keyset.read(rows, [run], code=f"renewals-{wanted.state}", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    return RenewalPage(
        rows=tuple(views_of(found.ids)),
        next_cursor=found.next_cursor,
        previous_cursor=found.previous_cursor,
        start=found.start,
        total=min(total, COUNTED_AT_MOST),
        is_total_estimate=total > COUNTED_AT_MOST,
    )


def summarise(actor: Actor, *, now: datetime, whose: Whose = Whose.REACH) -> Counters:
    """Open renewals by period and intention, in one query over them."""
    today = rules.today_of(now)
    within = renewed_within(now)
    first, last = rules.period_of(Period.ALL, today, within)
    periods = {
        period: Q(expiry_date__range=rules.period_of(period, today, within))
        for period in Period
        if period is not Period.ALL
    }
    quarter = periods[Period.QUARTER]
    counts: dict[str, Any] = {f"period_{period}": Count("pk", filter=test) for period, test in periods.items()}
    counts |= {
        f"intention_{intention}": Count("pk", filter=quarter & Q(intention=intention)) for intention in Intention
    }
    found = Renewal.objects.filter(
        _owners(actor, whose), state=RenewalState.OPEN, expiry_date__gte=first, expiry_date__lte=last
    ).aggregate(**counts, premium=Sum("premium_fen", filter=quarter), period_all=Count("pk"))
    return Counters(
        by_period={period: found[f"period_{period}"] for period in Period},
        by_intention={intention: found[f"intention_{intention}"] for intention in Intention},
        premium_fen=found["premium"] or 0,
    )


def get_renewal(actor: Actor, renewal_id: UUID) -> RenewalView:
    """Raises RenewalNotFound."""
    return views_of([access.get_renewal(actor, renewal_id).pk])[0]


def of_customer(actor: Actor, ref: str, *, limit: int = 20) -> list[RenewalView]:
    """Renewals of one customer, latest end first. Raises CustomerNotFound; rows keep to the actor's reach."""
    party = customers.get_party(actor, ref)
    rows = access.visible_renewals(actor).filter(party_id=party.pk).order_by("-expiry_date", "-id")
    return views_of(list(rows.values_list("pk", flat=True)[:limit]))


def to_export(actor: Actor, wanted: RenewalFilter, *, now: datetime, size: int = 1_000) -> Iterator[list[RenewalView]]:
    """Rows for a file, in portions, at most EXPORTED_AT_MOST."""
    rows = Renewal.objects.filter(_condition(actor, wanted, now, "renewals.export")).order_by("expiry_date", "id")
    ids = list(rows.values_list("pk", flat=True)[:EXPORTED_AT_MOST])
    for start in range(0, len(ids), size):
        yield views_of(ids[start : start + size])


def count_to_export(actor: Actor, wanted: RenewalFilter, *, now: datetime) -> int:
    return Renewal.objects.filter(_condition(actor, wanted, now, "renewals.export")).count()


def settings_of(now: datetime) -> dict[str, Any]:
    """The content of the scheme in force."""
    # A version kept before a number was added takes what is shipped for it.
    return {**rules.WINDOW_DEFAULT, **schemes.active(rules.WINDOWS, on=rules.today_of(now)).content}


def renewed_within(now: datetime) -> int:
    return int(settings_of(now)["renewed_within_days"])


def _owners(actor: Actor, whose: Whose, permission: str = "renewals.view") -> Q:
    if whose is Whose.MINE:
        actor.require(permission)
        return Q(owner_id=actor.user_id)
    return access.reach(actor, permission)


def _condition(actor: Actor, wanted: RenewalFilter, now: datetime, permission: str = "renewals.view") -> Q:
    if wanted.first is not None and wanted.last is not None:
        first, last = wanted.first, wanted.last
    else:
        first, last = rules.period_of(wanted.period, rules.today_of(now), renewed_within(now))
    found = _owners(actor, wanted.whose, permission) & Q(
        state=wanted.state, expiry_date__gte=first, expiry_date__lte=last
    )
    if wanted.state is not RenewalState.OPEN:
        # Open renewals of a restricted or erased customer are left out; those that are over must not name them.
        found &= Q(party__state="active")
    if wanted.intentions:
        found &= Q(intention__in=wanted.intentions)
    if wanted.lines:
        found &= Q(line__in=wanted.lines)
    if wanted.owner_id is not None:
        found &= Q(owner_id=wanted.owner_id)
    if wanted.party_id is not None:
        found &= Q(party_id=wanted.party_id)
    return found


def views_of(ids: Sequence[UUID]) -> list[RenewalView]:
    """For this room only: asks for no permission."""
    rows = {row["id"]: row for row in Renewal.objects.filter(pk__in=list(ids)).values(*_COLUMNS)}
    return [_view(rows[key]) for key in ids if key in rows]


def _view(row: dict[str, Any]) -> RenewalView:
    return RenewalView(
        id=row["id"],
        policy_id=row["policy_id"],
        policy_no=row["policy__policy_no"],
        product_name=row["policy__product_name"],
        line=row["line"],
        plate=row["policy__plate"],
        party_ref=row["party__ref"],
        party_name=row["party__name"],
        tier=row["party__standing__tier"] or "",
        owner_id=row["owner_id"],
        owner_name=row["owner__display_name"] or "",
        unit_name=row["unit__name"] or "",
        expiry_date=row["expiry_date"],
        premium_fen=row["premium_fen"],
        state=RenewalState(row["state"]),
        intention=Intention(row["intention"]),
        reason=row["reason"],
        note=row["note"],
        next_date=row["next_date"],
        renewed_by_no=row["renewed_by__policy_no"] or "",
        version=row["version"],
        changed_by_name=row["changed_by__display_name"] or "",
        changed_at=row["changed_at"],
    )
