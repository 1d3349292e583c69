"""States of agents over the day, from the log of an exchange (ACD): occupancy is counted from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.kernel import bulk, bulk_upsert, importing
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Undone
from anxin.kernel.words import mark as _
from anxin.service.desk.rules.telephony import AgentState

STATES: Final = {
    "空闲": "available", "示闲": "available", "就绪": "available", "ready": "available", "通话": "on_call",
    "通话中": "on_call", "talking": "on_call", "整理": "wrap_up", "话后": "wrap_up", "话后处理": "wrap_up",
    "acw": "wrap_up",
    "小休": "break", "示忙": "break", "置忙": "break", "not ready": "break", "离线": "offline", "签出": "offline",
    **{one.value: one.value for one in AgentState},
}  # fmt: skip

FIELDS: Final = (
    FieldSpec(
        name="staff_no", label=_("Staff number"), kind=FieldKind.CODE, is_required=True, max_length=40,
        aliases=("工号", "staff no"),
    ),
    FieldSpec(
        name="state", label=_("State of the agent"), is_required=True, max_length=20,
        aliases=("坐席状态", "状态", "state"),
    ),
    FieldSpec(
        name="began_at", label=_("Began at"), kind=FieldKind.MOMENT, is_required=True, aliases=("开始时间", "began at"),
    ),
    FieldSpec(
        name="ended_at", label=_("Ended at"), kind=FieldKind.MOMENT, is_required=True, aliases=("结束时间", "ended at"),
    ),
)  # fmt: skip
_CHECKED: Final = tuple(spec.name for spec in FIELDS)


class AgentStateImporter:
    kind: str = "agent_state"
    label: str = _("States of agents")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_state": _("The state is not known. Use 空闲, 通话, 整理, 小休 or 离线, or map the value."),
        "wrong_order": _("The state ended before it began."),
        "unknown_staff": _("Nobody has this staff number. Import the staff first, or correct the number."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        state = table["state"].str.to_lowercase().replace_strict(STATES, default=None)
        found.refuse(table["state"].is_not_null() & state.is_null(), "state", "unknown_state", table["state"])
        found.refuse((table["ended_at"] < table["began_at"]).fill_null(False), "ended_at", "wrong_order")
        table = table.with_columns(state.alias("state"))
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(
            importing.digests(rows, _CHECKED, "agent state 1"), _key().alias("source_key"),
            pl.lit(context.source).alias("source"),
        )  # fmt: skip
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created("desk_seatspell", name="t.source_key")
        return work.result()


def _key() -> pl.Expr:
    """An agent is in one state at a time: the number and the moment name the spell."""
    return pl.format("{} {}", pl.col("staff_no"), pl.col("began_at").dt.strftime("%Y%m%dT%H%M%S%.f"))


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    unchanged, work = bulk_upsert.without_unchanged("desk_seatspell", ["source_key", "source"], rows)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    staff = bulk.ids_by("accounts_user", "staff_no", work["staff_no"])
    found.refuse(staff.is_null(), "staff_no", "unknown_staff", work["staff_no"])
    table = work.with_columns(staff.alias("user_id")).filter(~found.refused)
    table = table.select("source", "source_key", "user_id", "state", "began_at", "ended_at", "digest")
    done = bulk_upsert.upsert("desk_seatspell", table, context, key=["source_key", "source"])
    return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())
