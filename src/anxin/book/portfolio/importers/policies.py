"""Policies: who holds them, what they insure, until when, what they cost, and of which contract they are a term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.utils import timezone

from anxin.book.customers.queries import records as customers
from anxin.book.portfolio.importers import base, chains, undoing
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

VERSION: Final = 1
# Why a policy was ended by a full load that no longer holds it.
ABSENT: Final = "no longer in the full load"
# Terms without a number of their own bear that of the contract and the day they begin.
_NUMBER: Final = pl.coalesce(
    "policy_no", pl.concat_str("contract_key", pl.col("start_date").dt.strftime("%Y%m%d"), separator="-")
).alias("policy_no")
STATUSES: Final = {
    "in_force": "in_force", "active": "in_force", "有效": "in_force", "lapsed": "lapsed", "suspended": "lapsed",
    "中止": "lapsed", "失效": "lapsed", "surrendered": "surrendered", "退保": "surrendered", "matured": "matured",
    "满期": "matured", "expired": "expired", "到期": "expired", "cancelled": "cancelled", "注销": "cancelled",
    "terminated": "terminated", "终止": "terminated", "pending": "pending", "not_started": "pending",
    "未生效": "pending",
}  # fmt: skip
PAY_MODES: Final = {
    "single": "single", "趸交": "single", "annual": "annual", "年交": "annual", "semiannual": "semiannual",
    "half_yearly": "semiannual", "半年交": "semiannual", "quarterly": "quarterly", "季交": "quarterly",
    "monthly": "monthly", "月交": "monthly",
}  # fmt: skip
CHANNELS: Final = {
    "个代": "agent", "个险": "agent", "银保": "bancassurance", "银邮": "bancassurance", "经代": "broker",
    "车商": "dealer", "门店": "outlet", "电销": "telesales", "网销": "online", "直销": "direct", "重客": "key_account",
}  # fmt: skip
# Instalments of a year; a single premium counts a tenth, as the insurer's own annualised premium does (年化 / 10).
_PER_YEAR: Final = {"annual": 1, "semiannual": 2, "quarterly": 4, "monthly": 12}
FIELDS: Final = (
    base.code("policy_no", _("Policy number"), 60, "保单号", "保单号码", "团体保单号", "policy no"),
    base.code("proposal_no", _("Proposal number"), 60, "投保单号", "proposal no"),
    base.code("contract_key", _("Contract (the same in all terms)"), 80, "合同号", "contract", "contract id"),
    base.code("previous_policy_no", _("Policy number of the term before"), 60, "上年保单号", "previous policy no"),
    base.code("group_policy_no", _("Group policy number"), 60, "所属团单号", "group policy no"),
    base.of(FieldKind.YES_NO, "is_group", _("Group policy"), "团单标志", "is group"),
    base.code("product_code", _("Product code"), 40, "险种代码", "险种", "产品代码", "product code"),
    base.text("product_name", _("Product name"), 120, "险种名称", "产品名称", "product name"),
    base.text("line_of_business", _("Line of business"), 20, "险类", "line of business"),
    base.code("holder_key", _("Customer number of the policyholder"), 80, "投保人客户号", "投保人代码",
              "投保单位客户号", "holder", "client id", required=True),
    base.code("insured_key", _("Customer number of the insured"), 80, "被保险人客户号", "被保险人代码", "insured"),
    base.code("unit_code", _("Unit code"), 40, "归属机构", "机构代码", "unit code"),
    base.code("staff_no", _("Staff number of the salesperson"), 40, "业务员工号", "经办人", "staff no"),
    base.text("channel", _("Sales channel"), 20, "销售渠道", "业务来源", "channel"),
    base.of(FieldKind.DATE, "applied_date", _("Date of application"), "投保日期", "applied"),
    base.of(FieldKind.DATE, "underwritten_date", _("Date of underwriting"), "承保日期", "签单日期", "underwritten"),
    base.of(FieldKind.DATE, "start_date", _("First day of cover"), "生效日期", "起保日期", "start date", required=True),
    base.of(FieldKind.DATE, "end_date", _("Last day of cover"), "满期日期", "终保日期", "end date"),
    base.of(FieldKind.DATE, "expiry_date", _("Day cover ends (no longer covered)"), "expiry date", "renewal date"),
    base.of(FieldKind.DATE, "ended_date", _("Ended early on"), "终止日期", "ended"),
    base.of(FieldKind.DATE, "receipt_date", _("Receipt signed on"), "回执签收日期", "receipt date"),
    base.text("pay_mode", _("Payment mode"), 20, "缴费方式", "pay mode"),
    base.of(FieldKind.INTEGER, "pay_years", _("Years of payment"), "缴费年期", "pay years"),
    base.of(FieldKind.DATE, "paid_to_date", _("Paid to"), "交至日期", "paid to"),
    base.of(FieldKind.MONEY, "premium", _("Premium"), "保费", "期交保费", "premium"),
    base.of(FieldKind.MONEY, "annual_premium", _("Annual premium"), "年化保费", "annual premium"),
    base.of(FieldKind.MONEY, "accumulated_premium", _("Premium paid so far"), "累计已交保费", "accumulated premium"),
    base.of(FieldKind.MONEY, "sum_insured", _("Sum insured"), "保险金额", "基本保额", "保额", "sum insured"),
    base.text("currency", _("Currency"), 3, "币种", "currency"),
    base.text("status", _("Status"), 20, "保单状态", "状态", "status"),
    base.text("end_reason", _("Reason of the end"), 60, "终止原因", "reason"),
    base.of(FieldKind.INTEGER, "insured_count", _("Number of insured"), "参保人数", "insured count"),
    base.text("plate", _("Plate"), 20, "号牌号码", "车牌号", "plate", personal=Kind.PLATE),
)  # fmt: skip
_CHECKED: Final = (
    "policy_no", "proposal_no", "contract_key", "previous_policy_no", "group_policy_no", "is_group_header",
    "product_code", "product_name", "line_of_business", "holder_key", "insured_key", "unit_code", "agent_code",
    "channel", "applied_date", "underwritten_date", "effective_date", "expiry_date", "ended_date", "receipt_date",
    "pay_mode", "pay_term_years", "paid_to_date", "premium_fen", "annual_premium_fen", "total_paid_fen",
    "sum_insured_fen", "currency", "status", "status_reason", "insured_count", "plate",
)  # fmt: skip


class PolicyImporter:
    kind: str = "policy"
    label: str = _("Policies")
    key_fields: Sequence[str] = ("policy_no", "contract_key", "start_date")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": base.VALUE_MISSING,
        "number_missing": _("Neither the policy number nor the contract is given. One of them is needed."),
        "ends_before_start": _("Cover ends before it begins. Compare the two dates."),
        "premium_negative": _("The premium is negative. Correct the amount; returns belong in the endorsements."),
        "amount_negative": base.AMOUNT_NEGATIVE,
        "unknown_status": base.UNKNOWN_STATUS,
        "pay_mode_unknown": _("The payment mode is not known and was left out. Map the value in the profile."),
        "unknown_holder": base.UNKNOWN_CUSTOMER,
        "unknown_insured": _(
            "The source system has no customer with this number; the policy was taken without its insured."
        ),
        "unknown_unit": base.UNKNOWN_UNIT,
        "unknown_product": base.UNKNOWN_PRODUCT,
        "product_missing": _("Neither a product code nor a product name with its line of business is given."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        table = base.clean(table, FIELDS, found)
        # end_date is the last day of cover, expiry_date the day after; a source gives one or the other.
        expiry = pl.coalesce("expiry_date", pl.col("end_date").dt.offset_by("1d"))
        table = table.with_columns(_NUMBER, expiry.alias("expiry_date"))
        found.refuse(table["policy_no"].is_null(), "policy_no", "number_missing")
        found.refuse(table["expiry_date"] < table["start_date"], "end_date", "ends_before_start", table["end_date"])
        found.refuse(table["premium"] < 0, "premium", "premium_negative", table["premium"])
        for name in ("annual_premium", "accumulated_premium", "sum_insured"):
            found.refuse(table[name] < 0, name, "amount_negative", table[name])
        said = table["status"].str.to_lowercase()
        status = said.replace_strict(STATUSES, default=None)
        found.refuse(said.is_not_null() & status.is_null(), "status", "unknown_status", table["status"])
        pay_mode = table["pay_mode"].str.to_lowercase().replace_strict(PAY_MODES, default=None)
        found.warn(table["pay_mode"].is_not_null() & pay_mode.is_null(), "pay_mode", "pay_mode_unknown",
                   table["pay_mode"])  # fmt: skip
        bare = table["product_code"].is_null() & (table["product_name"].is_null() | table["line_of_business"].is_null())
        found.refuse(bare, "product_code", "product_missing")
        today = pl.lit(context.now.date())
        by_date = (
            pl.when(pl.col("expiry_date") <= today)
            .then(pl.lit("expired"))
            .when(pl.col("start_date") > today)
            .then(pl.lit("pending"))
            .otherwise(pl.lit("in_force"))
        )
        table = table.with_columns(status.alias("status"), pay_mode.alias("pay_mode")).with_columns(
            pl.coalesce("status", by_date).alias("status"),
            pl.col("premium").fill_null(0),
            pl.coalesce("currency", pl.lit("CNY")).str.to_uppercase(),
            pl.col("channel").replace(CHANNELS),
            base.plates(table["plate"]),
        )
        yearly = pl.col("pay_mode").replace_strict(_PER_YEAR, default=1, return_dtype=pl.Int64)
        once = (pl.col("premium") + 5) // 10
        table = table.with_columns(
            pl.col("start_date").alias("effective_date"),
            pl.col("is_group").fill_null(value=False).alias("is_group_header"),
            pl.col("staff_no").alias("agent_code"),
            pl.col("end_reason").alias("status_reason"),
            pl.when(pl.col("pay_years").is_between(0, 120)).then("pay_years").alias("pay_term_years"),
            pl.col("premium").alias("premium_fen"),
            pl.coalesce(
                "annual_premium",
                pl.when(pl.col("pay_mode") == "single").then(once).otherwise(pl.col("premium") * yearly),
            ).alias("annual_premium_fen"),
            pl.coalesce("accumulated_premium", "premium").alias("total_paid_fen"),
            pl.col("sum_insured").alias("sum_insured_fen"),
        )
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        digests = importing.digests(rows, _CHECKED, f"policy {VERSION}")
        work = rows.with_columns(digests, pl.lit(context.source).alias("source"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    def undo(self, batch_id: UUID) -> Undone:
        return undoing.undo(batch_id, "portfolio_policy")

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            (frame.select(_NUMBER) for frame in keys), table="portfolio_policy", names=["policy_no"],
            key=["t.policy_no"], where=where, values=values, shown="t.policy_no",
            ending="status = 'terminated', ended_date = coalesce(t.ended_date, %s), status_reason = %s, "
            "updated_at = %s, digest = ''",
            ending_values=[timezone.localdate(context.now), ABSENT, context.now],
            is_open="t.status IN ('in_force', 'pending', 'lapsed')",
        )  # fmt: skip


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    unchanged, work = bulk_upsert.without_unchanged("portfolio_policy", ["policy_no", "source"], rows)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    work = _with_places(work, found)
    kept = work.filter(~found.refused)
    kept = kept.with_columns(chains.contract_keys(kept, context.source))
    now = pl.lit(context.now).cast(pl.Datetime("us", "UTC"))
    table = kept.select(
        "source", "policy_no", "holder_id", "product_id", "unit_id", "contract_key", "is_group_header", "status",
        "applied_date", "effective_date", "expiry_date", "ended_date", "receipt_date", "pay_term_years",
        "paid_to_date", "currency", "premium_fen", "annual_premium_fen", "total_paid_fen", "sum_insured_fen",
        "product_name", "digest", pl.col("line_of_business").alias("line"),
        *(pl.col(name).fill_null("") for name in (
            "proposal_no", "previous_policy_no", "group_policy_no", "channel", "agent_code", "status_reason",
            "pay_mode", "plate",
        )),
        _attributes(("underwritten_date", "insured_count")),
        now.alias("created_at"), now.alias("updated_at"),
    )  # fmt: skip
    done = bulk_upsert.upsert(
        "portfolio_policy", table, context, key=["policy_no", "source"], insert_only=["created_at"]
    )
    chains.join_later_terms(done.new, context.source)
    _write_insured(kept, done, context)
    return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())


def _with_places(work: pl.DataFrame, found: Findings) -> pl.DataFrame:
    """Ids of holder, insured, product and unit; the product's name and line where the row does not say them."""
    holder = customers.parties_of(work["source"], work["holder_key"])
    found.refuse(holder.is_null(), "holder_key", "unknown_holder", work["holder_key"])
    insured = customers.parties_of(work["source"], work["insured_key"])
    found.warn(work["insured_key"].is_not_null() & insured.is_null(), "insured_key", "unknown_insured",
               work["insured_key"])  # fmt: skip
    unit = bulk.ids_by("org_unit", "code", work["unit_code"])
    found.refuse(work["unit_code"].is_not_null() & unit.is_null(), "unit_code", "unknown_unit", work["unit_code"])
    codes = work["product_code"].drop_nulls().unique()
    schema: dict[str, pl.DataType] = {
        "product_code": pl.String(), "product_id": pl.String(), "its_name": pl.String(), "its_line": pl.String(),
    }  # fmt: skip
    products = bulk.lookup(
        "SELECT k.k1, encode(uuid_send(p.id), 'hex'), p.name, p.line FROM {keys} "
        "JOIN portfolio_product p ON p.code = k.k1",
        [codes],
        schema,
    )
    work = work.join(products, on="product_code", how="left", maintain_order="left").with_columns(
        pl.coalesce("product_name", "its_name").alias("product_name"),
        pl.coalesce("line_of_business", "its_line").alias("line_of_business"),
        holder.alias("holder_id"),
        insured.alias("insured_id"),
        unit.alias("unit_id"),
    )
    nameless = work["product_name"].is_null() | work["line_of_business"].is_null()
    strange = work["product_code"].is_not_null() & work["product_id"].is_null() & nameless
    found.refuse(strange, "product_code", "unknown_product", work["product_code"])
    return work


