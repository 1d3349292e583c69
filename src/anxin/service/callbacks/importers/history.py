"""Call-backs of the system before that are over, so that nobody is called twice and the figures of the months before
are there. A call-back for a policy is found by its number; its customer is the holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.book.customers.queries import records as customers
from anxin.kernel import bulk, bulk_upsert, importing
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Undone
from anxin.kernel.personal import Kind as Personal
from anxin.kernel.words import mark as _
from anxin.service.callbacks.data import Kind, State, Way

CHINA: Final = "Asia/Shanghai"
KINDS: Final = {
    "新契约": Kind.NEW_BUSINESS, "新契约回访": Kind.NEW_BUSINESS, "续保": Kind.RENEWAL, "续保回访": Kind.RENEWAL,
    "满意度": Kind.SATISFACTION, "服务满意度": Kind.SATISFACTION, "理赔": Kind.CLAIM, "理赔满意度": Kind.CLAIM,
    "理赔回访": Kind.CLAIM, "关怀": Kind.CARE, **{one.value: one for one in Kind},
}  # fmt: skip
RESULTS: Final = {
    "成功": State.SUCCEEDED, "已成功": State.SUCCEEDED, "问题件": State.PROBLEM, "失败": State.FAILED,
    "不需回访": State.EXCLUDED, "无需回访": State.EXCLUDED, "succeeded": State.SUCCEEDED, "problem": State.PROBLEM,
    "failed": State.FAILED, "excluded": State.EXCLUDED,
}  # fmt: skip
WAYS: Final = {
    "电话": Way.PHONE, "信函": Way.LETTER, "邮件": Way.EMAIL, "上门": Way.VISIT, **{one.value: one for one in Way},
}  # fmt: skip


def _text(name: str, label: str, length: int, *aliases: str, required: bool = False) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases, is_required=required)


FIELDS: Final = (
    FieldSpec(
        name="callback_no", label=_("Number of the call-back"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("回访编号", "回访流水号", "callback no"),
    ),
    _text("kind", _("Kind of call-back"), 20, "回访类型", "kind", required=True),
    FieldSpec(
        name="policy_no", label=_("Policy number"), kind=FieldKind.CODE, max_length=60, aliases=("保单号", "policy no"),
    ),
    _text("source", _("Source system of the customer"), 40, "客户来源系统", "source"),
    FieldSpec(
        name="customer_key", label=_("Customer number"), kind=FieldKind.CODE, max_length=80,
        aliases=("客户号", "customer no"),
    ),
    FieldSpec(
        name="accepted_on", label=_("Policy accepted on"), kind=FieldKind.DATE, aliases=("承保日期", "accepted on"),
    ),
    FieldSpec(
        name="receipt_on", label=_("Receipt signed on"), kind=FieldKind.DATE, aliases=("回执签收日期", "receipt date"),
    ),
    FieldSpec(
        name="cooling_ends", label=_("Cooling-off ends"), kind=FieldKind.DATE,
        aliases=("犹豫期截止日", "cooling-off ends"),
    ),
    FieldSpec(
        name="ended_at", label=_("Called back at"), kind=FieldKind.MOMENT, is_required=True,
        aliases=("回访时间", "回访完成时间", "called at"),
    ),
    _text("result", _("Result of the call-back"), 20, "回访结果", "result", required=True),
    _text("way", _("Way of the call-back"), 20, "回访方式", "way"),
    FieldSpec(name="attempts", label=_("Attempts"), kind=FieldKind.INTEGER, aliases=("拨打次数", "attempts")),
    FieldSpec(name="score", label=_("Satisfaction"), kind=FieldKind.INTEGER, aliases=("满意度", "satisfaction")),
    FieldSpec(
        name="staff_no", label=_("Staff number"), kind=FieldKind.CODE, max_length=40, aliases=("工号", "staff no"),
    ),
    FieldSpec(name="note", label=_("Remark"), max_length=500, aliases=("备注", "note"), personal=Personal.FREE_TEXT),
)  # fmt: skip
_CHECKED: Final = tuple(spec.name for spec in FIELDS)
_POLICIES: Final = """
SELECT k.k1, encode(uuid_send(p.id), 'hex'), encode(uuid_send(p.holder_id), 'hex'), p.line, p.channel,
       encode(uuid_send(p.unit_id), 'hex')
