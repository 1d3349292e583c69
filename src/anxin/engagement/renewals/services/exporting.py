"""The filtered list as a file, made by a job. No cell is a formula; the file is kept for whoever asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy

from anxin.book.customers.services import volume
from anxin.engagement.renewals import queries, rules
from anxin.engagement.renewals.data import Intention, Period, RenewalFilter, RenewalState, RenewalView, Whose
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "renewals.export"
INTENTIONS: Final[dict[Intention, Any]] = {
    Intention.UNKNOWN: gettext_lazy("Not asked"),
    Intention.RENEW: gettext_lazy("Will renew"),
    Intention.NOT_RENEW: gettext_lazy("Will not renew"),
    Intention.CONSIDERING: gettext_lazy("Considering"),
}
HEADS: Final = (
    gettext_lazy("Customer no."),
    gettext_lazy("Name"),
    gettext_lazy("Policy no."),
    gettext_lazy("Product"),
    gettext_lazy("Cover ends"),
    gettext_lazy("Premium (yuan)"),
    gettext_lazy("Intention"),
    gettext_lazy("Reason"),
    gettext_lazy("Next date"),
    gettext_lazy("Customer manager"),
    gettext_lazy("Unit"),
)


def start_export(
    *, actor: Actor, now: datetime, wanted: RenewalFilter, language: str, title: str, task: jobs.QueuedTask
) -> JobView:
    """Queue the export of what the filter shows within the actor's reach of `renewals.export`. Raises TooMuch."""
    actor.require("renewals.export")
    rows = min(queries.count_to_export(actor, wanted, now=now), queries.EXPORTED_AT_MOST)
    with volume.counted(actor=actor, now=now, rows=rows):
        audit.record(
            actor=actor, now=now, action="renewals.export", object_kind="renewals",
            detail={"rows": rows, "period": wanted.period},
        )  # fmt: skip
        return jobs.start(
            actor=actor, now=now, kind=KIND, title=title, total=rows, task=task,
            arguments={"filter": to_plain(wanted), "language": language},
        )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    now = running.clock()
    reasons = {row["code"]: row for row in queries.settings_of(now)["reasons"]}
    portions = queries.to_export(running.actor, from_plain(running.arguments["filter"]), now=now)
    return sheets.write(
        running, title=gettext_lazy("Renewals"), stamp=f"{rules.today_of(now):%Y%m%d}", heads=HEADS,
        portions=([_cells(row, reasons) for row in rows] for rows in portions),
        message=_("%(rows)s renewals exported."),
    )  # fmt: skip


def _cells(row: RenewalView, reasons: Mapping[str, Any]) -> list[str]:
    reason = reasons.get(row.reason, {}).get("label_zh", row.reason)
    return [
        row.party_ref, row.party_name, row.policy_no, row.product_name, row.expiry_date.isoformat(),
        f"{Decimal(row.premium_fen) / 100:.2f}", str(INTENTIONS[row.intention]), reason,
        row.next_date.isoformat() if row.next_date else "", row.owner_name, row.unit_name,
    ]  # fmt: skip


def to_plain(wanted: RenewalFilter) -> dict[str, Any]:
    """The filter as plain values for a job."""
    plain: dict[str, Any] = {}
    for field in dataclasses.fields(wanted):
        value = getattr(wanted, field.name)
        if isinstance(value, tuple):
            plain[field.name] = [str(one) for one in value]
        elif value is not None:
            plain[field.name] = str(value)
    return plain


def from_plain(plain: Mapping[str, Any]) -> RenewalFilter:
    return RenewalFilter(
        whose=Whose(plain["whose"]),
        period=Period(plain["period"]),
        first=date.fromisoformat(plain["first"]) if "first" in plain else None,
        last=date.fromisoformat(plain["last"]) if "last" in plain else None,
        state=RenewalState(plain["state"]),
        intentions=tuple(Intention(one) for one in plain["intentions"]),
        lines=tuple(plain["lines"]),
        owner_id=UUID(plain["owner_id"]) if "owner_id" in plain else None,
        party_id=UUID(plain["party_id"]) if "party_id" in plain else None,
    )
