"""What hangs on a policy by its number: vehicle, covers, roles, instalments, endorsements, each a `Part`."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.book.customers.queries import records as customers
from anxin.book.portfolio.importers import base, policies
from anxin.book.portfolio.importers.part import Part, PartImporter
from anxin.kernel import bulk
from anxin.kernel.importing import BatchContext, FieldKind, Findings
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

_INSTALMENTS: Final = {
    "due": "due", "grace": "due", "paid": "paid", "overdue": "overdue", "failed": "failed", "waived": "waived",
    "未缴": "due", "宽限期": "due", "已缴": "paid", "逾期": "overdue", "扣款失败": "failed", "豁免": "waived",
}  # fmt: skip
_ROLES: Final = {
    "insured": "insured", "被保险人": "insured", "beneficiary": "beneficiary", "受益人": "beneficiary",
    "payer": "payer", "缴费人": "payer",
    "driver": "driver", "驾驶人": "driver", "owner": "owner", "车主": "owner", "contact": "contact",
    "联系人": "contact",
}  # fmt: skip
_ENDORSED: Final = {"open": "open", "处理中": "open", "done": "done", "已完成": "done", "refused": "refused"}


# --- Vehicle ----------------------------------------------------------------------------------------------------------


def _shape_vehicle(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    vin = table["vin"].str.to_uppercase().str.replace_all(r"[\s-]", "")
    good = vin.str.contains(r"^[A-HJ-NPR-Z0-9]{17}$")
    found.warn(~good, "vin", "vin_unreadable", table["vin"])
    return table.with_columns(
        base.plates(table["plate"]),
        vin.str.slice(0, 17).alias("vin"),
        pl.col("model").alias("make_model"),
        pl.col("registered_date").alias("first_registered"),
        pl.when(pl.col("seats").is_between(0, 200)).then("seats").alias("seats"),
        pl.col("value").alias("value_fen"),
    )


def _plates_of_policies(work: pl.DataFrame, context: BatchContext) -> None:
    """Lists and search read the plate on the policy; the policy file may not have had it."""
    last = work.unique("policy_id", keep="last", maintain_order=True)
    differs = last.filter(pl.col("plate") != pl.col("policy_plate"))
    bulk.update_frame("portfolio_policy", differs.select(pl.col("policy_id").alias("id"), "plate"))


VEHICLE: Final = Part(
    kind="vehicle",
    label=_("Vehicles"),
    table="portfolio_vehicle",
    fields=(
        base.POLICY_NO,
        base.text("plate", _("Plate"), 20, "号牌号码", "车牌号", "plate", personal=Kind.PLATE),
        base.code("vin", _("VIN"), 40, "车架号", "VIN", personal=Kind.VEHICLE),
        base.code("engine_no", _("Engine number"), 40, "发动机号", "engine no", personal=Kind.VEHICLE),
        base.text("model", _("Make and model"), 80, "厂牌型号", "model"),
        base.of(FieldKind.DATE, "registered_date", _("First registered"), "初次登记日期", "registered"),
        base.text("use", _("Use"), 20, "使用性质", "use"),
        base.of(FieldKind.INTEGER, "seats", _("Seats"), "核定座位", "seats"),
        base.text("energy", _("Energy"), 12, "能源种类", "energy"),
        base.of(FieldKind.MONEY, "value", _("Value"), "车辆价值", "新车购置价", "value"),
    ),
    key=("policy_id",),
    id_column="policy_id",
    columns=(
        "plate", "vin", "engine_no", "make_model", "first_registered", "use", "seats", "energy", "value_fen",
    ),
    blank=("plate", "vin", "engine_no", "make_model", "use", "energy"),
    shape=_shape_vehicle,
    after=_plates_of_policies,
    told_by=(("policy_no", "p.policy_no"),),
    hints={"vin_unreadable": _("A VIN has 17 characters without I, O and Q. It was kept as it is; compare it.")},
)  # fmt: skip


# --- Covers -----------------------------------------------------------------------------------------------------------


def _shape_coverage(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    said = table["status"].str.to_lowercase()
    status = said.replace_strict(policies.STATUSES, default=None)
    found.refuse(said.is_not_null() & status.is_null(), "status", "unknown_status", table["status"])
    found.refuse(table["premium"] < 0, "premium", "amount_negative", table["premium"])
    return table.with_columns(
        pl.col("product_code").alias("code"),
        pl.col("name").alias("_said_name"),
        (pl.col("main_or_rider").is_in(["main", "主险"])).fill_null(value=False).alias("is_main"),
        pl.col("sum_insured").alias("sum_insured_fen"),
        pl.col("premium").fill_null(0).alias("premium_fen"),
        pl.col("deductible").alias("deductible_fen"),
        status.alias("status"),
    )


def _name_of_cover(work: pl.DataFrame, found: Findings, context: BatchContext) -> pl.DataFrame:
    names = bulk.lookup(
        "SELECT k.k1, p.name FROM {keys} JOIN portfolio_product p ON p.code = k.k1",
        [work["code"].unique()],
        {"code": pl.String(), "its_name": pl.String()},
    )
    return work.join(names, on="code", how="left", maintain_order="left").with_columns(
        pl.coalesce("_said_name", "its_name", "code").alias("name")
    )


COVERAGE: Final = Part(
    kind="coverage",
    label=_("Covers"),
    table="portfolio_coverage",
    fields=(
        base.POLICY_NO,
        base.of(FieldKind.INTEGER, "seq", _("Number"), "序号", "seq"),
        base.code("product_code", _("Product code"), 40, "险种代码", "险别代码", "product code", required=True),
        base.text("name", _("Name of the cover"), 120, "险种名称", "险别名称", "name"),
        base.text("main_or_rider", _("Main or rider"), 20, "主附险标志", "main or rider"),
        base.of(FieldKind.MONEY, "sum_insured", _("Sum insured"), "保险金额", "保额", "sum insured"),
        base.of(FieldKind.MONEY, "premium", _("Premium"), "保费", "premium"),
        base.of(FieldKind.MONEY, "deductible", _("Deductible"), "免赔额", "deductible"),
        base.of(FieldKind.DATE, "start_date", _("First day of cover"), "起保日期", "start date"),
        base.of(FieldKind.DATE, "end_date", _("Last day of cover"), "终保日期", "end date"),
        base.text("status", _("Status"), 20, "状态", "status"),
    ),
    key=("policy_id", "code"),
    columns=("code", "_said_name", "is_main", "sum_insured_fen", "premium_fen", "deductible_fen", "status"),
    resolved=("name",),
    blank=("status",),
    shape=_shape_coverage,
    resolve=_name_of_cover,
    told_by=(("policy_no", "p.policy_no"), ("product_code", "t.code")),
    hints={"unknown_status": base.UNKNOWN_STATUS, "amount_negative": base.AMOUNT_NEGATIVE},
)


# --- Roles ------------------------------------------------------------------------------------------------------------


def _shape_role(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    role = table["role"].str.to_lowercase().replace_strict(_ROLES, default=None)
    found.refuse(table["role"].is_not_null() & role.is_null(), "role", "unknown_role", table["role"])
    share = table["share"].str.extract(r"^(\d{1,3}(?:\.\d{1,2})?)\s*%?$", 1)
    whole = share.str.extract(r"^(\d+)", 1).cast(pl.Int64)
    part = share.str.extract(r"\.(\d+)$", 1).str.pad_end(2, "0").cast(pl.Int64).fill_null(0)
    share_bp = whole * 100 + part
    found.refuse(
        table["share"].is_not_null() & (share_bp.is_null() | (share_bp > 10_000)), "share", "share_unreadable",
        table["share"],
    )  # fmt: skip
    table = table.with_columns(
        role.alias("role"),
        share_bp.alias("share_bp"),
        pl.when(pl.col("order").is_between(1, 99)).then("order").alias("benefit_order"),
    )
    # Shares of one order make a whole: insurance law article 40 divides equally where nothing is said.
    sums = table.with_columns(
        pl.when(pl.col("role") == "beneficiary")
        .then(pl.col("share_bp").sum().over("policy_no", "role", pl.col("benefit_order").fill_null(0)))
        .alias("_sum")
    )
    odd = (sums["_sum"] != 10_000) & sums["share_bp"].is_not_null()
    found.warn(odd, "share", "shares_incomplete", table["share"])
    return table


def _party_of_role(work: pl.DataFrame, found: Findings, context: BatchContext) -> pl.DataFrame:
    sources = pl.Series([context.source]).new_from_index(0, work.height)
    party = customers.parties_of(sources, work["_customer_key"])
    found.refuse(party.is_null(), "customer_key", "unknown_customer", work["_customer_key"])
    return work.with_columns(party.alias("party_id"))


ROLE: Final = Part(
    kind="policy_role",
    label=_("Roles in policies"),
    table="portfolio_policyrole",
    fields=(
        base.POLICY_NO,
        base.text("role", _("Role"), 20, "角色", "role", required=True),
        base.code("customer_key", _("Customer number"), 80, "客户号", "customer no", required=True),
        base.text("name", _("Name"), 120, "姓名", "name", personal=Kind.NAME),
        base.text("relation", _("Relation to the insured"), 24, "与被保险人关系", "relation"),
        base.of(FieldKind.INTEGER, "order", _("Order of benefit"), "受益顺位", "order"),
        base.text("share", _("Share in per cent"), 10, "受益比例", "share"),
    ),
    key=("policy_id", "role", "party_id"),
    columns=("role", "_customer_key", "relation", "benefit_order", "share_bp"),
    resolved=("party_id",),
    blank=("relation",),
    shape=lambda table, found: _shape_role(table, found).with_columns(pl.col("customer_key").alias("_customer_key")),
    resolve=_party_of_role,
    hints={
        "unknown_role": _("The role is not known. Use insured, beneficiary, payer, driver, owner or contact."),
        "unknown_customer": base.UNKNOWN_CUSTOMER,
        "share_unreadable": _("The share is not a percentage from 0 to 100. Correct it."),
        "shares_incomplete": _("The shares of this order do not make 100 per cent. Compare them with the policy."),
    },
)


# --- Instalments ------------------------------------------------------------------------------------------------------


def _shape_instalment(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    said = table["status"].str.to_lowercase()
    status = said.replace_strict(_INSTALMENTS, default=None)
    found.refuse(said.is_not_null() & status.is_null(), "status", "unknown_status", table["status"])
    found.refuse(~table["seq"].is_between(0, 100_000), "seq", "number_impossible", table["seq"])
    for name in ("amount", "paid_amount"):
        found.refuse(table[name] < 0, name, "amount_negative", table[name])
    paid = pl.col("paid_date").is_not_null()
    return table.with_columns(
        pl.col("seq").alias("number"),
        pl.col("grace_end").alias("grace_end_date"),
        pl.col("amount").alias("amount_fen"),
        pl.col("paid_amount").fill_null(0).alias("paid_fen"),
        status.alias("status"),
    ).with_columns(pl.coalesce("status", pl.when(paid).then(pl.lit("paid")).otherwise(pl.lit("due"))).alias("status"))


INSTALMENT: Final = Part(
    kind="instalment",
    label=_("Instalments"),
    table="portfolio_instalment",
    fields=(
        base.POLICY_NO,
        base.of(FieldKind.INTEGER, "seq", _("Number of the instalment"), "期次", "seq", required=True),
        base.of(FieldKind.DATE, "due_date", _("Due date"), "应缴日期", "due date", required=True),
        base.of(FieldKind.DATE, "grace_end", _("End of the days of grace"), "宽限期止", "grace end"),
        base.of(FieldKind.MONEY, "amount", _("Amount due"), "应缴保费", "amount", required=True),
        base.of(FieldKind.MONEY, "paid_amount", _("Amount paid"), "实缴保费", "paid amount"),
        base.of(FieldKind.DATE, "paid_date", _("Paid on"), "实缴日期", "paid date"),
        base.text("method", _("Method of payment"), 20, "缴费途径", "method"),
        base.text("status", _("Status"), 20, "状态", "status"),
    ),
    key=("policy_id", "number"),
    columns=("number", "due_date", "grace_end_date", "amount_fen", "paid_fen", "paid_date", "method", "status"),
    blank=("method",),
    shape=_shape_instalment,
    told_by=(("policy_no", "p.policy_no"), ("seq", "t.number::text")),
    hints={
        "unknown_status": base.UNKNOWN_STATUS,
        "amount_negative": base.AMOUNT_NEGATIVE,
        "number_impossible": _("The number of the instalment is not possible. Correct it."),
    },
)


# --- Endorsements -----------------------------------------------------------------------------------------------------


def _shape_endorsement(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    said = table["status"].str.to_lowercase()
    return table.with_columns(
        pl.col("type").alias("kind"),
        said.replace(_ENDORSED).str.slice(0, 12).fill_null("done").alias("status"),
        pl.col("premium_delta").fill_null(0).alias("premium_delta_fen"),
    )


ENDORSEMENT: Final = Part(
    kind="endorsement",
    label=_("Endorsements"),
    table="portfolio_endorsement",
    fields=(
        base.code("endorsement_no", _("Endorsement number"), 60, "批单号", "保全受理号", "endorsement no",
                  required=True),
        base.POLICY_NO,
        base.text("type", _("Kind of change"), 40, "保全项目", "批改类型", "type", required=True),
        base.of(FieldKind.DATE, "applied_date", _("Date of application"), "申请日期", "applied"),
        base.of(FieldKind.DATE, "accepted_date", _("Date of acceptance"), "受理日期", "accepted"),
        base.of(FieldKind.DATE, "approved_date", _("Date of approval"), "审核通过日期", "approved"),
        base.of(FieldKind.DATE, "effective_date", _("Effective date"), "生效日期", "effective"),
        base.of(FieldKind.MONEY, "premium_delta", _("Change of premium"), "保费变化量", "premium delta"),
        base.text("channel", _("Channel"), 40, "受理渠道", "channel"),
        base.code("staff_no", _("Staff number"), 40, "经办人", "staff no"),
        base.text("description", _("Description"), 500, "变更内容", "description", personal=Kind.FREE_TEXT),
        base.text("status", _("Status"), 20, "状态", "status"),
    ),
    key=("endorsement_no", "source"),
    has_source=True,
    columns=(
        "endorsement_no", "kind", "status", "applied_date", "accepted_date", "approved_date", "effective_date",
        "premium_delta_fen", "description",
    ),
    blank=("description",),
    shape=_shape_endorsement,
    told_by=(("endorsement_no", "t.endorsement_no"),),
)  # fmt: skip

IMPORTERS: Final = tuple(PartImporter(part) for part in (VEHICLE, COVERAGE, ROLE, INSTALMENT, ENDORSEMENT))
