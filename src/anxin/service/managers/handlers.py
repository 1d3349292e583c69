"""Policies came in: from signing on the customer has a manager (C12).

An import of customers alone moves nobody before the night: until then it can be taken back whole, which would leave
every file that somebody got since.
"""

from __future__ import annotations

from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.managers import services


def batch_finished(event: BatchFinished) -> None:
    if "policy" in event.kinds_of:
        services.after_import(actor=Actor.system("managers"), now=clock.now())
