"""What somebody has typed and not sent: kept while they type, handed back when they come again, gone once sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.service.complaints.models import Draft

KEPT_FOR: Final = timedelta(days=7)
_MOST_CHARACTERS: Final = 40_000
_TABLE: Final = "complaints_draft"


def keep(*, actor: Actor, now: datetime, page: str, fields: Mapping[str, str]) -> bool:
    """Keep the fields of a form; nothing but blanks keeps nothing. Returns whether something was kept.

    The last writer wins: it is one person at one form, and nothing is acknowledged to anybody else.
    """
    told = {name: value for name, value in fields.items() if value.strip()}
    text = json.dumps(told, ensure_ascii=False)
    if actor.user_id is None or not told or len(text) > _MOST_CHARACTERS:
        return False
    # Sealed to its row, and two windows may keep at once: the key follows from whose form it is.
    key = uuid5(actor.user_id, page)
    sealed = vault.ring().seal(text, table=_TABLE, column="fields_sealed", row=key)
    Draft.objects.bulk_create(
        [Draft(id=key, user_id=actor.user_id, page=page, fields_sealed=sealed, kept_at=now)],
        update_conflicts=True, unique_fields=["id"], update_fields=["fields_sealed", "kept_at"],
    )  # fmt: skip
    return True


def kept(actor: Actor, page: str, *, now: datetime) -> tuple[dict[str, str], datetime] | None:
    """(fields, when) of what this person left at this form; None for nothing, or what is too old."""
    row = Draft.objects.filter(user=actor.user_id, page=page, kept_at__gt=now - KEPT_FOR).first()
    if row is None:
        return None
    text = vault.ring().open(bytes(row.fields_sealed), table=_TABLE, column="fields_sealed", row=row.pk)
    return json.loads(text), row.kept_at


def drop(actor: Actor, page: str) -> None:
    """The form was sent, or what was typed is thrown away."""
    Draft.objects.filter(user=actor.user_id, page=page).delete()


def forget_old(*, now: datetime) -> int:
    """Throw away what nobody came back for."""
    return Draft.objects.filter(kept_at__lte=now - KEPT_FOR).delete()[0]