FROM {keys} CROSS JOIN LATERAL (SELECT id, holder_id, line, channel, unit_id FROM portfolio_policy
                                WHERE policy_no = k.k1 OFFSET 0) p
"""
_KNOWN: Final = """
SELECT k.at FROM {keys} CROSS JOIN LATERAL (
    SELECT 1 FROM callbacks_callback c WHERE c.kind = k.k1 AND c.occurrence = k.k2
    AND (c.source_key <> k.k3 OR c.source <> %s) OFFSET 0) c
"""


class CallBackImporter:
    kind: str = "call_back"
    label: str = _("Call-backs that are over")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_kind": _(
            "There is no such kind of call-back. Use 新契约, 续保, 服务满意度, 理赔满意度 or 关怀, or map it."
        ),
        "unknown_result": _("The result is not known. Use 成功, 问题件, 失败 or 无需回访, or map it."),
        "unknown_way": _("The way is not known. Use 电话, 信函, 邮件 or 上门, or map it."),
        "cooling_missing": _("A new-business call-back needs the policy and the end of the cooling-off period."),
        "unknown_policy": _("There is no policy with this number. Import the policies first, or correct the number."),
        "unknown_customer": _(
            "The source system has no customer with this number. Import the customers first or correct the number."
        ),
        "already_there": _("The policy has a call-back of this kind already; the row was left out."),
        "unknown_staff": _("Nobody has this staff number; the call-back was taken without a name."),
        "out_of_range": _("The value is outside what is allowed."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        read = {}
        for name, words, code in (("kind", KINDS, "unknown_kind"), ("result", RESULTS, "unknown_result"),
                                  ("way", WAYS, "unknown_way")):  # fmt: skip
            plain = {word: str(value) for word, value in words.items()}
            read[name] = table[name].str.to_lowercase().replace_strict(plain, default=None, return_dtype=pl.String)
            found.refuse(table[name].is_not_null() & read[name].is_null(), name, code, table[name])
        is_new = read["kind"] == Kind.NEW_BUSINESS.value
        found.refuse(
            (is_new & (table["policy_no"].is_null() | table["cooling_ends"].is_null())).fill_null(False),
            "cooling_ends", "cooling_missing",
        )  # fmt: skip
        nobody = table["policy_no"].is_null() & table["customer_key"].is_null()
        found.refuse(nobody, "customer_key", "value_missing")
        odd = table["score"].is_not_null() & ~table["score"].is_between(1, 5)
        found.refuse(odd, "score", "out_of_range", table["score"].cast(pl.String))
        table = table.with_columns(importing.texts_in_one_line(table, FIELDS)).with_columns(
            read["kind"].alias("kind"), read["result"].alias("result"), read["way"].fill_null("phone").alias("way"),
            pl.col("source").fill_null(pl.lit(context.source)), pl.col("attempts").clip(0, 99).fill_null(1),
        )  # fmt: skip
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(importing.digests(rows, _CHECKED, "call-back 1"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created("callbacks_callback", name="t.source_key")
        work.restore_changed("callbacks_callback", name="t.source_key")
        return work.result()


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    work = rows.with_columns(
        pl.col("callback_no").alias("source_key"), pl.col("source").alias("its_source"),
        pl.lit(context.source).alias("source"),
    )  # fmt: skip
    unchanged, work = bulk_upsert.without_unchanged("callbacks_callback", ["source_key", "source"], work)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    policies = _policies(work["policy_no"])
    lost = work["policy_no"].is_not_null() & policies["policy_id"].is_null()
    found.refuse(lost, "policy_no", "unknown_policy", work["policy_no"])
    named = customers.parties_of(work["its_source"], work["customer_key"])
    party = policies["holder_id"].zip_with(policies["holder_id"].is_not_null(), named)
    found.refuse(party.is_null() & ~lost, "customer_key", "unknown_customer", work["customer_key"])
    staff = bulk.ids_by("accounts_user", "staff_no", work["staff_no"])
    found.warn(work["staff_no"].is_not_null() & staff.is_null(), "staff_no", "unknown_staff", work["staff_no"])
    work = work.with_columns(
        *policies.drop("policy_no").get_columns(), party.alias("party_id"), staff.alias("owner_id")
    )
    work = work.with_columns(_occurrence())
    # One for each policy: of two rows about the same the last is kept by the upsert, of ours and theirs ours stays.
    twice = work.select((~pl.struct("kind", "occurrence").is_last_distinct()).alias("twice"))["twice"]
    found.refuse(twice, "policy_no", "already_there", work["policy_no"])
    found.refuse(_is_known(work, context), "policy_no", "already_there", work["policy_no"])
    table = work.filter(~found.refused)
    if table.is_empty():
        return Applied(0, 0, unchanged, int(found.refused.sum()), found.table())
    done = bulk_upsert.upsert("callbacks_callback", _shaped(table, context), context, key=["source_key", "source"])
    return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())


def _policies(numbers: pl.Series) -> pl.DataFrame:
    names = ("policy_no", "policy_id", "holder_id", "line", "channel", "unit_id")
    distinct = numbers.drop_nulls().unique(maintain_order=True)
    with bulk.by_index():
        known = bulk.lookup(_POLICIES, [distinct], {name: pl.String() for name in names})
    asked = pl.DataFrame({"policy_no": numbers})
    return asked.join(known.unique("policy_no", keep="first"), on="policy_no", how="left", maintain_order="left")


def _occurrence() -> pl.Expr:
    """That of our own for new business, so that the night makes no second one; else the number it had."""
    spelt = pl.col("policy_id").str.replace(r"^(.{8})(.{4})(.{4})(.{4})(.{12})$", "${1}-${2}-${3}-${4}-${5}")
    is_new = pl.col("kind") == Kind.NEW_BUSINESS.value
    other = pl.format("{}:{}", pl.col("source"), pl.col("source_key")).str.slice(0, 80)
    return pl.when(is_new).then(spelt).otherwise(other).alias("occurrence")


def _is_known(work: pl.DataFrame, context: BatchContext) -> pl.Series:
    with bulk.by_index():
        at = bulk.lookup(
            _KNOWN, [work["kind"], work["occurrence"].fill_null(""), work["source_key"]], {"at": pl.Int64()},
            context.source,
        )["at"]  # fmt: skip
    return pl.Series([False]).new_from_index(0, work.height).scatter(at, True)


def _shaped(table: pl.DataFrame, context: BatchContext) -> pl.DataFrame:
    last_second = pl.col("cooling_ends").dt.combine(time(23, 59, 59)).dt.replace_time_zone(CHINA)
    due = pl.coalesce(last_second.dt.convert_time_zone("UTC"), "ended_at").alias("due_at")
    is_good = pl.col("result") == State.SUCCEEDED.value
    return table.select(
        "source", "source_key", "kind", "occurrence", "party_id", "policy_id", "unit_id", "owner_id", "cooling_ends",
        "attempts", "score", "way", "digest", pl.col("result").alias("state"), "ended_at",
        pl.col("accepted_on").alias("underwritten_date"), pl.col("receipt_on").alias("receipt_date"),
        pl.lit(1).alias("round"), pl.lit(False).alias("is_assumed"),
        pl.min_horizontal("ended_at", due).alias("starts_at"), due, due.alias("amber_at"),
        pl.col("ended_at").alias("not_before"), pl.lit(context.now).alias("changed_at"),
        pl.col("ended_at").alias("created_at"), pl.lit(1).alias("version"), pl.lit("").alias("subject_kind"),
        pl.when(pl.col("result").is_in([State.FAILED.value, State.EXCLUDED.value])).then(pl.lit("other"))
        .otherwise(pl.lit("")).alias("why"),
        pl.when(is_good).then(pl.col("ended_at").dt.convert_time_zone(CHINA).dt.date()).alias("success_on"),
        pl.when(is_good).then("way").otherwise(pl.lit("")).alias("success_way"),
        *(pl.col(name).fill_null("") for name in ("policy_no", "line", "channel", "note")),
    )  # fmt: skip
