"""The same change to many customers: tag, untag, assign to a manager. A job with preview, progress and errors by row.

What is changed is named by a selection: single references, or a whole filter. The filter may hold a name or a number
somebody typed, so it is sealed wherever it is kept.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anxin.book.customers import access
from anxin.book.customers.models import Custody, Party, PartyTag, Tag
from anxin.book.customers.queries import listing
from anxin.book.customers.queries.conditions import CustomerFilter
from anxin.book.customers.services import custody
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.org import queries as org
from anxin.kernel import vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _

CHUNK: Final = 1_000
MOST_REFS: Final = 500
ERRORS_KEPT: Final = 100
KIND: Final = "customers.bulk"


class BulkError(ValueError):
    """The work cannot begin. The message is an English text of the catalogue."""


class Action(StrEnum):
    TAG = "tag"
    UNTAG = "untag"
    ASSIGN = "assign"

    @property
    def permission(self) -> str:
        return "customers.assign" if self is Action.ASSIGN else "customers.tag"


class Reason(StrEnum):
    """Why one row was left alone."""

    NOT_IN_REACH = "not_in_reach"
    GONE = "gone"
    NO_ROOM = "no_room"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Single customers by reference, or (without any) everyone a filter means."""

    refs: tuple[str, ...] = ()
    wanted: CustomerFilter = field(default_factory=CustomerFilter)

    @property
    def is_whole(self) -> bool:
        return not self.refs

    def seal(self) -> dict[str, str]:
        """For job arguments: opaque text and the key it belongs to."""
        key = uuid7()
        text = json.dumps({"refs": list(self.refs), "filter": self.wanted.to_json()})
        sealed = vault.ring().seal(text, table="jobs_job", column="arguments", row=key)
        return {"selection": base64.b64encode(sealed).decode(), "selection_key": str(key)}

    @classmethod
    def open(cls, arguments: Mapping[str, Any]) -> Selection:
        text = vault.ring().open(
            base64.b64decode(arguments["selection"]),
            table="jobs_job",
            column="arguments",
            row=UUID(arguments["selection_key"]),
        )
        data = json.loads(text)
        return cls(refs=tuple(data["refs"]), wanted=CustomerFilter.from_json(data["filter"]))


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What bulk work would touch: how many are selected, and how many of them the actor may change."""

    selected: int
    within_reach: int
    is_too_many: bool

    @property
    def left_alone(self) -> int:
        return self.selected - self.within_reach


def preview(actor: Actor, selection: Selection, *, permission: str, today: date) -> Preview:
    """Count before anything happens. Raises NotPermitted without `permission`."""
    actor.require(permission)
    rows = _selected(actor, selection, today)
    ceiling = listing.BULK_AT_MOST + 1
    selected = rows.values("pk")[:ceiling].count()
    within = rows.filter(access.reach(actor, permission)).values("pk")[:ceiling].count()
    return Preview(selected=selected, within_reach=within, is_too_many=selected > listing.BULK_AT_MOST)


def start(
    *, actor: Actor, now: datetime, action: Action, selection: Selection, task: jobs.QueuedTask, tag: str = "",
    manager_id: UUID | None = None, reason: str = "", title: str, is_beyond: bool = False,
) -> JobView:  # fmt: skip
    """Queue the change. TAG makes the tag if it is new; ASSIGN takes only managers within the actor's reach, and stops
    where their room ends unless it `is_beyond`.

    Raises NotPermitted and BulkError.
    """
    actor.require(action.permission)
    if len(selection.refs) > MOST_REFS:
        raise BulkError(_("Too many customers were ticked. Use the whole filtered set instead."))
    total = preview(actor, selection, permission=action.permission, today=_today(now))
    if total.is_too_many:
        raise BulkError(_("More than 100,000 customers are meant. Narrow the filter first."))
    if not total.within_reach:
        raise BulkError(_("None of these customers may be changed by you."))
    arguments: dict[str, Any] = {"action": str(action), **selection.seal()}
    if action is Action.ASSIGN:
        if manager_id is None or not org.find_staff(actor, permission="customers.assign", ids=[manager_id]):
            raise BulkError(_("Choose a customer manager within your reach."))
        if is_beyond:
            actor.require(custody.BEYOND)
        arguments |= {"manager": str(manager_id), "reason": reason[:200], "beyond": is_beyond}
    else:
        arguments["tag"] = str(_tag(action, tag, now).id)
    return jobs.start(
        actor=actor, now=now, kind=KIND, title=title, arguments=arguments, task=task, total=total.selected
    )


def work(running: jobs.Running) -> Finished:
    """The work of the job, in chunks that are each one transaction. A second attempt goes on behind the last chunk."""
    arguments = running.arguments
    action = Action(arguments["action"])
    selection = Selection.open(arguments)
    actor = running.actor
    today = _today(running.clock())
    kept = dict(running.result)
    counts: Counter[str] = Counter(kept.get("counts", {}))
    errors: list[dict[str, str]] = list(kept.get("errors", []))
    after = UUID(kept["after"]) if kept.get("after") else None
    change = _CHANGES[action](actor, arguments)
    while True:
        with transaction.atomic():
            running.fence()
            ids = _next_ids(actor, selection, today, after)
            if not ids:
                break
            parties = {
                party.pk: party
                for party in Party.objects.select_for_update()
                .filter(pk__in=ids, state=Party.State.ACTIVE)
                .order_by("pk")
                .only("id", "ref", "manager_id", "version")
            }
            allowed = set(
                Party.objects.filter(access.reach(actor, action.permission), pk__in=ids).values_list("pk", flat=True)
            )
            touched, no_room = change(
                [parties[key] for key in ids if key in parties and key in allowed], running.clock()
            )
            left = [("", Reason.GONE) for key in ids if key not in parties]
            left += [(parties[key].ref, Reason.NOT_IN_REACH) for key in ids if key in parties and key not in allowed]
            left += [(party.ref, Reason.NO_ROOM) for party in no_room]
            errors += [{"ref": ref, "reason": str(why)} for ref, why in left[: max(0, ERRORS_KEPT - len(errors))]]
            counts["failed"] += len(left)
            counts["changed"] += len(touched)
            counts["unchanged"] += len(ids) - len(left) - len(touched)
            audit.record_many(
                actor=actor,
                now=running.clock(),
                action=f"customers.{action}",
                object_kind="party",
                objects=[(party.pk, party.ref) for party in touched],
                reason=str(arguments.get("reason", "")),
                detail={"bulk": str(running.job_id)}
                | ({"fields": ["manager", "beyond_capacity"]} if arguments.get("beyond") else {}),
            )
            after = ids[-1]
            running.progress(sum(counts.values()), keep={"counts": dict(counts), "errors": errors, "after": str(after)})
    return Finished(
        message=_("%(changed)s changed, %(unchanged)s were so already, %(failed)s left alone."),
        values={name: counts[name] for name in ("changed", "unchanged", "failed")},
        result={"counts": dict(counts), "errors": errors},
    )


class Changed(NamedTuple):
    """Whom a change touched, and whom it left alone because their new manager has no room. The rest were so already."""

    touched: Sequence[Party]
    no_room: Sequence[Party] = ()


Change = Callable[[Sequence[Party], datetime], Changed]


def _tagging(actor: Actor, arguments: Mapping[str, Any]) -> Change:
    tag_id = UUID(arguments["tag"])

    def change(parties: Sequence[Party], now: datetime) -> Changed:
        has = set(PartyTag.objects.filter(tag=tag_id, party__in=parties).values_list("party_id", flat=True))
        new = [party for party in parties if party.pk not in has]
        PartyTag.objects.bulk_create(
            [PartyTag(party=party, tag_id=tag_id, tagged_by_id=actor.user_id, created_at=now) for party in new],
            ignore_conflicts=True,
        )
        return Changed(new)

    return change


def _untagging(actor: Actor, arguments: Mapping[str, Any]) -> Change:
    tag_id = UUID(arguments["tag"])

    def change(parties: Sequence[Party], now: datetime) -> Changed:
        rows = PartyTag.objects.filter(tag=tag_id, party__in=parties)
        has = set(rows.values_list("party_id", flat=True))
        rows.delete()
        return Changed([party for party in parties if party.pk in has])

    return change


def _assigning(actor: Actor, arguments: Mapping[str, Any]) -> Change:
    manager_id = UUID(arguments["manager"])

    def change(parties: Sequence[Party], now: datetime) -> Changed:
        moved = wanted = [party for party in parties if party.manager_id != manager_id]
        if wanted:
            try:
                custody.check_room(
                    actor=actor, now=now, manager_id=manager_id, party_ids=[party.pk for party in wanted],
                    is_beyond=bool(arguments.get("beyond")),
                )  # fmt: skip
            except custody.NoRoom as full:
                moved = wanted[: full.room.customers]
        Custody.objects.filter(party__in=moved, until_at__isnull=True).update(until_at=now)
        Custody.objects.bulk_create(
            Custody(
                party=party,
                manager_id=manager_id,
                from_at=now,
                reason=str(arguments.get("reason", "")),
                assigned_by_id=actor.user_id,
            )
            for party in moved
        )
        Party.objects.filter(pk__in=[party.pk for party in moved]).update(
            manager_id=manager_id, version=F("version") + 1, updated_at=now
        )
        return Changed(moved, wanted[len(moved) :])

    return change


_CHANGES: Final = {Action.TAG: _tagging, Action.UNTAG: _untagging, Action.ASSIGN: _assigning}


def _selected(actor: Actor, selection: Selection, today: date) -> Any:
    if selection.is_whole:
        return listing.reached(actor, selection.wanted, today)
    return access.visible_parties(actor).filter(ref__in=selection.refs)


def _next_ids(actor: Actor, selection: Selection, today: date, after: UUID | None) -> list[UUID]:
    rows = _selected(actor, selection, today)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _tag(action: Action, name: str, now: datetime) -> Tag:
    name = " ".join(name.split())[:40]
    if not name:
        raise BulkError(_("Name the tag."))
    found = Tag.objects.filter(name=name).first()
    if found is None and action is Action.UNTAG:
        raise BulkError(_("There is no such tag."))
    return found or Tag.objects.get_or_create(name=name, defaults={"created_at": now})[0]


def _today(now: datetime) -> date:
    return timezone.localtime(now, timezone.get_default_timezone()).date()
