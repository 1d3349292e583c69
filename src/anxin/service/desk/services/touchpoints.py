"""Recording contacts, their files, and what was agreed to come next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _
from anxin.service.desk import data
from anxin.service.desk.models import Touchpoint, TouchpointFile
from anxin.service.desk.services import moves, talking
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

MOST_FILES = 5
LONGEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Upload:
    """A file as it came in; `size` in bytes."""

    name: str
    content: BinaryIO
    size: int


def record_touchpoint(
    *, actor: Actor, now: datetime, ref: str, channel: str, direction: str, topic: str, summary: str = "",
    result: str = "", next_step: str = "", next_at: datetime | None = None, stage: str = "",
    satisfaction: int | None = None, at: datetime | None = None, files: Sequence[Upload] = (),
) -> UUID:  # fmt: skip
    """A contact with a customer, now or up to a month ago. With `next_at` the next step becomes an appointment in the
    work list of whoever records it. Raises NotPermitted, CustomerNotFound, Rejected."""
    party = customers.get_party(actor, ref, "desk.record")
    moment = at or now
    _check(channel, direction, topic, satisfaction, stage, now, moment, next_at, files)
    key = uuid7()
    with transaction.atomic():
        Touchpoint.objects.create(
            id=key, party=party, channel=channel, direction=direction, at=moment, topic=topic.strip()[:60],
            summary=summary.strip()[:500], result=result, next_step=next_step.strip()[:200], next_at=next_at,
            stage=stage, satisfaction=satisfaction, staff_id=actor.user_id, source="staff", source_key=str(key),
        )  # fmt: skip
        for one in files:
            kept = documents.store(actor=actor, now=now, name=one.name, content=one.content, purpose="contact")
            TouchpointFile.objects.create(
                touchpoint_id=key, document_id=kept.id, name=kept.name, added_by_id=actor.user_id, added_at=now
            )
        if next_at is not None:
            item = NewItem(
                kind=moves.APPOINTMENT, occurrence=str(key), starts_at=now, due_at=next_at, party_id=party.pk,
                owner_id=actor.user_id, unit_id=min(actor.unit_ids, default=party.unit_id),
                title=(next_step.strip() or topic.strip())[:120], subject_kind="touchpoint", subject_id=key,
            )  # fmt: skip
            worklist.ensure_items(now=now, items=[item])
        audit.record(
            actor=actor, now=now, action="desk.record_touchpoint", object_kind="party", object_id=party.pk,
            object_ref=party.ref, detail={"channel": channel, "direction": direction, "files": len(files)},
        )  # fmt: skip
    return key


def _check(
    channel: str, direction: str, topic: str, satisfaction: int | None, stage: str, now: datetime, moment: datetime,
    next_at: datetime | None, files: Sequence[Upload],
) -> None:  # fmt: skip
    if channel not in data.CHANNELS:
        raise Rejected("channel", _("Choose a channel."))
    if direction not in data.DIRECTIONS:
        raise Rejected("direction", _("Say who went to whom."))
    if not topic.strip():
        raise Rejected("topic", _("Say in a few words what it was about."))
    if stage and stage not in data.STAGES:
        raise Rejected("stage", _("Choose a stage of service."))
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise Rejected("satisfaction", _("Choose between 1 and 5."))
    if not now - timedelta(days=31) <= moment <= now:
        raise Rejected("at", _("A contact lies in the last 31 days."))
    if next_at is not None and not now < next_at <= now + LONGEST_AHEAD:
        raise Rejected("next_at", _("An appointment lies within the coming year."))
    if len(files) > MOST_FILES:
        raise Rejected("files", _("At most five files at once."))
    if any(one.size > talking.LARGEST_FILE for one in files):
        raise Rejected("files", _("A file may have at most 20 MB."))


def fetch_file(*, actor: Actor, now: datetime, file_id: UUID) -> tuple[TouchpointFile, Iterator[bytes]]:
    """A file of a contact with a customer within reach, in portions. Raises ContactNotFound, DocumentNotFound,
    DocumentDamaged."""
    row = TouchpointFile.objects.select_related("touchpoint__party").filter(pk=file_id).first()
    if row is None or row.document_id is None:
        raise data.ContactNotFound(str(file_id))
    party = row.touchpoint.party
    try:
        customers.get_party(actor, party.ref, "desk.view")
    except CustomerNotFound as error:
        raise data.ContactNotFound(str(file_id)) from error
    parts = talking.whole(row.document_id)
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="desk.fetch_contact_file", object_kind="party", object_id=party.pk,
            object_ref=party.ref,
        )  # fmt: skip
    return row, parts
