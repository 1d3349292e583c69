"""What people do with work items, one by one or many at once.

Every change is one conditional UPDATE: the state it starts from and the version that was seen are part of its WHERE.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import F

from anxin.book.customers import queries as customers
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.permissions import Scope
from anxin.kernel.states import StaleState
from anxin.service.worklist import access, queries, rules
from anxin.service.worklist.data import Action, Bulk, ItemState, ItemView, Outcome
from anxin.service.worklist.models import WorkItem, WorkItemMove

# Up to so many moves are written row by row; more by COPY.
FEW = 200


class InvalidOutcome(ValueError):
    """No such outcome code for this kind of item, or one that needs a time to try again."""


class NoSuchColleague(ValueError):
    """Nobody of this id whom the actor may give work to."""


@transaction.atomic
def create(
    *, actor: Actor, now: datetime, title: str, due_at: datetime, kind: str = "task", party_ref: str = "",
    owner_id: UUID | None = None, priority: int = WorkItem.Priority.NORMAL, note: str = "",
) -> ItemView:  # fmt: skip
    """A task for oneself or, with `worklist.give`, for somebody within that scope. Raises NoSuchColleague,
    CustomerNotFound."""
    actor.require("worklist.work")
    if not title.strip():
        raise ValueError("A task needs a title.")
    party = customers.get_party(actor, party_ref) if party_ref else None
    owner = owner_id or actor.user_id
    unit_id = _may_give_to(actor, owner)
    if unit_id is None and party is not None:
        unit_id = party.unit_id
    key = uuid7()
    item = WorkItem.objects.create(
        id=key, kind=kind, title=title.strip(), party=party, owner_id=owner,
        given_by_id=actor.user_id if owner != actor.user_id else None, unit_id=unit_id, priority=priority,
        starts_at=now, due_at=due_at, occurrence=str(key), created_at=now,
    )  # fmt: skip
    remember([item.pk], Action.CREATE, actor, now, after=ItemState.OPEN, why=note)
    _record(actor, now, Action.CREATE, item)
    return queries.get_item(actor, key)


def complete(
    *, actor: Actor, now: datetime, item_id: UUID, version: int, outcome: str, note: str = "",
    again_at: datetime | None = None,
) -> ItemView:  # fmt: skip
    """Finish an item with an outcome code. A code that does not close leaves it open, put off until `again_at`.

    Raises InvalidOutcome, ItemNotFound, StaleState, IllegalTransition.
    """
    item = access.get_item(actor, item_id)
    code = _outcome(item.kind, outcome, now)
    if code.closes:
        changes: dict[str, Any] = {
            "state": ItemState.DONE, "outcome": outcome, "outcome_note": note, "finished_at": now,
            "finished_by_id": actor.user_id, "snoozed_until": None,
        }  # fmt: skip
        return _move(actor, now, item, version, Action.COMPLETE, changes, after=outcome, why=note)
    if again_at is not None:
        _check_snooze(again_at, now)
    changes = {"outcome": outcome, "outcome_note": note, "snoozed_until": again_at}
    return _move(actor, now, item, version, Action.ATTEMPT, changes, after=outcome, why=note)


def snooze(*, actor: Actor, now: datetime, item_id: UUID, version: int, until: datetime, why: str = "") -> ItemView:
    """Hide an open item until a time in the future; its due time stays what it was."""
    _check_snooze(until, now)
    item = access.get_item(actor, item_id)
    changes = {"snoozed_until": until}
    return _move(actor, now, item, version, Action.SNOOZE, changes, after=until.isoformat()[:40], why=why)


def hand_over(*, actor: Actor, now: datetime, item_id: UUID, version: int, to: UUID, why: str = "") -> ItemView:
    """Give an item to a colleague of the own unit, or with `worklist.give` to anybody within that scope.

    The item may leave the actor's reach. Raises NoSuchColleague, ItemNotFound, StaleState, IllegalTransition.
    """
    item = access.get_item(actor, item_id)
    unit_id = _may_hand_to(actor, to)
    changes = {"owner_id": to, "given_by_id": actor.user_id, "unit_id": unit_id or item.unit_id, "snoozed_until": None}
    return _move(actor, now, item, version, Action.HAND_OVER, changes, after=str(to), why=why)


def reopen(*, actor: Actor, now: datetime, item_id: UUID, version: int, why: str = "") -> ItemView:
    item = access.get_item(actor, item_id)
    changes = {
        "state": ItemState.OPEN, "outcome": "", "outcome_note": "", "finished_at": None, "finished_by_id": None,
        "snoozed_until": None,
    }  # fmt: skip
    return _move(actor, now, item, version, Action.REOPEN, changes, after=ItemState.OPEN, why=why)


def cancel(*, actor: Actor, now: datetime, item_id: UUID, version: int, why: str) -> ItemView:
    """Drop an item that need not be done, with the reason."""
    item = access.get_item(actor, item_id)
    changes = {"state": ItemState.CANCELLED, "finished_at": now, "finished_by_id": actor.user_id}
    return _move(actor, now, item, version, Action.CANCEL, changes, after=ItemState.CANCELLED, why=why)


def complete_many(*, actor: Actor, now: datetime, item_ids: Sequence[UUID], outcome: str, note: str = "") -> Bulk:
    """Finish many open items alike; those of a kind the code does not fit, or finished meanwhile, are left alone."""
    fitting = {kind for kind in rules.kinds() if any(one.code == outcome and one.closes for one in _all(kind, now))}
    if not fitting:
        raise InvalidOutcome(outcome)
    changes = {
        "state": ItemState.DONE, "outcome": outcome, "outcome_note": note, "finished_at": now,
        "finished_by_id": actor.user_id, "snoozed_until": None,
    }  # fmt: skip
    return _move_many(actor, now, item_ids, Action.COMPLETE, changes, after=outcome, why=note, kinds=fitting)


def snooze_many(*, actor: Actor, now: datetime, item_ids: Sequence[UUID], until: datetime, why: str = "") -> Bulk:
    _check_snooze(until, now)
    changes = {"snoozed_until": until}
    return _move_many(actor, now, item_ids, Action.SNOOZE, changes, after=until.isoformat()[:40], why=why)


def hand_over_many(*, actor: Actor, now: datetime, item_ids: Sequence[UUID], to: UUID, why: str = "") -> Bulk:
    unit_id = _may_hand_to(actor, to)
    changes: dict[str, Any] = {"owner_id": to, "given_by_id": actor.user_id, "snoozed_until": None}
    if unit_id is not None:
        changes["unit_id"] = unit_id
    return _move_many(actor, now, item_ids, Action.HAND_OVER, changes, after=str(to), why=why)


@transaction.atomic
def _move(
    actor: Actor, now: datetime, item: WorkItem, version: int, action: Action, changes: dict[str, Any], *, after: str,
    why: str,
) -> ItemView:  # fmt: skip
    rules.WORKFLOW.move(item.state, action)
    changed = WorkItem.objects.filter(pk=item.pk, version=version, state=item.state).update(
        **changes, version=F("version") + 1
    )
    if not changed:
        raise _stale(item.pk)
    remember([item.pk], action, actor, now, before=item.state, after=after, why=why)
    _record(actor, now, action, item)
    return queries.views_of([item.pk])[0]


@transaction.atomic
def _move_many(
    actor: Actor, now: datetime, item_ids: Sequence[UUID], action: Action, changes: dict[str, Any], *, after: str,
    why: str, kinds: set[str] | None = None,
) -> Bulk:  # fmt: skip
    wanted = list(dict.fromkeys(item_ids))
    rows = access.visible_items(actor).filter(pk__in=wanted, state=ItemState.OPEN)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    # Locked in one order, so that two bulk changes of the same items never wait for one another in a circle.
    found = list(WorkItem.objects.filter(pk__in=rows.values("pk")).select_for_update().order_by("pk"))
    ids = [item.pk for item in found if item.state == ItemState.OPEN]
    WorkItem.objects.filter(pk__in=ids).update(**changes, version=F("version") + 1)
    remember(ids, action, actor, now, before=ItemState.OPEN, after=after, why=why)
    if ids:
        audit.record(
            actor=actor, now=now, action=f"worklist.{action}", object_kind="work_items", detail={"count": len(ids)}
        )
    return Bulk(done=ids, skipped=len(wanted) - len(ids))


def _stale(item_id: UUID) -> StaleState:
    item = WorkItem.objects.get(pk=item_id)
    last = WorkItemMove.objects.filter(item=item_id).order_by("-at", "-id").first()
    return StaleState(item.state, item.version, last.actor_name if last else None, last.at if last else None)


def remember(
    ids: Sequence[UUID], action: str, actor: Actor, now: datetime, *, before: str = "", after: str = "", why: str = ""
) -> None:
    said = {
        "action": action, "before": before, "after": after, "actor_id": actor.user_id,
        "actor_name": actor.display_name, "at": now, "why": why,
    }  # fmt: skip
    if len(ids) <= FEW:
        WorkItemMove.objects.bulk_create([WorkItemMove(item_id=key, **said) for key in ids])
        return
    keys, _bytes = bulk.new_keys(len(ids))
    frame = pl.DataFrame({"id": keys, "item_id": [str(key) for key in ids]}).with_columns(
        pl.lit(str(value) if isinstance(value, UUID) else value).alias(name) for name, value in said.items()
    )
    bulk.copy_frame(WorkItemMove._meta.db_table, frame)


def _record(actor: Actor, now: datetime, action: str, item: WorkItem) -> None:
    audit.record(
        actor=actor, now=now, action=f"worklist.{action}", object_kind="work_item", object_id=item.pk,
        detail={"kind": item.kind},
    )  # fmt: skip


def _all(kind: str, now: datetime) -> Sequence[Outcome]:
    return queries.outcomes(kind, now=now)


def _outcome(kind: str, code: str, now: datetime) -> Outcome:
    found = next((outcome for outcome in _all(kind, now) if outcome.code == code), None)
    if found is None:
        raise InvalidOutcome(code)
    return found


def _check_snooze(until: datetime, now: datetime) -> None:
    if not now < until <= now + rules.LONGEST_SNOOZE:
        raise ValueError("An item is put off to a time between now and a year ahead.")


def _may_give_to(actor: Actor, owner: UUID | None) -> UUID | None:
    """The unit the owner's items belong to. Raises NoSuchColleague for somebody the actor may not give work to."""
    if owner is None or owner == actor.user_id:
        return next(iter(sorted(actor.unit_ids)), None)
    return _unit_within(actor, owner, "worklist.give")


def _may_hand_to(actor: Actor, to: UUID) -> UUID | None:
    if actor.may("worklist.give"):
        return _unit_within(actor, to, "worklist.give")
    actor.require("worklist.work")
    if to == actor.user_id:
        return None
    if to not in org.colleagues_of(actor):
        raise NoSuchColleague(str(to))
    return next(iter(sorted(actor.unit_ids)), None)


def _unit_within(actor: Actor, to: UUID, permission: str) -> UUID | None:
    if actor.scope(permission) is Scope.ALL and actor.is_system:
        return None
    if not org.find_staff(actor, permission=permission, ids=[to], limit=1):
        raise NoSuchColleague(str(to))
    return org.unit_of(to)
