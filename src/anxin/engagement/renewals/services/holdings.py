"""What renewals hold of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from anxin.book.customers.queries import merged
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _


def export(party_id: UUID) -> Iterator[Records]:
    """What the customer said about renewing."""
    yield privacy.records_of(
        "renewals", _("Renewals"), Renewal.objects.filter(party__in=merged.members(party_id)).order_by("expiry_date"),
        labels={"policy__policy_no": _("Policy no."), "expiry_date": _("Cover ends"), "state": _("Status"),
                "intention": _("Intention"), "reason": _("Reason"), "note": _("Note"), "next_date": _("Next date")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    """Restricted: nobody asks any more. Erased: what was said goes, the figure stays."""
    rows = Renewal.objects.filter(party__in=merged.members(party_id))
    left = rows.filter(state=Renewal.State.OPEN).update(
        state=Renewal.State.EXCLUDED, changed_at=now, version=F("version") + 1
    )
    if mode is Mode.RESTRICT:
        yield Erased(table="renewals_renewal", blanked=left)
        return
    keys = list(rows.values_list("pk", flat=True))
    rows.update(note="", next_date=None)
    privacy.forget_history(Renewal, keys)
    if keys:
        yield Erased(
            table="renewals_renewal", blanked=len(keys), kept=len(keys),
            why_kept=_("Figures of the business, without anything that says who."),
        )  # fmt: skip


HOLDINGS: Final = Holdings(room="renewals", covers=frozenset({"Renewal"}), export=export, erase=erase)
