"""Working calendars and their days."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from anxin.foundation.audit import services as audit
from anxin.foundation.org import access, events, rules
from anxin.foundation.org.data import CalendarNotFound, CodeTaken
from anxin.foundation.org.models import CalendarDay, WorkingCalendar
from anxin.kernel import holidays, outbox
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.permissions import Scope

SITE = "site"


def ensure_site_calendar(*, this_year: int) -> None:
    """The site's own calendar on first start: office hours, public holidays of last year, this one and the next."""
    if WorkingCalendar.objects.exists():
        return
    with transaction.atomic():
        calendar = WorkingCalendar.objects.create(code=SITE, name="全公司", weekly_hours=rules.weekly())
        for year in range(this_year - 1, this_year + 2):
            _fill(calendar, year)


def create_calendar(
    *, actor: Actor, now: datetime, code: str, name: str, unit_id: UUID | None, weekly_hours: dict[str, list[list[str]]]
) -> WorkingCalendar:
    """A calendar for a unit and everything under it. Raises UnitNotFound, CodeTaken."""
    _require(actor, unit_id)
    try:
        with transaction.atomic():
            calendar = WorkingCalendar.objects.create(code=code, name=name, unit_id=unit_id, weekly_hours=weekly_hours)
            _record(actor, now, "org.create_calendar", calendar, {})
    except IntegrityError as error:
        raise CodeTaken(code) from error
    return calendar


def change_hours(
    *, actor: Actor, now: datetime, calendar_id: UUID, name: str, weekly_hours: dict[str, list[list[str]]]
) -> None:
    with transaction.atomic():
        calendar = _calendar(actor, calendar_id)
        WorkingCalendar.objects.filter(pk=calendar.pk).update(name=name, weekly_hours=weekly_hours)
        _record(actor, now, "org.change_calendar", calendar, {"fields": ["name", "weekly_hours"]})


def fill_year(*, actor: Actor, now: datetime, calendar_id: UUID, year: int) -> int:
    """Take over the published holidays of a year; days already in the table stay. Returns how many were added."""
    with transaction.atomic():
        calendar = _calendar(actor, calendar_id)
        added = _fill(calendar, year)
        _record(actor, now, "org.fill_year", calendar, {"year": year, "days": added})
    return added


def set_day(
    *, actor: Actor, now: datetime, calendar_id: UUID, day: date, is_working: bool, hours: list[list[str]], name: str
) -> None:
    """Make one day differ from the week: off, or worked (without hours: as on a usual day)."""
    with transaction.atomic():
        calendar = _calendar(actor, calendar_id)
        CalendarDay.objects.update_or_create(
            calendar=calendar, date=day,
            defaults={
                "is_working": is_working, "hours": hours if is_working else [], "name": name, "is_published": True,
            },
        )  # fmt: skip
        _record(actor, now, "org.set_day", calendar, {"date": day.isoformat(), "is_working": is_working})


def remove_day(*, actor: Actor, now: datetime, calendar_id: UUID, day_id: UUID) -> None:
    """The day follows the week again."""
    with transaction.atomic():
        calendar = _calendar(actor, calendar_id)
        day = CalendarDay.objects.filter(pk=day_id, calendar=calendar).first()
        if day is None:
            raise CalendarNotFound(str(day_id))
        day.delete()
        _record(actor, now, "org.remove_day", calendar, {"date": day.date.isoformat()})


def _fill(calendar: WorkingCalendar, year: int) -> int:
    known = set(calendar.days.filter(date__year=year).values_list("date", flat=True))
    days = [
        CalendarDay(calendar=calendar, date=day, is_working=rule.is_working, name=rule.name, is_published=True)
        for day, rule in holidays.exceptions_for(year).items()
        if day not in known
    ]
    CalendarDay.objects.bulk_create(days)
    return len(days)


def _require(actor: Actor, unit_id: UUID | None) -> None:
    if unit_id is not None:
        access.get_unit(actor, unit_id, "org.edit")
    elif actor.require("org.edit") is not Scope.ALL:
        raise NotPermitted("org.edit")


def _calendar(actor: Actor, calendar_id: UUID) -> WorkingCalendar:
    calendar = WorkingCalendar.objects.select_for_update().filter(pk=calendar_id).first()
    if calendar is None:
        raise CalendarNotFound(str(calendar_id))
    _require(actor, calendar.unit_id)
    return calendar


def _record(actor: Actor, now: datetime, action: str, calendar: WorkingCalendar, detail: dict[str, object]) -> None:
    """The trail, and the news for whoever counts by this calendar."""
    WorkingCalendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
    outbox.publish(
        events.CalendarChanged(
            calendar_id=calendar.pk, unit_id=calendar.unit_id, version=calendar.version + 1, at=now
        )
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action=action, object_kind="calendar", object_id=calendar.pk, object_ref=calendar.code,
        detail=detail,
    )  # fmt: skip
