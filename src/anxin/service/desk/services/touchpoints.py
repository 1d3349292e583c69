"""Recording contacts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _
from anxin.service.desk import data
from anxin.service.desk.models import Touchpoint


def record_touchpoint(
    *, actor: Actor, now: datetime, ref: str, channel: str, direction: str, topic: str, summary: str = "",
    result: str = "", next_step: str = "", satisfaction: int | None = None, at: datetime | None = None,
) -> UUID:  # fmt: skip
    """A contact with a customer, now or up to a month ago. Raises NotPermitted, CustomerNotFound, Rejected."""
    party = customers.get_party(actor, ref, "desk.record")
    if channel not in data.CHANNELS:
        raise Rejected("channel", _("Choose a channel."))
    if direction not in data.DIRECTIONS:
        raise Rejected("direction", _("Say who went to whom."))
    if not topic.strip():
        raise Rejected("topic", _("Say in a few words what it was about."))
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise Rejected("satisfaction", _("Choose between 1 and 5."))
    moment = at or now
    if not now - timedelta(days=31) <= moment <= now:
        raise Rejected("at", _("A contact lies in the last 31 days."))
    key = uuid7()
    with transaction.atomic():
        Touchpoint.objects.create(
            id=key, party=party, channel=channel, direction=direction, at=moment, topic=topic.strip()[:60],
            summary=summary.strip()[:500], result=result, next_step=next_step.strip()[:200],
            satisfaction=satisfaction, staff_id=actor.user_id, source="staff", source_key=str(key),
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="desk.record_touchpoint", object_kind="party", object_id=party.pk,
            object_ref=party.ref, detail={"channel": channel, "direction": direction},
        )  # fmt: skip
    return key
