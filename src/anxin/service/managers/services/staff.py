"""What is said of managers: their capacity; and who helps with a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import standings
from anxin.book.customers.services import custody
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.managers import access, rules
from anxin.service.managers.data import LINES, Refused
from anxin.service.managers.models import Assistant, Ceiling
from anxin.service.managers.queries import frames

MOST_CUSTOMERS = 100_000
LONGEST_NOTE = 200


@transaction.atomic
def set_capacity(*, actor: Actor, now: datetime, user_id: UUID, most: int | None, note: str = "") -> None:
    """The capacity of one person in average customers; None goes back to that of their role. Raises ManagerNotFound."""
    access.check_staff(actor, user_id, "managers.allocate")
    if most is None:
        Ceiling.objects.filter(user=user_id).delete()
    else:
        if not 0 <= most <= MOST_CUSTOMERS:
            raise Refused(_("Choose between 0 and 100,000 customers."))
        Ceiling.objects.update_or_create(
            user_id=user_id,
            defaults={
                "customers": most,
                "note": note.strip()[:LONGEST_NOTE],
                "set_by_id": actor.user_id,
                "set_at": now,
            },
        )
    audit.record(
        actor=actor, now=now, action="managers.set_capacity", object_kind="user", object_id=user_id, reason=note,
        detail={"customers": -1 if most is None else most},
    )  # fmt: skip


def rooms_of(wanted: Mapping[UUID, Sequence[UUID]], now: datetime) -> dict[UUID, custody.Room]:
    """Manager → how many of these customers, the first ones, they can carry besides their own. Nobody's capacity but of
    those whose role manages customers: others have none to be over, and are not in the answer."""
    settings = frames.in_force(now).settings
    rows = frames.staff(settings, today=rules.day_of(now), within=list(wanted), are_absent_free=True)
    tiers = standings.tiers_of([key for keys in wanted.values() for key in keys])
    found = {}
    for row in rows.iter_rows(named=True):
        manager_id = UUID(row["manager"])
        load, fitting = row["load"], 0
        for key in wanted[manager_id]:
            load += settings.weight_of(tiers.get(key, ""))
            fitting += load <= row["capacity"]
        after = load * 100 // row["capacity"] if row["capacity"] else None
        found[manager_id] = custody.Room(customers=fitting, load_after=after)
    return found


@transaction.atomic
def name_assistant(*, actor: Actor, now: datetime, ref: str, line: str, user_id: UUID, note: str = "") -> None:
    """Somebody of one's team helps with a line of a customer; whoever did before does no more. Raises Refused."""
    party = customers.get_party(actor, ref, "managers.assist")
    if line not in LINES:
        raise Refused(_("Choose a line of business."))
    if user_id == party.manager_id:
        raise Refused(_("The manager of the customer needs no help from themselves."))
    if user_id not in who_may_assist(actor, party.manager_id):
        raise Refused(_("Choose a colleague within your reach."))
    Assistant.objects.filter(party=party.pk, line=line, until_at__isnull=True).update(until_at=now)
    Assistant.objects.create(
        party_id=party.pk, line=line, user_id=user_id, note=note.strip()[:LONGEST_NOTE], from_at=now,
        given_by_id=actor.user_id,
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="managers.name_assistant", object_kind="party", object_id=party.pk,
        object_ref=party.ref, detail={"line": line},
    )  # fmt: skip


@transaction.atomic
def end_assistance(*, actor: Actor, now: datetime, ref: str, item: UUID) -> None:
    """Raises CustomerNotFound, also for an assistant of somebody else."""
    party = customers.get_party(actor, ref, "managers.assist")
    if not Assistant.objects.filter(pk=item, party=party.pk, until_at__isnull=True).update(until_at=now):
        raise customers.CustomerNotFound(str(item))
    audit.record(
        actor=actor, now=now, action="managers.end_assistance", object_kind="party", object_id=party.pk,
        object_ref=party.ref,
    )  # fmt: skip


def who_may_assist(actor: Actor, manager_id: UUID | None) -> dict[UUID, str]:
    """Id and “name · unit”: one's colleagues, and whoever is within the reach of assigning customers."""
    near = [key for key in org.colleagues_of(actor) if key != manager_id]
    found = org.find_staff(actor, ids=near, limit=500)
    if actor.may("managers.allocate"):
        found += org.find_staff(actor, permission="managers.allocate", limit=500)
    return {one.id: f"{one.name} · {one.unit}" for one in found if one.id != manager_id}
