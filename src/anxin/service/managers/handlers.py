"""Customers or policies came in: whoever has no manager gets one at once (C12)."""

from __future__ import annotations

from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.managers import services


def batch_finished(event: BatchFinished) -> None:
    if {"customer", "policy"} & set(event.kinds_of):
        services.after_import(actor=Actor.system("managers"), now=clock.now())
