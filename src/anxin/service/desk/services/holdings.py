"""What contacts hold of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.book.customers.queries import merged
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _
from anxin.service.desk.models import Touchpoint


def export(party_id: UUID) -> Iterator[Records]:
    """Every contact."""
    yield privacy.records_of(
        "touchpoints", _("Contacts"),
        Touchpoint.objects.filter(party__in=merged.members(party_id)).order_by("at", "id"),
        labels={"at": _("When"), "channel": _("Channel"), "direction": _("Direction"), "topic": _("Topic"),
                "summary": _("Summary"), "result": _("Result"), "next_step": _("Next step"),
                "policy_no": _("Policy no."), "satisfaction": _("Satisfaction")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    """The contact stays as a figure; what was said goes."""
    if mode is not Mode.ERASE:
        return
    rows = Touchpoint.objects.filter(party__in=merged.members(party_id))
    keys = list(rows.values_list("pk", flat=True))
    done = rows.update(summary="", next_step="", policy_no="", result="")
    privacy.forget_history(Touchpoint, keys)
    if done:
        yield Erased(
            table="desk_touchpoint", blanked=done, kept=done,
            why_kept=_("Figures of the business, without anything that says who."),
        )  # fmt: skip


HOLDINGS: Final = Holdings(room="desk", covers=frozenset({"Touchpoint"}), export=export, erase=erase)
