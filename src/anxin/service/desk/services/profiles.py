"""What agents can be given: set by whoever leads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.service.desk.models import Profile
from anxin.service.desk.queries import profiles


@transaction.atomic
def set_profile(
    *, actor: Actor, now: datetime, user_id: UUID, version: int, queues: Sequence[str], skills: Sequence[str],
    languages: Sequence[str], level: int, most_open: int, is_available: bool,
) -> None:  # fmt: skip
    """`version` 0: there was none yet. Raises AgentNotFound (also beyond reach), NotPermitted, StaleState."""
    before = profiles.get_profile(actor, user_id, permission="desk.profiles")
    values = {
        "queues": sorted(set(queues)), "skills": sorted(set(skills)), "languages": sorted(set(languages)),
        "level": level, "most_open": most_open, "is_available": is_available,
    }  # fmt: skip
    if version == 0:
        try:
            with transaction.atomic():
                Profile.objects.create(user_id=user_id, **values)
            is_changed = True
        except IntegrityError:
            is_changed = False
    else:
        rows = Profile.objects.filter(pk=user_id, version=version)
        is_changed = bool(rows.update(**values, version=F("version") + 1))
    if not is_changed:
        raise StaleState("profile", before.version, None, now)
    changed = sorted(name for name, value in values.items() if _plain(getattr(before, name)) != value)
    audit.record(
        actor=actor, now=now, action="desk.set_profile", object_kind="user", object_id=user_id,
        detail={"changed": ", ".join(changed)},
    )  # fmt: skip


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
