"""How events travel: stored in the transaction of what happened, delivered at least once by a worker.

The queue's table is the outbox. One delivery per event and handler, so that a handler that fails holds up no other;
it is tried again for about a day. A handler may therefore see an event twice, or late, or before an older one.
"""

from __future__ import annotations

from typing import Any, Final

from procrastinate import App, RetryStrategy

from anxin.kernel.events import Event, EventError, event_type, handler_name, handlers_for

TASK: Final = "events.deliver"
QUEUE: Final = "events"
# 2, 4, 8 … seconds: the last attempt comes about 18 hours after the first.
RETRY: Final = RetryStrategy(max_attempts=16, exponential_wait=2)


def publish(event: Event) -> int:
    """Send `event` to all who listen, in the transaction of the caller: rolled back, it never happened.

    Returns the number of deliveries stored; an event nobody listens to leaves nothing.
    """
    from procrastinate.contrib.django import app

    names = [handler_name(handler) for handler in handlers_for(event.name)]
    data: dict[str, Any] = dict(event.to_json())
    for name in names:
        app.configure_task(TASK, queue=QUEUE).defer(event=event.name, handler=name, data=data)
    return len(names)


def deliver(event: str, handler: str, data: dict[str, Any]) -> None:
    """Hand a stored event to one handler. EventError when a release has taken the event or the handler away."""
    kind = event_type(event)
    for known in handlers_for(event):
        if handler_name(known) == handler:
            known(kind.from_json(data))
            return
    raise EventError(f"Nobody called “{handler}” listens to “{event}”.")


def connect(app: App) -> None:
    """Make delivering a task of the worker (PROCRASTINATE_ON_APP_READY)."""
    app.task(name=TASK, queue=QUEUE, retry=RETRY)(deliver)
