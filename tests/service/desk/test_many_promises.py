"""Many promises after a calendar changed: the same answers as one by one, in a job that can be killed."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.models import Job
from anxin.foundation.org import queries as calendars
from anxin.foundation.org import services as org
from anxin.foundation.org.models import CalendarDay, WorkingCalendar
from anxin.kernel import promises
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.promises import Clock, Measure, Pause, Term
from anxin.service.desk import services
from anxin.service.desk.models import Promise, Ticket
from anxin.service.desk.services import promising, recounting
from tests import build, outbox
from tests.build import NOW, Cast

pytestmark = pytest.mark.django_db


def fill(cast: Cast, count: int) -> None:
    """Open tickets with a promise or two, due as it is on the day they were opened."""
    dice = random.Random(5)
    tickets, rows = [], []
    for number in range(count):
        at = NOW - timedelta(minutes=dice.randrange(40_000))
        ticket = Ticket(
            id=uuid7(), number=f"X{number}", kind="query", type="query_policy", queue="general", channel="phone",
            state="new", subject="x", unit=cast.pudong, opened_at=at, changed_at=at, due_at=at, amber_at=at,
        )  # fmt: skip
        tickets.append(ticket)
        terms = [("resolve", Term(Measure.WORKING_DAYS, 5)), ("answer", Term(Measure.SUNSET, 0))]
        for kind, term in terms[: 1 + number % 2]:
            pauses = (Pause(at + timedelta(hours=3), None, "customer"),) if number % 7 == 0 else ()
            clock = Clock(term, at, pauses)
            rows.append(
                Promise(id=uuid7(), ticket=ticket, kind=kind, clock=promises.dump(clock), started_at=at, due_at=at,
                        amber_at=at, is_paused=clock.is_paused)
            )  # fmt: skip
    Ticket.objects.bulk_create(tickets, batch_size=5_000)
    Promise.objects.bulk_create(rows, batch_size=5_000)


def test_a_changed_calendar_starts_a_job_that_counts_everything_open_anew(cast: Cast) -> None:
    fill(cast, 40)
    services.recompute(now=NOW, amber=80)
    before = dict(Promise.objects.values_list("pk", "due_at"))
    calendar = WorkingCalendar.objects.get(code="site")
    told: dict[str, Any] = {"is_working": False, "hours": [], "name": "台风停工"}
    for day in (date(2026, 11, 24), date(2026, 11, 25)):
        org.set_day(actor=build.actor(cast.administrator), now=NOW, calendar_id=calendar.pk, day=day, **told)
    assert outbox.deliver() == 2
    first, last = Job.objects.filter(kind="desk.recompute").order_by("created_at", "pk")
    # The first finds that the calendar was changed again and leaves it to the second.
    assert jobs.run(first.pk, recounting.work_off, clock=lambda: NOW)
    assert dict(Promise.objects.values_list("pk", "due_at")) == before
    assert jobs.run(last.pk, recounting.work_off, clock=lambda: NOW)
    after = dict(Promise.objects.values_list("pk", "due_at"))
    last.refresh_from_db()
    assert last.message_values["moved"] == sum(before[key] != after[key] for key in before) > 0
    for ticket in Ticket.objects.all():
        rows = ticket.promises.filter(done_at=None)
        assert ticket.due_at == min(row.due_at for row in rows)
        assert all(row.due_at == promises.schedule(promises.load(row.clock), site(), NOW)[0] for row in rows)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_what_an_agent_set_while_promises_were_counted_stays(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    fill(cast, 4)
    ticket = Ticket.objects.filter(promises__is_paused=False).first()
    assert ticket is not None
    count = promising.promises.schedule_many

    def meanwhile(*given: Any) -> Any:
        counted = count(*given)
        row = Promise.objects.get(ticket=ticket, kind="resolve")
        row.clock = promises.dump(Clock(Term(Measure.NATURAL_DAYS, 90), NOW))
        row.due_at = NOW + timedelta(days=90)
        row.save()
        return counted

    monkeypatch.setattr(promising.promises, "schedule_many", meanwhile)
    if not is_guarded:
        monkeypatch.setattr(promising, "still_so", lambda found, _clocks: found)
    with CaptureQueriesContext(connection) as asked:
        services.recompute(now=NOW, amber=80)
    told = [one["sql"] for one in asked.captured_queries]
    locked = [place for place, text in enumerate(told) if "desk_ticket" in text and "FOR UPDATE" in text]
    written = [place for place, text in enumerate(told) if "desk_promise" in text and "t SET" in text]
    is_kept = Promise.objects.get(ticket=ticket, kind="resolve").due_at == NOW + timedelta(days=90)
    assert written and is_kept is is_guarded
    # The ticket before its promises, as moves do: else the two would wait for each other.
    assert (bool(locked) and locked[0] < written[0]) is is_guarded


def site() -> Any:
    return calendars.working_calendar()


@pytest.mark.slow
def test_a_hundred_thousand_promises_are_counted_anew_in_twenty_seconds(cast: Cast) -> None:
    fill(cast, 66_667)
    began = time.perf_counter()
    moved = services.recompute(now=NOW, amber=80)
    print(f"{moved:,} moved at first in {time.perf_counter() - began:.1f} s")
    calendar = WorkingCalendar.objects.get(code="site")
    CalendarDay.objects.create(calendar=calendar, date="2026-11-24", is_working=False, name="台风停工")
    began, processor = time.perf_counter(), time.process_time()
    moved = services.recompute(now=NOW, amber=80)
    took, own = time.perf_counter() - began, time.process_time() - processor
    print(f"{moved:,} of {Promise.objects.count():,} moved in {took:.1f} s, {own:.1f} s of the processor")
    assert moved > 0 and took <= 20
