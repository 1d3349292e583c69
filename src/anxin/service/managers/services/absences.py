"""Somebody is away: the deputy has the customers for the time, with their open tasks, and gives them back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import polars as pl
from django.db import IntegrityError, transaction

from anxin.book.customers.queries import custody
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.managers import access, rules
from anxin.service.managers.data import ABSENCES, ManagerNotFound, Reason, Refused, RunKind, RunState
from anxin.service.managers.models import Absence, Run
from anxin.service.managers.queries import frames
from anxin.service.managers.services import applying, planning

LONGEST: Final = timedelta(days=366)
State = Absence.State


@transaction.atomic
def announce(
    *, actor: Actor, now: datetime, user_id: UUID, deputy_id: UUID, first: date, last: date, cause: str
) -> UUID:
    """Both days included. One that begins today or before begins at once. Raises ManagerNotFound and Refused."""
    access.check_staff(actor, user_id, "managers.allocate")
    today = rules.day_of(now)
    if last < first or last < today or last - first > LONGEST:
        raise Refused(_("Give a period that is not over, of a year at most."))
    if deputy_id == user_id:
        raise Refused(_("Choose somebody else as deputy."))
    try:
        access.check_staff(actor, deputy_id, "managers.allocate")
    except ManagerNotFound as error:
        raise Refused(_("Choose a customer manager within your reach.")) from error
    if Absence.objects.filter(
        user=deputy_id, state__in=[State.COMING, State.RUNNING], first__lte=last, last__gte=first
    ):
        raise Refused(_("The deputy is away in that time, too."))
    try:
        with transaction.atomic():
            row = Absence.objects.create(
                user_id=user_id, deputy_id=deputy_id, cause=cause if cause in ABSENCES else "other", first=first,
                last=last, made_by_id=actor.user_id, made_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("This manager is announced as away already.")) from error
    _record(actor, now, "managers.announce_absence", row)
    if first <= today:
        _begin(row, actor, now)
    return row.pk


@transaction.atomic
def end(*, actor: Actor, now: datetime, absence_id: UUID) -> None:
    """Back earlier, or not away at all. Raises ManagerNotFound for one that is over or out of reach."""
    staff = access.staff_of(actor, "managers.allocate")
    row = (
        Absence.objects.select_for_update()
        .filter(access.as_ids(staff, "user"), pk=absence_id, state__in=[State.COMING, State.RUNNING])
        .first()
    )
    if row is None:
        raise ManagerNotFound(str(absence_id))
    _end(row, actor, now, State.CANCELLED if row.state == State.COMING else State.OVER)
    _record(actor, now, "managers.end_absence", row)


def follow_calendar(*, actor: Actor, now: datetime) -> tuple[int, int]:
    """Begin what begins, end what is over; returns how many of each."""
    today = rules.day_of(now)
    over = list(Absence.objects.filter(state__in=[State.RUNNING, State.COMING], last__lt=today).order_by("pk"))
    for row in over:
        with transaction.atomic():
            _end(row, actor, now, State.OVER)
    due = list(Absence.objects.filter(state=State.COMING, first__lte=today).order_by("pk"))
    for row in due:
        with transaction.atomic():
            _begin(row, actor, now)
    return len(due), len(over)


def _begin(row: Absence, actor: Actor, now: datetime) -> None:
    if not Absence.objects.filter(pk=row.pk, state=State.COMING).update(state=State.RUNNING):
        return
    found = frames.in_force(now)
    run = Run.objects.create(
        kind=RunKind.ABSENCE, state=RunState.APPLYING, scheme_version=found.version, unit_id=org.unit_of(row.user_id),
        manager_id=row.user_id, target_id=row.deputy_id, asked_by_id=actor.user_id, asked_at=now,
    )  # fmt: skip
    people = custody.frame(planning.theirs(run))
    plan = people.select(
        "party", pl.col("manager").alias("before"), pl.lit(row.deputy_id.hex).alias("after"),
        pl.lit(Reason.DEPUTY.value).alias("reason"),
        *(pl.lit(0, dtype=pl.Int64).alias(name) for name in ("rule", "load", "level")), pl.lit("").alias("place"),
        pl.lit(0, dtype=pl.Int64).alias("weight"),
    )  # fmt: skip
    planning.write(run, plan)
    Run.objects.filter(pk=run.pk).update(summary=planning.summary_of(plan))
    run.refresh_from_db()
    Absence.objects.filter(pk=row.pk).update(run_id=run.pk)
    while rows := applying.next_of(run, is_undo=False):
        applying.apply(run, rows, now, actor=actor)
    applying.finish(run, now)


def _end(row: Absence, actor: Actor, now: datetime, state: str) -> None:
    if not Absence.objects.filter(pk=row.pk, state__in=[State.COMING, State.RUNNING]).update(state=state):
        return
    run = Run.objects.filter(pk=row.run_id, state=RunState.DONE).first() if row.run_id else None
    if run is None:
        return
    Run.objects.filter(pk=run.pk).update(state=RunState.UNDOING, undone_by_id=actor.user_id, undone_at=now)
    run.refresh_from_db()
    while rows := applying.next_of(run, is_undo=True):
        applying.give_back(run, rows, now, actor=actor)
    applying.finish(run, now)


def _record(actor: Actor, now: datetime, action: str, row: Absence) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="user", object_id=row.user_id,
        detail={"first": row.first.isoformat(), "last": row.last.isoformat()},
    )  # fmt: skip
