"""Keeping segments: conditions and static lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.book.segments import access
from anxin.book.segments.models import Segment, SegmentMember
from anxin.book.segments.queries import members, own
from anxin.book.segments.rules import conditions
from anxin.book.segments.rules.conditions import Tree
from anxin.book.segments.services import sizing
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState

LONGEST_LIST: Final = 100_000


class NameTaken(ValueError):
    """The owner has a segment of this name."""


class NotTheOwner(PermissionError):
    """A shared segment is changed by whoever made it."""


class ListTooLong(ValueError):
    """A static list holds at most LONGEST_LIST customers."""


@transaction.atomic
def save_segment(
    *, actor: Actor, now: datetime, name: str, condition: Tree, note: str = "", is_shared: bool = False,
    segment_id: UUID | None = None, version: int = 0,
) -> Segment:  # fmt: skip
    """A new segment, or a change of one as its `version` was seen. Raises InvalidCondition, NameTaken, StaleState."""
    actor.require("segments.save")
    if codes := conditions.problems(condition, known=own.fields_of(condition)):
        raise members.InvalidCondition(codes)
    values = {"name": name.strip(), "note": note, "condition": condition, "is_shared": is_shared, "updated_at": now}
    try:
        with transaction.atomic():
            if segment_id is None:
                row = Segment.objects.create(
                    kind=Segment.Kind.CONDITION, owner_id=actor.user_id, created_at=now, **values
                )
            else:
                row = _own(actor, segment_id)
                changed = Segment.objects.filter(pk=row.pk, version=version).update(**values, version=F("version") + 1)
                if not changed:
                    raise StaleState("segment", row.version)
                row.refresh_from_db()
    except IntegrityError as error:
        raise NameTaken(name) from error
    sizing.size_one(actor, row, now=now)
    _record(actor, now, "segments.save", row)
    return row


@transaction.atomic
def save_list(
    *, actor: Actor, now: datetime, today: date, name: str, condition: Tree | None = None, refs: Sequence[str] = (),
    note: str = "", is_shared: bool = False,
) -> Segment:  # fmt: skip
    """A static list of who fulfils a condition now, or of the given customers, within the reach. Raises ListTooLong."""
    actor.require("segments.save")
    if condition is not None:
        keys = list(
            members.matching(actor, condition, today=today).values_list("party_id", flat=True)[: LONGEST_LIST + 1]
        )
    else:
        keys = [customers.get_party(actor, ref, "segments.view").pk for ref in dict.fromkeys(refs)]
    if len(keys) > LONGEST_LIST:
        raise ListTooLong
    try:
        with transaction.atomic():
            row = Segment.objects.create(
                kind=Segment.Kind.LIST, owner_id=actor.user_id, name=name.strip(), note=note, is_shared=is_shared,
                created_at=now, updated_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise NameTaken(name) from error
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=row, party_id=key) for key in keys], batch_size=5_000, ignore_conflicts=True
    )
    sizing.size_one(actor, row, now=now)
    _record(actor, now, "segments.save_list", row, len(keys))
    return row


@transaction.atomic
def remove_segment(*, actor: Actor, now: datetime, segment_id: UUID) -> None:
    actor.require("segments.save")
    row = _own(actor, segment_id)
    _record(actor, now, "segments.remove", row)
    row.delete()


def _own(actor: Actor, segment_id: UUID) -> Segment:
    row = access.get_segment(actor, segment_id)
    if row.owner_id != actor.user_id:
        raise NotTheOwner(row.name)
    return row


def _record(actor: Actor, now: datetime, action: str, row: Segment, rows: int | None = None) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="segment", object_id=row.id, object_ref=row.name[:60],
        detail={"kind": row.kind, "version": row.version} | ({"rows": rows} if rows is not None else {}),
    )  # fmt: skip
