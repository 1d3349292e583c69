"""Tickets of the systems that went before: history with its outcome, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction
from django.db.models import F

from anxin.book.customers.queries import records as customers
from anxin.foundation.org import queries as org
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing, promises
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _
from anxin.service.desk.importers.touchpoints import CHANNELS
from anxin.service.desk.models import Promise, Ticket
from anxin.service.desk.queries import schemes
from anxin.service.desk.rules import promising
from anxin.service.desk.services import numbers

# Numbers of imported tickets are of a series of their own: they came in together, whenever they were opened.
SERIES: Final = "GL"
STATES: Final = {
    "待受理": "new", "new": "new", "处理中": "working", "working": "working", "open": "working", "待客户": "waiting",
    "waiting": "waiting", "已办结": "resolved", "resolved": "resolved", "已结案": "closed", "closed": "closed",
    "已撤销": "withdrawn", "withdrawn": "withdrawn",
}  # fmt: skip
OPEN: Final = ("new", "working", "waiting")


def _text(name: str, label: str, length: int, *aliases: str, required: bool = False) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases, is_required=required)


FIELDS: Final = (
    FieldSpec(
        name="ticket_no", label=_("Number of the ticket"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("工单号", "工单编号", "ticket no"),
    ),
    _text("source", _("Source system of the customer"), 40, "客户来源系统", "source"),
    FieldSpec(
        name="customer_key", label=_("Customer number"), kind=FieldKind.CODE, max_length=80,
        aliases=("客户号", "customer no"),
    ),
    _text("type", _("Type of ticket"), 40, "工单类型", "type", required=True),
    FieldSpec(
        name="subject", label=_("In a few words"), max_length=120, aliases=("事项", "subject"), personal=Kind.FREE_TEXT,
    ),
    _text("channel", _("Channel"), 16, "渠道", "channel"),
    _text("status", _("Status"), 20, "状态", "status", required=True),
    FieldSpec(
        name="opened_at", label=_("Opened at"), kind=FieldKind.MOMENT, is_required=True,
        aliases=("受理时间", "建单时间", "opened at"),
    ),
    FieldSpec(
        name="closed_at", label=_("Finished at"), kind=FieldKind.MOMENT, aliases=("办结时间", "closed at"),
    ),
    FieldSpec(
        name="result", label=_("Result"), max_length=500, aliases=("处理结果", "result"), personal=Kind.FREE_TEXT,
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
_CHECKED: Final = tuple(spec.name for spec in FIELDS)


class TicketImporter:
    kind: str = "ticket"
    label: str = _("Tickets")
    key_fields: Sequence[str] = ("ticket_no",)
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_status": _(
            "The status is not known. Use 待受理, 处理中, 待客户, 已办结, 已结案 or 已撤销, or map it."
        ),
        "end_missing": _("A finished ticket needs the time at which it was finished."),
        "unknown_type": _("There is no such type of ticket. Add it to the rules of the desk, or map it."),
        "unknown_customer": _(
            "The source system has no customer with this number. Import the customers first or correct the number."
        ),
        "unknown_staff": _("Nobody has this staff number; the ticket was taken without an owner."),
        "out_of_range": _("The value is outside what is allowed."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        state = table["status"].str.to_lowercase().replace_strict(STATES, default=None)
        found.refuse(table["status"].is_not_null() & state.is_null(), "status", "unknown_status", table["status"])
        is_ended = state.is_not_null() & ~state.is_in(OPEN)
        wrong_end = is_ended & (
            table["closed_at"].is_null() | (table["closed_at"] < table["opened_at"]).fill_null(False)
        )
        found.refuse(wrong_end, "closed_at", "end_missing")
        odd = table["satisfaction"].is_not_null() & ~table["satisfaction"].is_between(1, 5)
        found.refuse(odd, "satisfaction", "out_of_range", table["satisfaction"].cast(pl.String))
        types = schemes.ticket_types(context.now)
        codes = {code: code for code in types}
        codes |= {one.label_zh: one.code for one in types.values()} | {one.label_en: one.code for one in types.values()}
        kind = table["type"].replace_strict(codes, default=None)
        found.refuse(table["type"].is_not_null() & kind.is_null(), "type", "unknown_type", table["type"])
        table = table.with_columns(importing.texts_in_one_line(table, FIELDS)).with_columns(
            state.alias("status"), kind.alias("type"),
            pl.col("channel").replace_strict(CHANNELS, default="other").fill_null("phone"),
            pl.col("source").fill_null(pl.lit(context.source)),
        )  # fmt: skip
        good = table.filter(~found.refused).select("line", *_CHECKED)
        return Checked(good, found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(importing.digests(rows, _CHECKED, "ticket 1"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        # What the night made of a finished ticket goes with it: nobody promised anything since.
        Promise.objects.filter(
            ticket__batch_id=batch_id, ticket__ended_at__isnull=False, ticket__version=1, done_at=F("ticket__ended_at")
        ).delete()
        work.delete_created("desk_ticket", name="t.source_key")
        work.restore_changed("desk_ticket", name="t.source_key")
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table="desk_ticket", names=self.key_fields, key=["t.source_key"], where=where, values=values,
            shown="t.source_key",
        )  # fmt: skip


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    work = rows.with_columns(
        pl.col("ticket_no").alias("source_key"), pl.col("source").alias("its_source"),
        pl.lit(context.source).alias("source"),
    )  # fmt: skip
    unchanged, work = bulk_upsert.without_unchanged("desk_ticket", ["source_key", "source"], work)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    party = customers.parties_of(work["its_source"], work["customer_key"])
    found.refuse(
        work["customer_key"].is_not_null() & party.is_null(), "customer_key", "unknown_customer", work["customer_key"]
    )
    staff = bulk.ids_by("accounts_user", "staff_no", work["staff_no"])
    found.warn(work["staff_no"].is_not_null() & staff.is_null(), "staff_no", "unknown_staff", work["staff_no"])
    table = work.with_columns(party.alias("party_id"), staff.alias("owner_id")).filter(~found.refused)
    if table.is_empty():
        return Applied(0, 0, unchanged, int(found.refused.sum()), found.table())
    done = bulk_upsert.upsert("desk_ticket", _shaped(table, context), context, key=["source_key", "source"])
    return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())


def _shaped(table: pl.DataFrame, context: BatchContext) -> pl.DataFrame:
    """The columns of tickets. Those that were here before keep their number."""
    types = schemes.ticket_types(context.now)
    calendar = org.working_calendar()
    amber = schemes.amber_percent(context.now)
    known = {
        (source, key): number
        for source, key, number in Ticket.objects.filter(
            source=context.source, source_key__in=table["source_key"].to_list()
        ).values_list("source", "source_key", "number")
    }
    fresh = iter(numbers.take(SERIES, context.now.date(), table.height))
    made = []
    for row in table.iter_rows(named=True):
        kind = types[row["type"]]
        clock = promising.standard_clock(kind, row["opened_at"])
        due, amber_at = promises.schedule(clock, calendar, context.now, amber)
        state = "new" if row["status"] == "working" and row["owner_id"] is None else row["status"]
        number = known.get((context.source, row["source_key"])) or next(fresh)
        made.append((number, kind.kind.value, kind.queue, kind.skill, kind.priority, state, due, amber_at))
    shape = dict.fromkeys(("number", "kind", "queue", "skill", "priority", "state", "due_at", "amber_at"))
    extra = pl.DataFrame(made, schema=list(shape), orient="row")
    nothing = pl.Series([None] * table.height, dtype=table["closed_at"].dtype)
    ended = table["closed_at"].zip_with(~extra["state"].is_in(OPEN), nothing)
    return table.select(
        "source", "source_key", "party_id", "owner_id", pl.col("owner_id").alias("first_owner_id"), "type", "channel",
        "opened_at", pl.col("satisfaction"), "digest",
        *(pl.col(name).fill_null("") for name in ("subject", "result", "policy_no")),
    ).with_columns(
        *extra.get_columns(), ended.alias("ended_at"),
        pl.lit("{}").alias("answers"), pl.lit("").alias("language"), pl.lit("").alias("tier"),
        pl.lit(False).alias("is_green"), pl.lit(context.now).alias("changed_at"), pl.lit(1).alias("version"),
    )  # fmt: skip
