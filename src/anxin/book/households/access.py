"""The only place that decides which households an actor reaches: those with a present member within reach."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.book.households.data import HouseholdNotFound
from anxin.book.households.models import Household, Membership, Proposal, ProposalMember
from anxin.kernel.actor import Actor


def present() -> Q:
    """Who belongs to a household now. A merged file's membership rests, unseen, until the file is separated."""
    return Q(until_date=None, party__state="active")


def visible_households(actor: Actor, permission: str = "households.view") -> QuerySet[Household]:
    """Households with a present member within the reach."""
    within = customers.reach(actor, permission, prefix="party__")
    belongs = Membership.objects.filter(within, present(), household=OuterRef("pk"))
    return Household.objects.filter(Exists(belongs), state=Household.State.ACTIVE)


def get_household(actor: Actor, household_id: UUID, permission: str = "households.view") -> Household:
    """Raises NotPermitted and HouseholdNotFound."""
    found = visible_households(actor, permission).filter(pk=household_id).select_related("created_by").first()
    if found is None:
        raise HouseholdNotFound(str(household_id))
    return found


def visible_proposals(actor: Actor, permission: str = "households.view") -> QuerySet[Proposal]:
    within = customers.reach(actor, permission, prefix="party__")
    return Proposal.objects.filter(Exists(ProposalMember.objects.filter(within, proposal=OuterRef("pk"))))


def get_proposal(actor: Actor, proposal_id: UUID, permission: str = "households.view") -> Proposal:
    """Raises NotPermitted and HouseholdNotFound."""
    found = visible_proposals(actor, permission).filter(pk=proposal_id).select_related("decided_by").first()
    if found is None:
        raise HouseholdNotFound(str(proposal_id))
    return found
