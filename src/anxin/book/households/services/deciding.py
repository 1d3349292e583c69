"""Proposals confirmed or refused by a person. A refusal is remembered for every pair of the group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.households import access
from anxin.book.households.data import HouseholdNotFound, HouseholdRejected, MemberRole
from anxin.book.households.models import Household, Proposal, ProposalMember
from anxin.book.households.services import members as households
from anxin.book.households.services import totals
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _


@transaction.atomic
def accept(
    *, actor: Actor, now: datetime, proposal_id: UUID, version: int, chosen: Mapping[UUID, str] | None = None
) -> UUID:
    """Make the household, or let the persons join it; returns it. `chosen`: party → role; absent: all, as proposed.

    Persons within reach who are left out are remembered as not belonging to those who are in. Somebody out of reach
    can be neither put in nor refused. Raises HouseholdNotFound, HouseholdRejected and StaleState.
    """
    proposal = access.get_proposal(actor, proposal_id, "households.edit")
    _claim(proposal, version, Proposal.State.ACCEPTED, actor, now)
    rows = list(ProposalMember.objects.filter(proposal=proposal).order_by("position"))
    reached = customers.reached_of(actor, [row.party_id for row in rows], "households.edit")
    wanted = {row.party_id: row.role for row in rows if not row.is_in_household} if chosen is None else dict(chosen)
    inside = {row.party_id for row in rows if row.is_in_household}
    wanted = {party: role for party, role in wanted.items() if party not in inside}
    if not set(wanted) <= {row.party_id for row in rows} or not set(wanted.values()) <= set(MemberRole):
        raise HouseholdRejected(_("Choose a role from the list."))
    if not set(wanted) <= reached:
        raise HouseholdRejected(_("Not all of these persons are within your reach; leave them out or ask your branch."))
    if len(wanted) + len(inside) < 2:
        raise HouseholdRejected(_("A household has at least two persons."))
    if list(wanted.values()).count(MemberRole.HEAD) != (0 if proposal.household_id else 1):
        raise HouseholdRejected(_("A household has exactly one head."))
    if proposal.household_id is None:
        household_id = households.found(actor, now, wanted, source="proposal")
    else:
        household_id = proposal.household_id
        if not Household.objects.filter(pk=household_id, state=Household.State.ACTIVE).exists():
            raise HouseholdRejected(_("The household has been dissolved meanwhile."))
        households.enter(actor, now, household_id, wanted, source="proposal")
        Household.objects.filter(pk=household_id).update(version=F("version") + 1)
    left_out = [row.party_id for row in rows if row.party_id in reached and row.party_id not in {*wanted, *inside}]
    households.remember_refusals(actor, now, [(one, other) for one in left_out for other in {*wanted, *inside}])
    totals.count_some([household_id])
    _record(actor, now, "households.accept", proposal, len(wanted))
    return household_id


def accept_many(*, actor: Actor, now: datetime, items: Sequence[tuple[UUID, int]]) -> tuple[int, int]:
    """Accept proposals as they are: how many, and how many were left alone (out of reach, or decided meanwhile)."""
    done = 0
    for proposal_id, version in items:
        try:
            accept(actor=actor, now=now, proposal_id=proposal_id, version=version)
        except (HouseholdNotFound, HouseholdRejected, StaleState):
            continue
        done += 1
    return done, len(items) - done


@transaction.atomic
def refuse(*, actor: Actor, now: datetime, proposal_id: UUID, version: int, reason: str = "") -> None:
    """These are not one household; no pair of them is proposed again. Raises HouseholdNotFound and StaleState."""
    proposal = access.get_proposal(actor, proposal_id, "households.edit")
    _claim(proposal, version, Proposal.State.REFUSED, actor, now, reason)
    rows = list(ProposalMember.objects.filter(proposal=proposal).values_list("party_id", "is_in_household"))
    pairs = [(one, other) for (one, is_in), (other, is_also_in) in combinations(rows, 2) if not (is_in and is_also_in)]
    households.remember_refusals(actor, now, pairs)
    _record(actor, now, "households.refuse", proposal, len(rows))


def _claim(proposal: Proposal, version: int, state: str, actor: Actor, now: datetime, reason: str = "") -> None:
    done = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.OPEN, version=version).update(
        state=state, decided_at=now, decided_by_id=actor.user_id, reason=reason.strip()[:200], version=F("version") + 1
    )
    if not done:
        by = proposal.decided_by.display_name if proposal.decided_by else None
        raise StaleState(proposal.state, proposal.version, by, proposal.decided_at)


def _record(actor: Actor, now: datetime, action: str, proposal: Proposal, members: int) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="household_proposal", object_id=proposal.pk,
        detail={"members": members, "score": proposal.score},
    )  # fmt: skip
