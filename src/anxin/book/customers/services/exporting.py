"""Taking the filtered list out as a file: a permission of its own, a row limit, masked unless there is a reason.

No cell is a formula for a spreadsheet. The file is made by a job and kept as a document of whoever asked.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, override, pgettext

from anxin.book.customers.queries import listing, rows
from anxin.book.customers.queries.rows import CustomerRow
from anxin.book.customers.services import volume
from anxin.book.customers.services.bulk import BulkError, Selection, preview
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.words import mark as _

KIND: Final = "customers.export"
ROWS_AT_MOST: Final = 50_000
KEPT_FOR: Final = timedelta(days=7)
FORMATS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
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
_FIGURES: Final = frozenset({"premium", "policies"})


def start(
    *, actor: Actor, now: datetime, selection: Selection, columns: Sequence[str], format: str, sort: str, language: str,
    task: jobs.QueuedTask, title: str, in_clear: bool = False, reason: str = "",
) -> JobView:  # fmt: skip
    """Queue an export. `in_clear` leaves phones unmasked and takes `customers.reveal` and a reason.

    Raises NotPermitted and BulkError (nothing to export, too many rows or too many today, no reason, unknown format).
    """
    actor.require("customers.export")
    if in_clear:
        actor.require("customers.reveal")
        if len(reason.strip()) < 4:
            raise BulkError(_("Give a reason for taking phone numbers out in clear."))
    if format not in FORMATS:
        raise BulkError(_("Choose CSV or XLSX."))
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
            detail={"columns": chosen, "rows": total, "format": format, "in_clear": in_clear},
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
    with tempfile.TemporaryDirectory() as folder, override(arguments["language"]):
        path = Path(folder) / f"customers.{arguments['format']}"
        with _writer(arguments["format"], path) as out:
            out.write([str(COLUMNS[code]) for code in columns])
            done = 0
            for rows in _portions(actor, Selection.open(arguments), arguments["sort"], columns, reveal, now):
                for row in rows:
                    out.write([cell(row, code) for code in columns])
                done += len(rows)
                running.progress(done)
        name = f"{gettext('Customers')}-{timezone.localtime(now):%Y%m%d-%H%M}.{arguments['format']}"
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            document = documents.store(
                actor=actor,
                now=running.clock(),
                name=name,
                content_type=FORMATS[arguments["format"]],
                content=source,
                purpose="export",
                expires_at=running.clock() + KEPT_FOR,
            )
    return Finished(
        message=_("%(rows)s customers exported."),
        values={"rows": done},
        result={"rows": done},
        document_id=document.id,
    )


def cell(row: CustomerRow, code: str) -> str | int | Decimal:
    """One value as a file shows it. Texts are safe to open in a spreadsheet; figures stay figures."""
    value: Any
    match code:
        case "kind":
            value = gettext("Person") if row.kind == "person" else gettext("Organisation")
        case "sex":
            value = {"M": pgettext("sex", "Male"), "F": pgettext("sex", "Female")}.get(row.sex, "")
        case "birthday":
            value = f"{row.birthday // 100:02d}-{row.birthday % 100:02d}" if row.birthday else ""
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
    return safe_cell(str(value))


def _portions(
    actor: Actor, selection: Selection, sort: str, columns: Sequence[str], reveal: bool, now: datetime
) -> Iterator[Sequence[CustomerRow]]:
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
        yield rows.rows_of(ids, extras=extras, reveal=reveal)


class _Out(Protocol):
    def write(self, cells: Sequence[str | int | Decimal]) -> None: ...

    def __enter__(self) -> _Out: ...

    def __exit__(self, *_: object) -> None: ...


def _writer(format: str, path: Path) -> _Out:
    return _Csv(path) if format == "csv" else _Xlsx(path)


class _Csv:
    def __init__(self, path: Path) -> None:
        # With a byte order mark: Excel in China otherwise reads UTF-8 as GBK.
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)

    def write(self, cells: Sequence[str | int | Decimal]) -> None:
        self._csv.writerow(cells)

    def __enter__(self) -> _Csv:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class _Xlsx:
    def __init__(self, path: Path) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._sheet = self._book.add_worksheet()
        self._head = self._book.add_format({"bold": True})
        self._row = 0

    def write(self, cells: Sequence[str | int | Decimal]) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, str):
                self._sheet.write_string(self._row, column, value, self._head if self._row == 0 else None)
            else:
                self._sheet.write_number(self._row, column, value)
        self._row += 1

    def __enter__(self) -> _Xlsx:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _day(now: datetime) -> Any:
    return timezone.localtime(now, timezone.get_default_timezone()).date()
