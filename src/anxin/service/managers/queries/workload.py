"""What managers carry, out of what, and the contact time their customers are worth against what they got."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from anxin.book.customers.queries import custody
from anxin.book.segments.queries import members
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.service.managers import access, rules
from anxin.service.managers.data import Load, ManagerNotFound
from anxin.service.managers.models import Absence
from anxin.service.managers.queries import frames

Minutes = dict[UUID, tuple[int, int]]


def workload(
    actor: Actor, *, now: datetime, unit_id: UUID | None = None, permission: str = "managers.view"
) -> list[Load]:
    """A row per manager within the actor's reach (and at or below a unit), the most loaded first.

    A constant number of queries; customers are counted as they are now, minutes as of the last night.
    """
    within = access.staff_of(actor, permission)
    settings = frames.in_force(now).settings
    staff = frames.staff(settings, today=rules.day_of(now), within=within, are_absent_free=True)
    if unit_id is not None:
        inside = [key.hex for key in org.units_at_or_below(unit_id)]
        staff = staff.filter(staff["unit"].is_in(inside))
    rows = staff.to_dicts()
    ids = [UUID(row["manager"]) for row in rows]
    tiers: dict[UUID, Counter[str]] = defaultdict(Counter)
    everybody = within is None and unit_id is None
    for manager, tier, count in custody.loads(None if everybody else ids):
        tiers[manager][tier] += count
    minutes = _minutes(None if everybody else ids, now)
    away = _away()
    found = [
        Load(
            id=key, name=row["name"], unit_id=UUID(row["unit"]), unit=row["unit_name"] or "",
            customers=row["customers"], by_tier=dict(tiers[key]), weight=row["load"], capacity=row["capacity"],
            has_own_capacity=row["has_own"], budget_minutes=minutes.get(key, (0, 0))[0],
            actual_minutes=minutes.get(key, (0, 0))[1], away_until=away[key].last if key in away else None,
            deputy=away[key].deputy.display_name if key in away else "",
        )
        for key, row in zip(ids, rows, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.share, one.name, str(one.id)))


def load_of(actor: Actor, user_id: UUID, *, now: datetime) -> Load:
    """One manager. Raises ManagerNotFound, also beyond reach and for those whose role manages nobody."""
    access.check_staff(actor, user_id)
    settings = frames.in_force(now).settings
    rows = frames.staff(settings, today=rules.day_of(now), within=[user_id], are_absent_free=True).to_dicts()
    if not rows:
        raise ManagerNotFound(str(user_id))
    (row,) = rows
    tiers = {tier: count for _key, tier, count in custody.loads([user_id])}
    minutes = _minutes([user_id], now).get(user_id, (0, 0))
    away = _away().get(user_id)
    return Load(
        id=user_id, name=row["name"], unit_id=UUID(row["unit"]), unit=row["unit_name"] or "",
        customers=row["customers"], by_tier=tiers, weight=row["load"], capacity=row["capacity"],
        has_own_capacity=row["has_own"], budget_minutes=minutes[0], actual_minutes=minutes[1],
        away_until=away.last if away else None, deputy=away.deputy.display_name if away else "",
    )  # fmt: skip


def settings_of(now: datetime) -> rules.Settings:
    """The scheme in force."""
    return frames.in_force(now).settings


def by_unit(loads: Iterable[Load]) -> list[Load]:
    """The same by unit of the managers, the most loaded first."""
    parts: dict[UUID | None, list[Load]] = defaultdict(list)
    for one in loads:
        parts[one.unit_id].append(one)
    found = [_sum(rows, key, rows[0].unit) for key, rows in parts.items()]
    return sorted(found, key=lambda one: (-one.share, one.name, str(one.id)))


def total_of(loads: Sequence[Load]) -> Load:
    return _sum(loads, None, "")


def _sum(rows: Sequence[Load], key: UUID | None, name: str) -> Load:
    tiers: Counter[str] = Counter()
    for one in rows:
        tiers.update(one.by_tier)
    return Load(
        id=key, name=name, managers=len(rows), customers=sum(one.customers for one in rows), by_tier=dict(tiers),
        weight=sum(one.weight for one in rows), capacity=sum(one.capacity for one in rows),
        budget_minutes=sum(one.budget_minutes for one in rows), actual_minutes=sum(one.actual_minutes for one in rows),
    )  # fmt: skip


def _minutes(managers: Sequence[UUID] | None, now: datetime) -> Minutes:
    """Manager → minutes a year their customers are worth (B01), and minutes of contact in the last twelve months."""
    everybody: dict[str, Any] = {"all": []}
    profiles = members.matching(frames.SYSTEM, everybody, today=rules.day_of(now)).filter(party__manager__isnull=False)
    if managers is not None:
        profiles = profiles.filter(party__manager__in=list(managers))
    rows = profiles.values("party__manager").annotate(
        budget=Sum("service_budget_minutes"), actual=Sum("contact_minutes_12m")
    )
    return {row["party__manager"]: (row["budget"] or 0, row["actual"] or 0) for row in rows.order_by()}


def _away() -> dict[UUID, Absence]:
    rows = Absence.objects.filter(state=Absence.State.RUNNING).select_related("deputy")
    return {row.user_id: row for row in rows}
