"""Who sees which contracts: whoever reaches the policyholder, or somebody else with a part in the policy."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.book.portfolio.data import PolicyNotFound
from anxin.book.portfolio.models import Claim, Policy, PolicyRole
from anxin.kernel import masking
from anxin.kernel.actor import Actor
from anxin.kernel.masking import PersonalKind

# A restricted file is only kept, an erased one says nothing: lists ask for living files anyway.
_UNSEEN = ("restricted", "erased")
_SHOWN_AS = {
    "plate": PersonalKind.PLATE,
    "vin": PersonalKind.VEHICLE,
    "engine_no": PersonalKind.VEHICLE,
    "accident_place": PersonalKind.ADDRESS,
    "description": PersonalKind.HEALTH,
    "name": PersonalKind.NAME,
}


def shown(field: str, value: str) -> str:
    """The masked form of a value of a contract; what is not named is hidden whole."""
    return masking.mask(_SHOWN_AS.get(field, PersonalKind.CREDENTIAL), value)


def _reach(actor: Actor, permission: str, policy: str) -> Q:
    """`policy`: the path to the policy, "" or "policy__"."""
    roles = PolicyRole.objects.filter(
        customers.reach(actor, permission, prefix="party__"), policy=OuterRef(f"{policy}pk"), party__state="active"
    )
    held = customers.reach(actor, permission, prefix=f"{policy}holder__")
    # An empty condition means everything; "or" would drop it.
    return held | Q(Exists(roles)) if held else held


def visible_policies(actor: Actor, permission: str = "portfolio.view") -> QuerySet[Policy]:
    return Policy.objects.filter(_reach(actor, permission, ""))


def visible_claims(actor: Actor, permission: str = "portfolio.view") -> QuerySet[Claim]:
    return Claim.objects.filter(_reach(actor, permission, "policy__"))


def get_policy(actor: Actor, policy_id: UUID, permission: str = "portfolio.view") -> Policy:
    """Raises NotPermitted and PolicyNotFound."""
    rows = visible_policies(actor, permission).filter(pk=policy_id).exclude(holder__state__in=_UNSEEN)
    found = rows.select_related("holder", "unit", "product").first()
    if found is None:
        raise PolicyNotFound(str(policy_id))
    return found


def get_claim(actor: Actor, claim_id: UUID, permission: str = "portfolio.view") -> Claim:
    """Raises NotPermitted and PolicyNotFound."""
    rows = visible_claims(actor, permission).filter(pk=claim_id).exclude(policy__holder__state__in=_UNSEEN)
    found = rows.select_related("policy__holder", "claimant").first()
    if found is None:
        raise PolicyNotFound(str(claim_id))
    return found
