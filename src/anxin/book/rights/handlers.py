"""What an approval sets off here."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from anxin.book.rights import services, tasks
from anxin.foundation.approvals.data import RequestView
from anxin.kernel.actor import Actor


def on_erasure_approved(actor: Actor, now: datetime, approval: RequestView) -> None:
    """The erasure becomes a job in the transaction of the decision."""
    services.start_erasure(actor, now, approval, tasks.erase_person)


def erasure_page(approval: RequestView) -> str:
    """The request that an erasure was asked for with, if there is one."""
    request = approval.payload.get("request")
    return reverse("rights:request", args=[request]) if request else ""
