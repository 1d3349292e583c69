"""Households by hand: made, members in and out, who is who, dissolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.households import access, rules
from anxin.book.households.data import HouseholdNotFound, HouseholdRejected, MemberRole
from anxin.book.households.models import Household, Membership, Refusal
from anxin.book.households.services import totals
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _


@transaction.atomic
def create(*, actor: Actor, now: datetime, ref: str) -> UUID:
    """A new household with this customer as its head. Raises CustomerNotFound and HouseholdRejected."""
    party = customers.get_party(actor, ref, "households.edit")
    if party.kind != "person":
        raise HouseholdRejected(_("Only persons belong to a household."))
    return found(actor, now, {party.pk: MemberRole.HEAD}, source="staff")


def found(actor: Actor, now: datetime, members: Mapping[UUID, str], *, source: str) -> UUID:
    """A household of these members inside the caller's transaction."""
    household = Household.objects.create(source=source, created_at=now, created_by_id=actor.user_id)
    enter(actor, now, household.pk, members, source=source)
    _record(actor, now, "households.create", household.pk, len(members))
    return household.pk


def enter(actor: Actor, now: datetime, household_id: UUID, members: Mapping[UUID, str], *, source: str) -> None:
    """Members in, inside the caller's transaction. Raises HouseholdRejected when one belongs elsewhere."""
    try:
        with transaction.atomic():
            Membership.objects.bulk_create(
                [
                    Membership(
                        household_id=household_id, party_id=party, role=role, from_date=rules.day_of(now),
                        source=source, added_by_id=actor.user_id, created_at=now,
                    )
                    for party, role in members.items()
                ]
            )  # fmt: skip
    except IntegrityError as error:
        raise HouseholdRejected(
            _("One of these persons belongs to a household already, or there would be two heads.")
        ) from error
    # Whoever puts two together takes back that they do not belong together.
    _forget_refusals(household_id, list(members))


def _forget_refusals(household_id: UUID, members: Sequence[UUID]) -> None:
    others = list(Membership.objects.filter(household=household_id, until_date=None).values_list("party_id", flat=True))
    pairs = [rules.pair_of(one, other) for one in members for other in others if one != other]
    for left, right in set(pairs):
        Refusal.objects.filter(left=left, right=right).delete()


@transaction.atomic
def add_member(*, actor: Actor, now: datetime, household_id: UUID, ref: str, role: str) -> None:
    """Raises HouseholdNotFound, CustomerNotFound and HouseholdRejected."""
    household = access.get_household(actor, household_id, "households.edit")
    party = customers.get_party(actor, ref, "households.edit")
    _check_role(role)
    if party.kind != "person":
        raise HouseholdRejected(_("Only persons belong to a household."))
    if role == MemberRole.HEAD:
        _step_down(household.pk)
    enter(actor, now, household.pk, {party.pk: role}, source="staff")
    _touch(household)
    _record(actor, now, "households.add_member", household.pk, 1)


@transaction.atomic
def set_role(*, actor: Actor, now: datetime, household_id: UUID, membership_id: UUID, role: str) -> None:
    """A new head takes the place of the one before, who becomes another member."""
    household = access.get_household(actor, household_id, "households.edit")
    _check_role(role)
    membership = _present(household, membership_id)
    if membership.role == role:
        return
    if role == MemberRole.HEAD:
        _step_down(household.pk)
    Membership.objects.filter(pk=membership.pk).update(role=role)
    _touch(household)
    _record(actor, now, "households.set_role", household.pk, 1)


@transaction.atomic
def remove_member(
    *, actor: Actor, now: datetime, household_id: UUID, membership_id: UUID, reason: str = "", is_mistake: bool = False
) -> None:
    """The member leaves today; the row stays as history. `is_mistake`: never belonged there, and is not to be proposed
    again. The last to leave dissolves the household; when the head leaves, the eldest role follows."""
    household = access.get_household(actor, household_id, "households.edit")
    membership = _present(household, membership_id)
    if not reason.strip() and not is_mistake:
        raise HouseholdRejected(_("Say why the member leaves."))
    others = Membership.objects.filter(household=household, until_date=None).exclude(pk=membership.pk)
    Membership.objects.filter(pk=membership.pk).update(until_date=rules.day_of(now), reason=reason.strip()[:200])
    if is_mistake:
        remember_refusals(
            actor, now, [(membership.party_id, other) for other in others.values_list("party_id", flat=True)]
        )
    follower = others.order_by("from_date", "pk").first() if membership.role == MemberRole.HEAD else None
    if follower is not None:
        spouse = others.filter(role=MemberRole.SPOUSE).first()
        Membership.objects.filter(pk=(spouse or follower).pk).update(role=MemberRole.HEAD)
    if not others.exists():
        _end(household, now)
    _touch(household)
    _record(actor, now, "households.remove_member", household.pk, 1, reason)


@transaction.atomic
def dissolve(*, actor: Actor, now: datetime, household_id: UUID, version: int, reason: str) -> None:
    """All leave today. Raises StaleState when somebody changed the household meanwhile."""
    household = access.get_household(actor, household_id, "households.edit")
    if not reason.strip():
        raise HouseholdRejected(_("Say why the household ends."))
    if household.version != version:
        raise StaleState(household.state, household.version)
    present = Membership.objects.filter(household=household, until_date=None)
    count = present.update(until_date=rules.day_of(now), reason=reason.strip()[:200])
    _end(household, now)
    _touch(household)
    _record(actor, now, "households.dissolve", household.pk, count, reason)


def remember_refusals(actor: Actor, now: datetime, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """That these belong to different households; once per pair."""
    Refusal.objects.bulk_create(
        [
            Refusal(left_id=left, right_id=right, refused_at=now, refused_by_id=actor.user_id)
            for left, right in sorted({rules.pair_of(*pair) for pair in pairs})
        ],
        ignore_conflicts=True,
    )


def _present(household: Household, membership_id: UUID) -> Membership:
    found = Membership.objects.filter(pk=membership_id, household=household, until_date=None).first()
    if found is None:
        raise HouseholdNotFound(str(membership_id))
    return found


def _step_down(household_id: UUID) -> None:
    Membership.objects.filter(household=household_id, until_date=None, role=MemberRole.HEAD).update(
        role=MemberRole.OTHER
    )


def _check_role(role: str) -> None:
    if role not in set(MemberRole):
        raise HouseholdRejected(_("Choose a role from the list."))


def _end(household: Household, now: datetime) -> None:
    Household.objects.filter(pk=household.pk).update(state=Household.State.DISSOLVED, dissolved_at=now)


def _touch(household: Household) -> None:
    Household.objects.filter(pk=household.pk).update(version=F("version") + 1)


def _record(actor: Actor, now: datetime, action: str, household_id: UUID, members: int, reason: str = "") -> None:
    totals.count_some([household_id])
    audit.record(
        actor=actor, now=now, action=action, object_kind="household", object_id=household_id, reason=reason[:200],
        detail={"members": members},
    )  # fmt: skip
