"""Whose imports somebody may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from anxin.foundation.intake.models import Batch, Profile
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


class BatchNotFound(Exception):
    """No such batch within the actor's reach."""


class ProfileNotFound(Exception):
    """No such profile."""


def visible_batches(actor: Actor, permission: str = "intake.view") -> QuerySet[Batch]:
    """With scope ALL every batch; any narrower scope gives the actor's own. Raises NotPermitted."""
    scope = actor.require(permission)
    return Batch.objects.all() if scope is Scope.ALL else Batch.objects.filter(owner_id=actor.user_id)


def get_batch(actor: Actor, ref: str, permission: str = "intake.view") -> Batch:
    """Raises NotPermitted, and BatchNotFound also for a batch out of reach."""
    found = visible_batches(actor, permission).select_related("owner").filter(ref=ref).first()
    if found is None:
        raise BatchNotFound(ref)
    return found


def visible_profiles(actor: Actor) -> QuerySet[Profile]:
    """Profiles hold no rows of customers: whoever may see imports may see all of them."""
    actor.require("intake.view")
    return Profile.objects.all()


def get_profile(actor: Actor, profile_id: UUID) -> Profile:
    found = visible_profiles(actor).filter(pk=profile_id).first()
    if found is None:
        raise ProfileNotFound(str(profile_id))
    return found


def may_reveal(actor: Actor) -> bool:
    """Whether refused values may be handed out in clear, in the error file."""
    return actor.may("intake.reveal")
