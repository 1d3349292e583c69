"""What others tell this room."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from anxin.book.customers.queries import persons
from anxin.book.customers.services import attention
from anxin.foundation.approvals.data import RequestView
from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import clock

AT_ONCE = 2_000


def on_batch_finished(event: BatchFinished) -> None:
    """Customers that came with a file are looked for on the attention list. Any number of times with the same end."""
    if "customer" not in event.kinds_of:
        return
    for keys in persons.of_batch(event.batch_id, at_once=AT_ONCE):
        with transaction.atomic():
            attention.match_parties(keys, now=clock.now())


def attention_page(request: RequestView) -> str:
    """Where a request about the attention list leads."""
    if request.kind == attention.BATCH:
        return reverse("customers:attention-list") + "?state=proposed"
    return reverse("customers:attention-entry", args=[request.subject_id]) if request.subject_id else ""
