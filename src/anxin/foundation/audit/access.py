"""Who reads the trail, and of whom."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def visible_entries(actor: Actor, permission: str = "audit.view") -> QuerySet[Entry]:
    """With scope ALL everything; any narrower scope gives what the actor did themselves."""
    scope = actor.require(permission)
    return Entry.objects.all() if scope is Scope.ALL else Entry.objects.filter(actor_id=actor.user_id)
