"""Claims with their stages. A report that has no claim number yet is the same claim once it gets one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl

from anxin.book.customers.queries import records as customers
from anxin.book.portfolio.importers import base, undoing
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing, vault
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

VERSION: Final = 1
STATES: Final = {
    **{name: name for name in (
        "reported", "surveyed", "assessed", "registered", "documents_complete", "calculated", "approved", "paid",
        "closed", "cancelled",
    )},
    "报案": "reported", "查勘": "surveyed", "定损": "assessed", "立案": "registered", "单证": "documents_complete",
    "理算": "calculated", "核赔": "approved", "支付": "paid", "结案": "closed", "注销": "cancelled",
}  # fmt: skip
CONCLUSIONS: Final = {
    **{name: name for name in ("paid", "refused", "zero", "withdrawn", "ex_gratia", "compromise")},
    "赔付": "paid", "拒赔": "refused", "零结案": "zero", "注销": "withdrawn", "通融": "ex_gratia", "协议": "compromise",
}  # fmt: skip
STAGES: Final = (
    "surveyed_at", "assessed_at", "registered_at", "documents_complete_at", "calculated_at", "approved_at", "paid_at",
    "closed_at",
)  # fmt: skip
FIELDS: Final = (
    base.code("report_no", _("Report number"), 60, "报案号", "report no"),
    base.code("claim_no", _("Claim number"), 60, "赔案号", "立案号", "claim no", "claim id"),
    base.POLICY_NO,
    base.code("claimant_key", _("Customer number of the claimant"), 80, "索赔人客户号", "claimant"),
    base.text("reporter", _("Reported by"), 60, "报案人", "reporter", personal=Kind.NAME),
    base.text("reporter_relation", _("Relation of the reporter"), 24, "报案人关系", "reporter relation"),
    base.code("reporter_phone", _("Phone of the reporter"), 40, "报案电话", "reporter phone", personal=Kind.MOBILE),
    base.of(FieldKind.MOMENT, "reported_at", _("Reported at"), "报案时间", "reported at"),
    base.of(FieldKind.DATE, "reported_date", _("Reported on"), "报案日期", "reported on"),
    base.of(FieldKind.MOMENT, "happened_at", _("Happened at"), "出险时间", "happened at"),
    base.of(FieldKind.DATE, "happened_date", _("Happened on"), "出险日期", "happened on", "occurrence date"),
    base.text("place", _("Place"), 200, "出险地点", "place", personal=Kind.ADDRESS),
    base.text("cause", _("Cause"), 60, "出险原因", "cause"),
    base.text("description", _("Description"), 4000, "出险经过", "description", personal=Kind.HEALTH),
    base.of(FieldKind.YES_NO, "has_injury", _("Injury"), "人伤标志", "injury"),
    base.code("surveyor_staff_no", _("Staff number of the surveyor"), 40, "查勘员工号", "surveyor"),
    *(
        base.of(FieldKind.MOMENT, name, label, alias)
        for name, label, alias in (
            ("surveyed_at", _("Surveyed at"), "查勘时间"),
            ("assessed_at", _("Assessed at"), "定损时间"),
            ("registered_at", _("Registered at"), "立案时间"),
            ("documents_complete_at", _("Documents complete at"), "单证齐全时间"),
            ("calculated_at", _("Calculated at"), "理算时间"),
            ("approved_at", _("Approved at"), "核赔时间"),
            ("paid_at", _("Paid at"), "支付时间"),
            ("closed_at", _("Closed at"), "结案时间"),
        )
    ),
    base.text("stage", _("Stage"), 20, "案件状态", "stage", "status"),
    base.text("conclusion", _("Conclusion"), 20, "结案类型", "conclusion"),
    base.of(FieldKind.MONEY, "claimed_amount", _("Amount claimed"), "索赔金额", "claimed amount"),
    base.of(FieldKind.MONEY, "estimate", _("Estimate"), "估损金额", "estimate"),
    base.of(FieldKind.MONEY, "paid_amount", _("Amount paid"), "赔付金额", "paid amount", "claim amount"),
)
_CHECKED: Final = (
    "policy_no", "claim_no", "report_no", "claimant_key", "reporter", "reporter_relation", "surveyor", "reported_at",
    "accident_at", "accident_place", "cause", "description", "is_injury", "is_recovery", *STAGES, "state",
    "conclusion", "claimed_fen", "estimated_fen", "paid_fen",
)  # fmt: skip
# A report that is no claim yet stands under its report number.
_NUMBER: Final = pl.coalesce("claim_no", "report_no").alias("claim_no")
_REPORTS: Final = """
SELECT k.at, encode(uuid_send(c.id), 'hex'), c.claim_no FROM {keys} CROSS JOIN LATERAL (
    SELECT id, claim_no FROM portfolio_claim
    WHERE report_no = k.k1 AND report_no <> '' AND claim_no = report_no AND source = %s OFFSET 0
) c
"""


class ClaimImporter:
    kind: str = "claim"
    label: str = _("Claims")
    key_fields: Sequence[str] = ("claim_no", "report_no")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        **base.SHARED_HINTS,
        "number_missing": _("Neither the claim number nor the report number is given. One of them is needed."),
        "reported_missing": _("Neither the time of the report nor that of the accident is given. Fill in one."),
        "unknown_stage": _("The stage is not known. Map the value in the profile."),
        "unknown_conclusion": _("The conclusion is not known and was left out. Map the value in the profile."),
        "unknown_customer": _("The source system has no customer with this number; the claim was taken without it."),
        "stages_out_of_order": _("A stage lies before the report. The times were kept; compare them with the file."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        table = base.clean(table, FIELDS, found)
        happened = pl.coalesce("happened_at", _local_midnight("happened_date"))
        table = table.with_columns(_NUMBER, happened.alias("accident_at")).with_columns(
            pl.coalesce("reported_at", _local_midnight("reported_date"), "accident_at").alias("reported_at")
        )
        found.refuse(table["claim_no"].is_null(), "claim_no", "number_missing")
        found.refuse(table["reported_at"].is_null(), "reported_at", "reported_missing")
        said = table["stage"].str.to_lowercase()
        state = said.replace_strict(STATES, default=None)
        found.refuse(said.is_not_null() & state.is_null(), "stage", "unknown_stage", table["stage"])
        ending = table["conclusion"].str.to_lowercase()
        conclusion = ending.replace_strict(CONCLUSIONS, default=None)
        found.warn(ending.is_not_null() & conclusion.is_null(), "conclusion", "unknown_conclusion", table["conclusion"])
        early = table.select(pl.any_horizontal(pl.col(name) < pl.col("reported_at") for name in STAGES)).to_series()
        found.warn(early, "reported_at", "stages_out_of_order", table["reported_at"])
        reached = pl.lit("reported")
        for name in STAGES:
            reached = pl.when(pl.col(name).is_not_null()).then(pl.lit(name.removesuffix("_at"))).otherwise(reached)
        settled = pl.when(pl.col("paid_amount").is_not_null() & (reached == "reported")).then(pl.lit("paid"))
        table = table.with_columns(state.alias("state"), conclusion.alias("conclusion")).with_columns(
            pl.coalesce("state", settled, reached).alias("state"),
            pl.col("paid_amount").fill_null(0).alias("paid_fen"),
            (pl.col("paid_amount") < 0).fill_null(value=False).alias("is_recovery"),
            pl.col("claimed_amount").alias("claimed_fen"),
            pl.col("estimate").alias("estimated_fen"),
            pl.col("has_injury").fill_null(value=False).alias("is_injury"),
            pl.col("place").alias("accident_place"),
            pl.col("surveyor_staff_no").alias("surveyor"),
        )
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        digests = importing.digests(rows, _CHECKED, f"claim {VERSION}")
        work = rows.with_columns(digests, pl.lit(context.source).alias("source"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    def undo(self, batch_id: UUID) -> Undone:
        return undoing.undo(batch_id, "portfolio_claim")

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            (frame.select(_NUMBER) for frame in keys), table="portfolio_claim", names=["claim_no"],
            key=["t.claim_no"], where=where, values=values, shown="t.claim_no",
        )  # fmt: skip


def _local_midnight(name: str) -> pl.Expr:
    moment = pl.col(name).cast(pl.Datetime("us"))
    # Summer time 1986–1991 skipped midnights; null is better than a wrong day.
    zoned = moment.dt.replace_time_zone("Asia/Shanghai", ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC")


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    unchanged, rows = bulk_upsert.without_unchanged("portfolio_claim", ["claim_no", "source"], rows)
    if rows.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(rows)
    work = base.with_policies(rows, found, context)
    claimant = customers.parties_of(work["source"], work["claimant_key"])
    found.warn(
        work["claimant_key"].is_not_null() & claimant.is_null(), "claimant_key", "unknown_customer",
        work["claimant_key"],
    )  # fmt: skip
    work = work.with_columns(claimant.alias("claimant_id")).filter(~found.refused)
    _number_reports(work, context)
    attributes = (
        pl.struct("reporter", "reporter_relation", "surveyor")
        .struct.json_encode()
        .str.replace_all(r'"[a-z_]+":null,?', "")
        .str.replace(r",\}$", "}")
        .alias("attributes")
    )
    table = work.select(
        "source", "claim_no", "policy_id", "claimant_id", "state", "accident_at", "is_injury", "is_recovery",
        "claimed_fen", "estimated_fen", "paid_fen", "reported_at", *STAGES, "digest", attributes,
        *(pl.col(name).fill_null("") for name in ("report_no", "conclusion", "accident_place", "cause")),
    )  # fmt: skip
    done = bulk_upsert.upsert("portfolio_claim", table, context, key=["claim_no", "source"])
    _seal_descriptions(work, done)
    return Applied(done.created, done.updated, unchanged + done.unchanged, int(found.refused.sum()), found.table())


def _number_reports(work: pl.DataFrame, context: BatchContext) -> None:
    """Reports on file that stood under their report number get the claim number that has come in."""
    numbered = work.filter(pl.col("report_no").is_not_null() & (pl.col("claim_no") != pl.col("report_no"))).unique(
        "report_no", keep="first", maintain_order=True
    )
    with bulk.by_index():
        found = bulk.lookup(
            _REPORTS, [numbered["report_no"]], {"at": pl.Int64(), "id": pl.String(), "old": pl.String()},
            context.source,
        )  # fmt: skip
    if found.is_empty():
        return
    renamed = found.select("id", pl.lit(numbered["claim_no"].gather(found["at"])).alias("claim_no"))
    present = bulk_upsert.known(
        "portfolio_claim", ["claim_no", "source"], renamed.with_columns(pl.lit(context.source).alias("source"))
    )
    renamed = renamed.with_row_index("at").filter(~pl.col("at").is_in(present["at"].implode())).drop("at")
    bulk.update_frame("portfolio_claim", renamed)


def _seal_descriptions(work: pl.DataFrame, done: bulk_upsert.Upserted) -> None:
    """Sealed for the row it stands in, so only once the row has its id."""
    said = work.unique("claim_no", keep="last", maintain_order=True).select("claim_no", "description")
    written = pl.concat([done.new.select("id", "claim_no"), done.changed.select("id", "claim_no")])
    texts = written.join(said, on="claim_no", how="left", maintain_order="left").filter(
        pl.col("description").is_not_null()
    )
    if texts.is_empty():
        return
    raw = [bytes.fromhex(key) for key in texts["id"]]
    sealed = vault.ring().seal_many(texts["description"].to_list(), "portfolio_claim", "description_sealed", raw)
    bulk.update_frame("portfolio_claim", texts.select("id", pl.Series("description_sealed", sealed, pl.Binary)))
