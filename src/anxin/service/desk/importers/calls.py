"""Calls that are over, from the log of a telephone exchange (CDR, ACD): what the figures of a call centre need.

A call with a customer and a code for what it was about is a contact in the file as well, as when it is written up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.book.customers.queries import records as customers
from anxin.kernel import bulk, bulk_upsert, importing, vault
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.identifiers.phones import normalise_phones
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _
from anxin.service.desk.data import CALL_PURPOSES
from anxin.service.desk.importers.touchpoints import read_direction
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import calling

# Hours a call may take; a longer one is a line that was never closed.
LONGEST: Final = pl.duration(hours=12)


def _text(name: str, label: str, length: int, *aliases: str) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases)


def _moment(name: str, label: str, *aliases: str, required: bool = False) -> FieldSpec:
    return FieldSpec(name=name, label=label, kind=FieldKind.MOMENT, is_required=required, aliases=aliases)


FIELDS: Final = (
    FieldSpec(
        name="call_no", label=_("Number of the call"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("通话流水号", "话单号", "call no", "uniqueid", "linkedid"),
    ),
    _text("direction", _("Direction"), 20, "方向", "呼叫类型", "direction"),
    FieldSpec(
        name="number", label=_("Number of the customer"), max_length=40, personal=Kind.PHONE,
        aliases=("客户号码", "主叫号码", "caller id", "src"),
    ),
    _text("source", _("Source system of the customer"), 40, "客户来源系统", "source"),
    FieldSpec(
        name="customer_key", label=_("Customer number"), kind=FieldKind.CODE, max_length=80,
        aliases=("客户号", "customer no"),
    ),
    _text("menu", _("Keys in the menu"), 60, "按键路径", "IVR路径", "menu"),
    _text("queue", _("Queue"), 40, "技能组", "队列", "queue"),
    _moment("rang_at", _("Came in at"), "进线时间", "呼入时间", "start", required=True),
    _moment("asked_at", _("Asked for a person at"), "转人工时间", "入队时间", "queued at"),
    _moment("answered_at", _("Answered at"), "接通时间", "answer"),
    _moment("ended_at", _("Ended at"), "挂机时间", "结束时间", "end", required=True),
    FieldSpec(
        name="hold_seconds", label=_("Seconds on hold"), kind=FieldKind.INTEGER, aliases=("保持时长", "hold"),
    ),
    FieldSpec(
        name="after_seconds", label=_("Seconds of after-call work"), kind=FieldKind.INTEGER,
        aliases=("整理时长", "话后时长", "after call work"),
    ),
    FieldSpec(
        name="wanted_human", label=_("Asked for a person"), kind=FieldKind.YES_NO, aliases=("是否转人工", "to agent"),
    ),
    FieldSpec(
        name="staff_no", label=_("Staff number"), kind=FieldKind.CODE, max_length=40, aliases=("工号", "staff no"),
    ),
    _text("code", _("What it was about"), 40, "小结代码", "业务小结", "wrap-up code"),
    _text("purpose", _("What we called for"), 40, "外呼目的", "purpose"),
    FieldSpec(name="note", label=_("Note"), max_length=500, aliases=("备注", "note"), personal=Kind.FREE_TEXT),
    _text("recording", _("Reference of the recording"), 200, "录音编号", "recording"),
)  # fmt: skip
_CHECKED: Final = tuple(spec.name for spec in FIELDS)


class CallImporter:
    kind: str = "call"
    label: str = _("Calls")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_direction": _("The direction is not known. Use in or out, or map the value."),
        "wrong_order": _("The times are not in order: came in, asked for a person, answered, ended within 12 hours."),
        "unknown_code": _("There is no such code. Add it to the business rule of the call centre, or map it."),
        "unknown_purpose": _("Nobody is called for that. Map the value to one of the purposes of a call."),
        "no_number": _("This is no telephone number; the call was taken without it."),
        "unknown_customer": _("The source system has no customer with this number; the call was taken without one."),
        "unknown_staff": _("Nobody has this staff number; the call was taken without an agent."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        direction = read_direction(table["direction"], found)
        found.refuse(_out_of_order(table), "ended_at", "wrong_order")
        named = calling.wrap_codes(schemes.calls(context.now))
        codes = {word: one.code for one in named.values() for word in (one.label_en, one.label_zh, one.code)}
        code = table["code"].replace_strict(codes, default=None)
        found.refuse(table["code"].is_not_null() & code.is_null(), "code", "unknown_code", table["code"])
        purpose = table["purpose"].replace_strict({one: one for one in CALL_PURPOSES}, default=None)
        found.refuse(table["purpose"].is_not_null() & purpose.is_null(), "purpose", "unknown_purpose", table["purpose"])
        read = normalise_phones(table["number"])
        # A caller who hides the number is no mistake of the file.
        found.warn(table["number"].is_not_null() & ~read["ok"], "number", "no_number")
        queues = {one[name]: one["code"] for one in schemes.types_content(context.now)["queues"]
                  for name in ("label_en", "label_zh")}  # fmt: skip
        table = table.with_columns(importing.texts_in_one_line(table, FIELDS)).with_columns(
            direction.alias("direction"), code.alias("code"), purpose.alias("purpose"),
            read["normalised"].alias("number"), pl.col("queue").replace(queues),
            pl.col("source").fill_null(pl.lit(context.source)),
            *(pl.col(name).clip(0, 43_200).fill_null(0) for name in ("hold_seconds", "after_seconds")),
        )  # fmt: skip
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(importing.digests(rows, _CHECKED, "call 1"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created("desk_touchpoint", name="t.source_key")
        work.restore_changed("desk_touchpoint", name="t.source_key")
        work.delete_created("desk_call", name="t.external_id")
        return work.result()


def _out_of_order(table: pl.DataFrame) -> pl.Series:
    steps = ("rang_at", "asked_at", "answered_at", "ended_at")
    wrong = pl.lit(False)
    for at, later in enumerate(steps):
        for earlier in steps[:at]:
            wrong = wrong | (pl.col(later) < pl.col(earlier)).fill_null(False)
    wrong = wrong | (pl.col("ended_at") - pl.col("rang_at") > LONGEST).fill_null(False)
    return table.select(wrong.alias("wrong"))["wrong"]


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    work = rows.with_columns(
        pl.col("call_no").alias("external_id"), pl.col("source").alias("its_source"),
        pl.lit(context.source).alias("system"),
    )  # fmt: skip
    unchanged, work = bulk_upsert.without_unchanged("desk_call", ["external_id", "system"], work)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    party = customers.parties_of(work["its_source"], work["customer_key"])
    found.warn(
        work["customer_key"].is_not_null() & party.is_null(), "customer_key", "unknown_customer", work["customer_key"]
    )
    party = party.zip_with(party.is_not_null(), customers.parties_by_phone(work["number"]))
    staff = bulk.ids_by("accounts_user", "staff_no", work["staff_no"])
    found.warn(work["staff_no"].is_not_null() & staff.is_null(), "staff_no", "unknown_staff", work["staff_no"])
    work = work.with_columns(party.alias("party_id"), staff.alias("agent_id"))
    done = bulk_upsert.upsert("desk_call", _shaped(work), context, key=["external_id", "system"])
    written = pl.concat([done.new.select("id", "external_id"), done.changed.select("id", "external_id")])
    last = work.unique("external_id", keep="last", maintain_order=True).join(written, on="external_id")
    _seal(last)
    _note_contacts(last, context)
    return Applied(done.created, done.updated, unchanged + done.unchanged, 0, found.table())


def _shaped(work: pl.DataFrame) -> pl.DataFrame:
    is_answered = pl.col("answered_at").is_not_null()
    is_coded = pl.col("code").is_not_null()
    menu = pl.col("menu").fill_null("").str.extract_all(r"[0-9A-Za-z*#]+")
    joined = menu.list.eval(pl.format('"{}"', pl.element())).list.join(",")
    asked = pl.col("asked_at").is_not_null() | is_answered | (menu.list.len() == 0)
    return work.select(
        "external_id", "system", "direction", "party_id", "agent_id", "rang_at", "asked_at", "answered_at", "ended_at",
        "hold_seconds", "digest", pl.format("[{}]", joined).alias("menu"), pl.lit("ended").alias("state"),
        pl.when(pl.col("direction") == "outbound").then(False)
        .otherwise(pl.coalesce("wanted_human", asked) | is_answered).alias("wanted_human"),
        pl.lit(True).alias("is_end_seen"), pl.col("code").fill_null("").alias("wrap_code"),
        pl.when(is_answered | is_coded).then(pl.col("ended_at") + pl.duration(seconds="after_seconds"))
        .alias("wrapped_at"),
        pl.lit("").alias("ended_why"), pl.lit(1).alias("version"),
        *(pl.col(name).fill_null("") for name in ("queue", "purpose", "note", "recording")),
    )  # fmt: skip


def _seal(calls: pl.DataFrame) -> None:
    """Telephone numbers, each sealed to the row it stands in."""
    known = calls.filter(pl.col("number").is_not_null())
    if known.is_empty():
        return
    rows = [bytes.fromhex(key.replace("-", "")) for key in known["id"]]
    sealed = vault.ring().seal_many(known["number"].to_list(), "desk_call", "number_sealed", rows)
    bulk.update_frame("desk_call", known.select("id", pl.Series("number_sealed", sealed, pl.Binary)))


def _note_contacts(calls: pl.DataFrame, context: BatchContext) -> None:
    """What was written up about a customer is a contact in the file."""
    words = {one.code: one.label_zh[:60] for one in calling.wrap_codes(schemes.calls(context.now)).values()}
    # The key as the service that writes calls up spells it, so that either finds the contact of the other.
    spelt = (
        pl.col("id")
        .str.replace_all("-", "")
        .str.replace(r"^(.{8})(.{4})(.{4})(.{4})(.{12})$", "${1}-${2}-${3}-${4}-${5}")
    )
    seconds = (pl.col("ended_at") - pl.col("answered_at")).dt.total_seconds()
    table = calls.filter(pl.col("party_id").is_not_null() & pl.col("code").is_not_null()).select(
        "party_id", "direction", "digest", spelt.alias("source_key"), pl.lit("call").alias("source"),
        pl.lit("phone").alias("channel"), pl.col("rang_at").alias("at"), seconds.alias("duration_seconds"),
        pl.col("code").replace_strict(words, default="", return_dtype=pl.String).alias("topic"),
        pl.col("note").fill_null("").alias("summary"),
        pl.when(pl.col("answered_at").is_not_null()).then(pl.lit("solved")).otherwise(pl.lit("not_reached"))
        .alias("result"),
        pl.col("agent_id").alias("staff_id"), pl.lit("").alias("next_step"), pl.lit("").alias("policy_no"),
    )  # fmt: skip
    if not table.is_empty():
        bulk_upsert.upsert("desk_touchpoint", table, context, key=["source_key", "source"])
