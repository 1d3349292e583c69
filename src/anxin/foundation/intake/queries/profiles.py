"""Profiles as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from anxin.foundation.intake import access
from anxin.foundation.intake.models import Profile
from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """A stored profile. `kinds` are the labels (English, marked) of what its rows hold."""

    id: UUID
    name: str
    source: str
    version: int
    is_active: bool
    updated_at: datetime
    kinds: Sequence[str]
    field_count: int
    pattern: str
    content: Mapping[str, Any]


def list_profiles(actor: Actor) -> QuerySet[Profile]:
    """Raises NotPermitted."""
    return access.visible_profiles(actor)


def active_profiles(actor: Actor) -> list[tuple[str, str]]:
    """(name, source) of the profiles a new file may be read with, by name."""
    found = access.visible_profiles(actor).filter(is_active=True).order_by("name")
    return list(found.values_list("name", "source"))


def get_profile(actor: Actor, profile_id: UUID) -> ProfileView:
    """Raises NotPermitted, ProfileNotFound."""
    return profile_view(access.get_profile(actor, profile_id))


def profile_view(profile: Profile) -> ProfileView:
    known = registered_importers()
    content: Mapping[str, Any] = profile.content if isinstance(profile.content, dict) else {}
    entities = [one for one in content.get("entity", ()) if isinstance(one, dict)]
    kinds = dict.fromkeys(str(one.get("kind", "")) for one in entities)
    return ProfileView(
        id=profile.id,
        name=profile.name,
        source=profile.source,
        version=profile.version,
        is_active=profile.is_active,
        updated_at=profile.updated_at,
        kinds=[known[kind].label if kind in known else kind for kind in kinds],
        field_count=sum(len(one.get("columns", ())) for one in entities),
        pattern=str(content.get("file", {}).get("pattern", "")),
        content=content,
    )