def _attributes(names: Sequence[str]) -> pl.Expr:
    """What has no column of its own, as JSON without the blanks."""
    return (
        pl.struct(names)
        .struct.json_encode()
        .str.replace_all(r'"[a-z_]+":null,?', "")
        .str.replace(r",\}$", "}")
        .alias("attributes")
    )


def _write_insured(kept: pl.DataFrame, done: bulk_upsert.Upserted, context: BatchContext) -> None:
    """The insured as a role, where it is not the policyholder."""
    written = pl.concat(
        [done.new.select("id", "policy_no", is_new=True), done.changed.select("id", "policy_no", is_new=False)]
    )
    said = kept.unique("policy_no", keep="last", maintain_order=True).select("policy_no", "holder_id", "insured_id")
    roles = written.join(said, on="policy_no", how="left", maintain_order="left")
    bulk.delete_rows(
        "portfolio_policyrole", roles.filter(~pl.col("is_new")).select(pl.col("id").alias("policy_id")),
        only={"role": "insured"},
    )  # fmt: skip
    roles = roles.filter(pl.col("insured_id").is_not_null() & (pl.col("insured_id") != pl.col("holder_id")))
    ids, _raw = bulk.new_keys(roles.height)
    frame = roles.select(
        pl.Series("id", ids, dtype=pl.String),
        pl.col("id").alias("policy_id"),
        pl.col("insured_id").alias("party_id"),
        pl.lit("insured").alias("role"),
        pl.lit("").alias("relation"),
        pl.lit(context.batch_id.hex).alias("batch_id"),
    )
    bulk.copy_frame("portfolio_policyrole", frame)
