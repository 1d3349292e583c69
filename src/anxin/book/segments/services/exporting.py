"""Taking the members of a segment out as a file: with the permission to export customers, by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from anxin.book.customers.services import purposes, volume
from anxin.book.segments import access
from anxin.book.segments.queries import explaining, members
from anxin.book.segments.rules.conditions import Tree
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel import tiers
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "segments.export"
ROWS_AT_MOST: Final = 50_000
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
HEADS: Final = (
    gettext_lazy("Customer no."),
    gettext_lazy("Name"),
    gettext_lazy("Customer manager"),
    gettext_lazy("Unit"),
    gettext_lazy("Annual premium (yuan)"),
    gettext_lazy("Policies in force"),
    gettext_lazy("Premium tier"),
    "ABC",
    gettext_lazy("Value tier"),
    gettext_lazy("Lifecycle"),
)


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
    purpose: str = purposes.USUAL,
) -> JobView:
    """Queue an export of a condition or of a saved segment. `purpose`: of `purposes.PURPOSES`.

    Raises ExportRefused, InvalidCondition, NotPermitted.
    """
    actor.require("customers.export")
    if purpose not in purposes.PURPOSES:
        raise ExportRefused(_("Say what the list is for."))
    arguments: dict[str, Any] = {"language": language, "purpose": purpose}
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
                detail={"rows": total, "purpose": purpose},
            )
            return jobs.start(actor=actor, now=now, kind=KIND, title=title, total=total, task=task, arguments=arguments)
    except volume.TooMuch as error:
        raise ExportRefused(str(error)) from error


def work(running: jobs.Running) -> Finished:
    actor, arguments, now = running.actor, running.arguments, running.clock()
    actor.require("customers.export")
    rows = members.list_members(_members(actor, arguments, now), limit=ROWS_AT_MOST)
    sieve = purposes.Sieve(arguments.get("purpose", purposes.USUAL), now)
    through = set(sieve.through([one.party_id for one in rows]))
    done = sheets.write(
        running, title=gettext_lazy("Segments"), stamp=f"{now.astimezone(SHANGHAI):%Y%m%d-%H%M}", heads=HEADS,
        portions=[[_line(one) for one in rows if one.party_id in through]], message=_("%(rows)s customers exported."),
    )  # fmt: skip
    return sieve.told(done, arguments["language"])


def _members(actor: Actor, arguments: Mapping[str, Any], now: datetime) -> Any:
    today = now.astimezone(SHANGHAI).date()
    if "segment" in arguments:
        segment = access.get_segment(actor, UUID(arguments["segment"]))
        return members.of_segment(actor, segment, today=today, permission="customers.export")
    return members.matching(actor, arguments["condition"], today=today, permission="customers.export")


def _line(row: members.Member) -> Sequence[str]:
    return [
        row.ref,
        row.name,
        row.manager,
        row.unit,
        f"{row.annual_premium_fen // 100}.{row.annual_premium_fen % 100:02d}",
        str(row.active_policies),
        tiers.name(row.tier) if row.tier else "",
        row.abc,
        explaining.class_label("value_tier", row.value_tier),
        explaining.class_label("lifecycle", row.lifecycle),
    ]
