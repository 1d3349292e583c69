"""Contacts with customers from call centre, counter and the sites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.book.customers.queries import records as customers
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

CHANNELS: Final = {
    "电话": "phone", "柜面": "counter", "微信公众号": "wechat", "微信": "wechat", "手机APP": "app", "短信": "sms",
    "上门": "visit", "邮件": "email", "信函": "mail", "官网": "web",
}  # fmt: skip
_DIRECTIONS: Final = {
    "in": "inbound", "inbound": "inbound", "呼入": "inbound", "out": "outbound", "outbound": "outbound",
    "呼出": "outbound",
}  # fmt: skip


def _text(name: str, label: str, length: int, *aliases: str, required: bool = False) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases, is_required=required)


FIELDS: Final = (
    FieldSpec(
        name="touchpoint_no", label=_("Number of the contact"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("接触编号", "流水号", "touchpoint no", "call id"),
    ),
    _text("source", _("Source system of the customer"), 40, "客户来源系统", "source"),
    FieldSpec(
        name="customer_key", label=_("Customer number"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("客户号", "customer no"),
    ),
    _text("channel", _("Channel"), 16, "渠道", "channel", required=True),
    _text("direction", _("Direction"), 20, "方向", "direction"),
    FieldSpec(
        name="time", label=_("Time"), kind=FieldKind.MOMENT, is_required=True, aliases=("时间", "接触时间", "time"),
    ),
    FieldSpec(
        name="duration", label=_("Duration in seconds"), kind=FieldKind.INTEGER, aliases=("通话时长", "duration"),
    ),
    _text("topic", _("Topic"), 60, "主题", "topic", required=True),
    FieldSpec(
        name="summary", label=_("Summary"), max_length=500, aliases=("摘要", "内容", "summary"),
        personal=Kind.FREE_TEXT,
    ),
    _text("result", _("Result"), 40, "结果", "result"),
    FieldSpec(
        name="next_step", label=_("Next step"), max_length=200, aliases=("下一步", "next step"),
        personal=Kind.FREE_TEXT,
    ),
    FieldSpec(
        name="satisfaction", label=_("Satisfaction"), kind=FieldKind.INTEGER, aliases=("满意度", "satisfaction"),
    ),
    FieldSpec(
        name="policy_no", label=_("Policy number"), kind=FieldKind.CODE, max_length=60, aliases=("保单号", "policy no"),
    ),
    FieldSpec(
        name="staff_no", label=_("Staff number"), kind=FieldKind.CODE, max_length=40, aliases=("工号", "staff no"),
    ),
)  # fmt: skip
_CHECKED: Final = (
    "touchpoint_no", "source", "customer_key", "channel", "direction", "time", "duration", "topic", "summary",
    "result", "next_step", "satisfaction", "policy_no", "staff_no",
)  # fmt: skip


def read_direction(told: pl.Series, found: Findings) -> pl.Series:
    """In or out, whichever word says so; a customer who came to us where nothing is said."""
    read = told.str.to_lowercase().replace_strict(_DIRECTIONS, default=None)
    found.refuse(told.is_not_null() & read.is_null(), "direction", "unknown_direction", told)
    return read.fill_null("inbound")


class TouchpointImporter:
    kind: str = "touchpoint"
    label: str = _("Contacts with customers")
    key_fields: Sequence[str] = ("touchpoint_no",)
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_direction": _("The direction is not known. Use in or out, or map the value."),
        "unknown_customer": _(
            "The source system has no customer with this number. Import the customers first or correct the number."
        ),
        "unknown_staff": _("Nobody has this staff number; the contact was taken without a name."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        direction = read_direction(table["direction"], found)
        table = table.with_columns(importing.texts_in_one_line(table, FIELDS)).with_columns(
            pl.col("channel").replace(CHANNELS),
            direction.alias("direction"),
            pl.col("source").fill_null(context.source),
            pl.when(pl.col("duration") >= 0).then("duration").alias("duration"),
            pl.when(pl.col("satisfaction").is_between(0, 100)).then("satisfaction").alias("satisfaction"),
        )
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(importing.digests(rows, _CHECKED, "touchpoint 1"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created("desk_touchpoint", name="t.source_key")
        work.restore_changed("desk_touchpoint", name="t.source_key")
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table="desk_touchpoint", names=self.key_fields, key=["t.source_key"], where=where, values=values,
            shown="t.source_key",
        )  # fmt: skip


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    work = rows.with_columns(
        pl.col("touchpoint_no").alias("source_key"), pl.col("source").alias("its_source"),
        pl.lit(context.source).alias("source"),
    )  # fmt: skip
    unchanged, work = bulk_upsert.without_unchanged("desk_touchpoint", ["source_key", "source"], work)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    party = customers.parties_of(work["its_source"], work["customer_key"])
    found.refuse(party.is_null(), "customer_key", "unknown_customer", work["customer_key"])
    staff = bulk.ids_by("accounts_user", "staff_no", work["staff_no"])
    found.warn(work["staff_no"].is_not_null() & staff.is_null(), "staff_no", "unknown_staff", work["staff_no"])
    table = (
        work.with_columns(party.alias("party_id"), staff.alias("staff_id"))
        .filter(~found.refused)
        .select(
            "source", "source_key", "party_id", "staff_id", "channel", "direction", pl.col("time").alias("at"),
            pl.col("duration").alias("duration_seconds"), "topic", "satisfaction", "digest",
            *(pl.col(name).fill_null("") for name in ("summary", "result", "next_step", "policy_no")),
        )
    )  # fmt: skip
    done = bulk_upsert.upsert("desk_touchpoint", table, context, key=["source_key", "source"])
    return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())
