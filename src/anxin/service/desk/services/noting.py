"""Contacts that another room had and writes down here, so that the file of the customer shows all of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anxin.service.desk.models import Touchpoint


def note_contact(
    *, party_id: UUID, source: str, source_key: str, at: datetime, channel: str, direction: str, topic: str,
    summary: str = "", result: str = "", policy_no: str = "", staff_id: UUID | None = None,
    satisfaction: int | None = None,
) -> None:  # fmt: skip
    """Write it once for each `source` and `source_key`. The room that calls has decided on access, and audits."""
    Touchpoint.objects.get_or_create(
        source=source, source_key=source_key,
        defaults={
            "party_id": party_id, "at": at, "channel": channel, "direction": direction, "topic": topic[:60],
            "summary": summary[:500], "result": result, "policy_no": policy_no, "staff_id": staff_id,
            "satisfaction": satisfaction,
        },
    )  # fmt: skip
