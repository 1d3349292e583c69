"""Taking the filtered list out as a file: a permission of its own, a row limit, masked unless there is a reason.

No cell is a formula for a spreadsheet. The file is made by a job and kept as a document of whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext

from anxin.book.customers.queries import listing, rows
from anxin.book.customers.queries.rows import CustomerRow
from anxin.book.customers.services import purposes, volume
from anxin.book.customers.services.bulk import BulkError, Selection, preview
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel import tiers
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "customers.export"
ROWS_AT_MOST: Final = 50_000
COLUMNS: Final[dict[str, Any]] = {
    "ref": gettext_lazy("Customer no."),
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "sex": gettext_lazy("Sex"),
    "birthday": gettext_lazy("Birthday"),
    "mobile": gettext_lazy("Phone"),
    "district": gettext_lazy("City and district"),
    "tier": gettext_lazy("Premium tier"),
    "abc": gettext_lazy("ABC class"),
    "premium": gettext_lazy("Annual premium (yuan)"),
    "policies": gettext_lazy("Policies in force"),
    "next_expiry": gettext_lazy("Next expiry"),
    "last_contact": gettext_lazy("Last contact"),
    "customer_since": gettext_lazy("Customer since"),
    "manager": gettext_lazy("Customer manager"),
    "unit": gettext_lazy("Unit"),
    "tags": gettext_lazy("Tags"),
}


def start(
    *, actor: Actor, now: datetime, selection: Selection, columns: Sequence[str], format: str, sort: str, language: str,
    task: jobs.QueuedTask, title: str, in_clear: bool = False, reason: str = "", purpose: str = purposes.USUAL,
) -> JobView:  # fmt: skip
    """Queue an export. `in_clear` leaves phones unmasked and takes `customers.reveal` and a reason. `purpose`: of
    `purposes.PURPOSES`; a list for marketing leaves out whoever is not to be approached.

    Raises NotPermitted and BulkError (nothing to export, too many rows or too many today, no reason, unknown format).
    """
    actor.require("customers.export")
    if in_clear:
        actor.require("customers.reveal")
        if len(reason.strip()) < 4:
            raise BulkError(_("Give a reason for taking phone numbers out in clear."))
    if format not in sheets.FORMATS:
        raise BulkError(_("Choose CSV or XLSX."))
    if purpose not in purposes.PURPOSES:
        raise BulkError(_("Say what the list is for."))
    total = preview(actor, selection, permission="customers.export", today=_day(now)).within_reach
    if not total:
        raise BulkError(_("There is nothing to export."))
    if total > ROWS_AT_MOST:
        raise BulkError(_("An export holds 50,000 customers at most. Narrow the filter first."))
    chosen = [code for code in columns if code in COLUMNS] or ["ref", "name"]
    with volume.counted(actor=actor, now=now, rows=total):
        audit.record(
            actor=actor,
            now=now,
            action="customers.export",
            object_kind="party",
            reason=reason.strip()[:200],
            detail={"columns": chosen, "rows": total, "format": format, "in_clear": in_clear, "purpose": purpose},
        )
        return jobs.start(
            actor=actor,
            now=now,
            kind=KIND,
            title=title,
            total=total,
            task=task,
            arguments={
                **selection.seal(),
                "columns": chosen,
                "format": format,
                "sort": sort,
                "language": language,
                "in_clear": in_clear,
                "purpose": purpose,
            },
        )


def work(running: jobs.Running) -> Finished:
    """Write the file in one go; a killed attempt begins again, since nothing but the finished file is kept."""
    arguments = running.arguments
    actor, now = running.actor, running.clock()
    actor.require("customers.export")
    reveal = bool(arguments["in_clear"])
    if reveal:
        actor.require("customers.reveal")
    columns = [code for code in arguments["columns"] if code in COLUMNS]
    sieve = purposes.Sieve(arguments.get("purpose", purposes.USUAL), now)
    portions = _portions(actor, Selection.open(arguments), arguments["sort"], columns, reveal, now, sieve)
    done = sheets.write(
        running, title=gettext_lazy("Customers"), stamp=f"{timezone.localtime(now):%Y%m%d-%H%M}",
        heads=[COLUMNS[code] for code in columns],
        portions=([[cell(row, code) for code in columns] for row in rows] for rows in portions),
        message=_("%(rows)s customers exported."), format=arguments["format"],
    )  # fmt: skip
    return sieve.told(done, arguments["language"])


def cell(row: CustomerRow, code: str) -> str | int | Decimal:
    """One value as a file shows it."""
    value: Any
    match code:
        case "kind":
            value = gettext("Person") if row.kind == "person" else gettext("Organisation")
        case "sex":
            value = {"M": pgettext("sex", "Male"), "F": pgettext("sex", "Female")}.get(row.sex, "")
        case "birthday":
            value = f"{row.birthday // 100:02d}-{row.birthday % 100:02d}" if row.birthday else ""
        case "tier":
            value = tiers.name(row.tier) if row.tier else ""
        case "premium":
            return "" if row.annual_premium_fen is None else Decimal(row.annual_premium_fen) / 100
        case "policies":
            return "" if row.active_policies is None else row.active_policies
        case "next_expiry":
            value = row.next_expiry_date or ""
        case "last_contact":
            value = f"{timezone.localtime(row.last_contact_at):%Y-%m-%d %H:%M}" if row.last_contact_at else ""
        case "customer_since":
            value = row.customer_since or ""
        case "tags":
            value = "; ".join(tag.name for tag in row.tags)
        case _:
            value = getattr(row, code)
    return str(value)


def _portions(
    actor: Actor, selection: Selection, sort: str, columns: Sequence[str], reveal: bool, now: datetime,
    sieve: purposes.Sieve,
) -> Iterator[Sequence[CustomerRow]]:  # fmt: skip
    extras = [code for code in columns if code in rows.EXTRAS]
    portions = listing.ids_in_order(
        actor,
        selection.wanted,
        refs=selection.refs,
        today=_day(now),
        permission="customers.export",
        sort=sort,
        at_most=ROWS_AT_MOST,
    )
    for ids in portions:
        yield rows.rows_of(sieve.through(ids), extras=extras, reveal=reveal)


def _day(now: datetime) -> Any:
    return timezone.localtime(now, timezone.get_default_timezone()).date()
