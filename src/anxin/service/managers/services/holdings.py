"""What this room holds of a person: the copy they get, and forgetting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.book.customers.queries import merged
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _
from anxin.service.managers.models import Assistant, Decision, Given, Waiting


def export(party_id: UUID) -> Iterator[Records]:
    """Who helped with the customer, how they came to their managers, and the service they were given."""
    members = merged.members(party_id)
    yield privacy.records_of(
        "assistants", _("Assistants"), Assistant.objects.filter(party__in=members).order_by("from_at"),
        labels={"user__display_name": _("Name"), "line": _("Line"), "from_at": _("From"), "until_at": _("Up to")},
    )  # fmt: skip
    yield privacy.records_of(
        "allocations", _("Allocation to managers"),
        Decision.objects.filter(party__in=members, state=Decision.State.APPLIED).order_by("run__asked_at", "id"),
        labels={"run__asked_at": _("When"), "after__display_name": _("Customer manager"), "reason": _("Reason")},
    )  # fmt: skip
    yield privacy.records_of(
        "service_given", _("Service given"), Given.objects.filter(party__in=members).order_by("given_on"),
        labels={"item": _("Service item"), "given_on": _("Day"), "note": _("Remark")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """Restricted: nobody helps and nobody looks for a manager any more. Erased: all goes."""
    members = merged.members(party_id)
    Assistant.objects.filter(party__in=members, until_at__isnull=True).update(until_at=now)
    yield Erased(table="managers_waiting", removed=Waiting.objects.filter(party__in=members).delete()[0])
    if mode is not Mode.ERASE:
        return
    yield Erased(table="managers_assistant", removed=Assistant.objects.filter(party__in=members).delete()[0])
    yield Erased(table="managers_decision", removed=Decision.objects.filter(party__in=members).delete()[0])
    yield Erased(table="managers_given", removed=privacy.remove_rows(Given, Given.objects.filter(party__in=members)))


HOLDINGS: Final = Holdings(
    room="managers",
    covers=frozenset({"Assistant", "Decision", "Given", "Waiting"}),
    export=export,
    erase=erase,
    keeps={
        "Run": _("Why customers changed hands: about staff, without anything that says which customer."),
        "Ceiling": _("Remarks about the capacity of staff."),
    },
)
