"""What the desk does when something happened elsewhere."""

from __future__ import annotations

from anxin.foundation.org.events import CalendarChanged
from anxin.service.desk import services, tasks
from anxin.service.desk.events import SeatChanged
from anxin.service.desk.services import pausing


def on_calendar_changed(event: CalendarChanged) -> None:
    """Count everything open anew at once, with progress to be seen, not only in the night."""
    services.start_recompute(
        now=event.at, calendar_id=event.calendar_id, unit_id=event.unit_id, version=event.version,
        task=tasks.recompute_now,
    )  # fmt: skip


def on_seat_changed(event: SeatChanged) -> None:
    """The queues of the exchange ring an agent, or leave them alone."""
    pausing.tell_queues(extension=event.extension)
