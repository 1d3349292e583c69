"""Who is on a break gets no call of a queue: the exchange is told of it, again until it has heard."""

from __future__ import annotations

import logging

from django.conf import settings

from anxin.foundation.channels import services as channels
from anxin.foundation.channels.data import Exchange, PauseRefused
from anxin.kernel import outbox
from anxin.service.desk.events import SeatChanged
from anxin.service.desk.models import Seat
from anxin.service.desk.rules.telephony import TAKING

log = logging.getLogger(__name__)


def changed(extension: str) -> None:
    """In the transaction that changed whether this telephone takes calls."""
    if settings.TELEPHONE is not None:
        outbox.publish(SeatChanged(extension=extension))


def tell_queues(*, extension: str) -> None:
    """Pause the telephone in the queues of the exchange, or take the pause back, as its seat is now.

    Raises LineDown."""
    exchange: Exchange | None = settings.TELEPHONE
    told: str | None = None
    # It may change again while the exchange is being told: what was told last must be what is.
    while exchange is not None and (state := _state_of(extension)) != told:
        try:
            channels.pause(exchange, extension=extension, is_paused=state not in TAKING, reason=state)
        except PauseRefused as error:
            log.info("%s", error)
            return
        told = state


def _state_of(extension: str) -> str:
    """ "" where nobody sits."""
    return Seat.objects.filter(extension=extension).values_list("state", flat=True).first() or ""
