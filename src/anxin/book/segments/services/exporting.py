"""Taking the members of a segment out as a file: with the permission to export customers, by a job."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext, override

from anxin.book.customers.services import volume
from anxin.book.segments import access
from anxin.book.segments.queries import explaining, members
from anxin.book.segments.rules.conditions import Tree
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.kernel.actor import Actor
from anxin.kernel.spreadsheet_safety import safe_cell
from anxin.kernel.words import mark as _

KIND: Final = "segments.export"
ROWS_AT_MOST: Final = 50_000
KEPT_FOR: Final = timedelta(days=7)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class ExportRefused(ValueError):
    """Nothing to export, more than a file holds, or more than the day allows."""


def start(
    *,
    actor: Actor,
    now: datetime,
    title: str,
    language: str,
    task: jobs.QueuedTask,
    condition: Tree | None = None,
    segment_id: UUID | None = None,
) -> JobView:
    """Queue an export of a condition or of a saved segment. Raises ExportRefused, InvalidCondition, NotPermitted."""
    actor.require("customers.export")
    arguments: dict[str, Any] = {"language": language}
    arguments |= {"segment": str(segment_id)} if segment_id is not None else {"condition": condition or {"all": []}}
    total = _members(actor, arguments, now).count()
    if not 0 < total <= ROWS_AT_MOST:
        raise ExportRefused(_("An export holds between 1 and 50,000 customers."))
    try:
        with volume.counted(actor=actor, now=now, rows=total):
            audit.record(
                actor=actor,
                now=now,
                action="segments.export",
                object_kind="segment",
                object_ref=title[:60],
                detail={"rows": total},
            )
            return jobs.start(actor=actor, now=now, kind=KIND, title=title, total=total, task=task, arguments=arguments)
    except volume.TooMuch as error:
        raise ExportRefused(str(error)) from error


def work(running: jobs.Running) -> Finished:
    """Write the file in one go; a killed attempt begins again, since nothing but the finished file is kept."""
    actor, arguments, now = running.actor, running.arguments, running.clock()
    actor.require("customers.export")
    rows = members.list_members(_members(actor, arguments, now), limit=ROWS_AT_MOST)
    with tempfile.TemporaryDirectory() as folder, override(arguments["language"]):
        path = Path(folder) / "segment.csv"
        # With a byte order mark: Excel in China otherwise reads UTF-8 as GBK.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file)
            out.writerow(_head())
            for row in rows:
                out.writerow([safe_cell(text) for text in _line(row)])
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            document = documents.store(
                actor=actor,
                now=running.clock(),
                name=f"{gettext('Segments')}-{now.astimezone(SHANGHAI):%Y%m%d-%H%M}.csv",
                content_type="text/csv",
                content=source,
                purpose="export",
                expires_at=running.clock() + KEPT_FOR,
            )
    return Finished(
        message=_("%(rows)s customers exported."),
        values={"rows": len(rows)},
        result={"rows": len(rows)},
        document_id=document.id,
    )


def _members(actor: Actor, arguments: Mapping[str, Any], now: datetime) -> Any:
    today = now.astimezone(SHANGHAI).date()
    if "segment" in arguments:
        segment = access.get_segment(actor, UUID(arguments["segment"]))
        return members.of_segment(actor, segment, today=today, permission="customers.export")
    return members.matching(actor, arguments["condition"], today=today, permission="customers.export")


def _head() -> Sequence[str]:
    return [
        gettext("Customer no."),
        gettext("Name"),
        gettext("Customer manager"),
        gettext("Unit"),
        gettext("Annual premium (yuan)"),
        gettext("Policies in force"),
        gettext("Premium tier"),
        "ABC",
        gettext("Value tier"),
        gettext("Lifecycle"),
    ]


def _line(row: members.Member) -> Sequence[str]:
    return [
        row.ref,
        row.name,
        row.manager,
        row.unit,
        f"{row.annual_premium_fen // 100}.{row.annual_premium_fen % 100:02d}",
        str(row.active_policies),
        row.tier,
        row.abc,
        explaining.class_label("value_tier", row.value_tier),
        explaining.class_label("lifecycle", row.lifecycle),
    ]
