"""Business volumes complaints are measured against: counted in the policies on record, or entered."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from anxin.book.portfolio.queries import volumes
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _
from anxin.service.complaints.data import Refused
from anxin.service.complaints.models import Volume
from anxin.service.complaints.queries import bulletin
from anxin.service.complaints.queries.bulletin import LEVELS

_COUNTED = ("counted_premium_fen", "counted_policies", "counted_signed", "counted_insured", "counted_at")


@transaction.atomic
def enter_volume(
    *, actor: Actor, now: datetime, year: int, quarter: int, name: str, premium_fen: int, policies: int = 0,
    insured: int = 0, complaints: int | None = None, unit_id: UUID | None = None,
) -> Volume:  # fmt: skip
    """The business of a quarter, of a unit (then its complaints are counted) or of another insurer (then entered)."""
    actor.require("complaints.govern")
    if not 2000 <= year <= 2100 or not 1 <= quarter <= 4:
        raise Refused("year", _("Choose a year and a quarter."))
    if min(premium_fen, policies, insured, complaints or 0) < 0:
        raise Refused("premium_fen", _("A volume is not below zero."))
    rows = Volume.objects.filter(year=year, quarter=quarter)
    if unit_id is not None:
        known = rows.filter(unit=unit_id).values_list("name", flat=True).first()
        name = known or org.unit_names([unit_id]).get(unit_id, name)
    name = name.strip()[:120]
    if not name:
        raise Refused("name", _("This is needed."))
    # Else the business of one unit would become that of another one of its name.
    if rows.filter(name=name).exclude(unit=None).exclude(unit=unit_id).exists():
        if unit_id is None:
            raise Refused("name", _("A unit of the house has this name: choose it in the list."))
        name = f"{name} {next(one.code for one in _units() if one.id == unit_id)}"
    made, _created = Volume.objects.update_or_create(
        year=year, quarter=quarter, name=name[:120],
        defaults={
            "unit_id": unit_id, "premium_fen": premium_fen, "policies": policies, "insured": insured,
            "complaints": complaints, "entered_at": now,
        },
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="complaints.volume", object_kind="volume", object_id=made.pk,
        object_ref=f"{year}Q{quarter}", detail={},
    )  # fmt: skip
    return made


def _units() -> list[org.UnitChoice]:
    return org.find_units(Actor.system("complaints"), permission="complaints.report", limit=5_000)


@transaction.atomic
def count_volumes(*, now: datetime, year: int, quarter: int) -> int:
    """Count the business of a quarter for every unit from the branches down to the county; returns how many units.

    What was entered stays beside it. Any number of times with the same end.
    """
    first, last = bulletin.days(year, quarter)
    found = volumes.of_units(first, last)
    units = _units()
    paths = {one.id: one.path for one in units}
    entered = {row.unit_id: row for row in Volume.objects.filter(year=year, quarter=quarter).exclude(unit=None)}
    named = set(Volume.objects.filter(year=year, quarter=quarter, unit=None).values_list("name", flat=True))
    rows = []
    for one in units:
        if one.level not in LEVELS:
            continue
        below = [more for key, more in found.items() if key is not None and paths.get(key, "").startswith(one.path)]
        known = entered.get(one.id)
        if not below and known is None:
            continue
        # Two units of one name, or an insurer named like a unit: the code tells them apart.
        name = known.name if known else one.name if one.name not in named else f"{one.name} {one.code}"
        named.add(name)
        rows.append(
            Volume(
                id=known.pk if known else uuid7(), year=year, quarter=quarter, name=name[:120], unit_id=one.id,
                counted_premium_fen=sum(more.premium_fen for more in below),
                counted_policies=sum(more.policies for more in below),
                counted_signed=sum(more.signed for more in below),
                counted_insured=sum(more.insured for more in below), counted_at=now,
            )
        )  # fmt: skip
    Volume.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["year", "quarter", "name"], update_fields=list(_COUNTED)
    )
    return len(rows)


def count_recent(*, now: datetime, today: date) -> int:
    """The running quarter and the one before, every night."""
    return sum(count_volumes(now=now, year=year, quarter=quarter) for year, quarter in bulletin.quarters(today)[:2])
