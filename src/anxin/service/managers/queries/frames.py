"""What allocation looks at, in columns: managers with room and load, customers with what rules ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import Q

from anxin.book.customers.queries import custody
from anxin.book.portfolio.queries import selling
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.kernel import bulk_abreast
from anxin.kernel.actor import Actor
from anxin.service.managers import rules
from anxin.service.managers.models import Absence, Ceiling

SYSTEM: Final = Actor.system("managers")
_STAFF: Final[dict[str, Any]] = {
    **rules.MANAGERS, "name": pl.String(), "staff_no": pl.String(), "unit": pl.String(), "unit_name": pl.String(),
    "has_own": pl.Boolean(),
}  # fmt: skip
_MOST_UNITS: Final = 100_000


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The scheme of allocation of a day."""

    settings: rules.Settings
    version: int
    content: Content


def in_force(now: datetime) -> InForce:
    scheme = schemes.active(rules.ALLOCATION, on=rules.day_of(now))
    return InForce(settings=rules.settings_of(scheme.content), version=scheme.version, content=scheme.content)


def units() -> pl.DataFrame:
    """unit (hex), path, unit_name, division: its own code, or that of the nearest unit above that has one."""
    rows = org.search_units(SYSTEM, "", limit=_MOST_UNITS)
    codes = {row.path: row.division_code for row in rows if row.division_code}
    return pl.DataFrame(
        [(row.id.hex, row.path, row.name, _nearest(row.path, codes)) for row in rows],
        schema={"unit": pl.String(), "path": pl.String(), "unit_name": pl.String(), "division": pl.String()},
        orient="row",
    )


def _nearest(path: str, codes: dict[str, str]) -> str:
    while len(path) > 1:
        if path in codes:
            return codes[path]
        path = path[: path.rstrip("/").rfind("/") + 1]
    return ""


def staff(
    settings: rules.Settings, *, today: date, within: Collection[UUID] | None = None,
    places: pl.DataFrame | None = None, are_absent_free: bool = False,
) -> pl.DataFrame:  # fmt: skip
    """Everybody with a role that manages customers: MANAGERS, and name, staff_no, unit (hex), unit_name, has_own.

    Somebody away has no room, unless `are_absent_free`. `within` keeps to these.
    """
    posts = org.list_staff(SYSTEM, today=today).filter(role__in=list(settings.capacities), user__is_active=True)
    if within is not None:
        posts = posts.filter(user__in=list(within))
    known = dict(Ceiling.objects.values_list("user_id", "customers"))
    away = set() if are_absent_free else set(
        Absence.objects.filter(state=Absence.State.RUNNING).values_list("user_id", flat=True)
    )  # fmt: skip
    found: dict[UUID, dict[str, Any]] = {}
    for user, name, staff_no, unit, path, role in posts.order_by("user", "unit__path").values_list(
        "user_id", "user__display_name", "user__staff_no", "unit_id", "unit__path", "role_id"
    ):
        capacity = known[user] * 10_000 if user in known else settings.capacities[role]
        one = found.setdefault(
            user,
            {"manager": user.hex, "name": name, "staff_no": staff_no, "unit": unit.hex, "path": path, "capacity": 0,
             "has_own": user in known, "load": 0, "customers": 0},
        )  # fmt: skip
        one["capacity"] = 0 if user in away else max(one["capacity"], capacity)
    for user, tier, count in custody.loads(None if within is None else list(found)):
        if user in found:
            found[user]["load"] += settings.weight_of(tier) * count
            found[user]["customers"] += count
    frame = pl.DataFrame(
        list(found.values()), schema={name: _STAFF[name] for name in _STAFF if name not in ("division", "unit_name")}
    )
    places = units() if places is None else places
    return frame.join(places.select("unit", "unit_name", "division"), on="unit", how="left").select(list(_STAFF))


def parties(
    where: Q, settings: rules.Settings, managers: pl.DataFrame, places: pl.DataFrame, *, is_abreast: bool = False
) -> pl.DataFrame:
    """Living customers that fulfil a condition: PARTIES, and unit (hex), active_policies, last_contact_at.

    `is_abreast`: over two connections, which see nothing of a transaction of the caller's.
    """
    reading = (partial(custody.frame, where), partial(selling.of_holders, custody.living(where)))
    files, sold = bulk_abreast.run(reading) if is_abreast else [read() for read in reading]
    found = files.join(sold, on="party", how="left")
    weights = {tier if tier != "none" else "": weight for tier, weight in settings.weights.items()}
    owners = managers.filter(pl.col("staff_no").fill_null("") != "").select(
        pl.col("staff_no").alias("agent"), pl.col("manager").alias("owner")
    )
    found = (
        found.with_columns(unit=pl.coalesce("unit", "policy_unit"))
        .join(places.select("unit", "path"), on="unit", how="left")
        .join(owners.unique("agent", keep="first", maintain_order=True), on="agent", how="left")
    )
    return found.with_columns(
        pl.col("channel").fill_null(""),
        pl.col("lines").fill_null(pl.lit([], dtype=pl.List(pl.String()))),
        weight=pl.col("tier").replace_strict(weights, default=10_000, return_dtype=pl.Int64),
    ).select(*rules.PARTIES, "unit", "active_policies", "last_contact_at")
