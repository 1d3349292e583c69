"""Complaints of other registers. A row tells a complaint and one thing it is about; rows of the same number are one
complaint, and a recovery that several rows of one respondent tell counts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.kernel import bulk, bulk_finish, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _
from anxin.service.complaints.importers import writing
from anxin.service.complaints.rules import taxonomy

_VALID: Final = {
    "valid": "valid", "confirmed": "valid", "有效": "valid", "有责": "valid", "true": "valid", "partly": "partly",
    "部分有责": "partly", "invalid": "invalid", "not confirmed": "invalid", "无责": "invalid", "无效": "invalid",
    "false": "invalid", "unclear": "unclear", "无法查实": "unclear",
}  # fmt: skip
_OUTCOMES: Final = {
    "met": "met", "全部满足": "met", "partly_met": "partly_met", "部分满足": "partly_met", "not_met": "not_met",
    "未满足": "not_met", "goodwill": "goodwill", "通融": "goodwill", "surrender": "surrender", "协议退保": "surrender",
    "withdrawn": "withdrawn", "撤诉": "withdrawn", "撤回": "withdrawn", "mediated": "mediated", "调解": "mediated",
    "lawsuit": "lawsuit", "诉讼": "lawsuit", "forwarded": "forwarded", "转办": "forwarded", "other": "other",
}  # fmt: skip
_SEVERITIES: Final = {
    "plain": "plain", "一般": "plain", "repeated": "repeated", "重复": "repeated", "difficult": "difficult",
    "疑难": "difficult", "major": "major", "重大": "major",
}  # fmt: skip
_CAPACITIES: Final = {
    "self": "self", "本人": "self", "insured": "self", "agent": "agent", "代理人": "agent", "heir": "heir",
    "继承人": "heir", "legal_rep": "legal_rep", "法定代理人": "legal_rep", "third_party": "third_party",
    "third party": "third_party", "provider": "provider",
}  # fmt: skip
# Words of keywords columns, the first that fits; what none fits is “other”.
_PHRASES: Final = (
    ("privacy", r"个人信息|泄露|privacy|identity theft"),
    ("surrender", r"退保|surrender"),
    ("claim", r"理赔|赔付|定损|拒赔|给付|claim|adjuster|total loss|loss of use|emergency care|denial|coverage dispute"
              r"|mediation|provdr|provider|biller|medical necessity|appraisal|diminished"),
    ("underwriting", r"承保|核保|underwriting|nonrenewal|cancel|rescission|eligib"),
    ("renewal", r"续保|续期|renewal"),
    ("premium", r"保费|收费|扣费|premium|rate increase|refund|surcharge"),
    ("sales", r"销售|误导|营销|sales|marketing|agent|misrepresent|advertis|replacement"),
    ("servicing", r"保全|变更|满期|policyholder service|beneficiary|policy delivery|cash value"),
    ("service", r"服务|态度|customer service|uncooperative|communication"),
)  # fmt: skip


def _text(name: str, label: str, length: int, *aliases: str, personal: Kind = Kind.NOT_PERSONAL) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases, personal=personal)


FIELDS: Final = (
    FieldSpec(
        name="complaint_no", label=_("Number of the complaint"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("投诉编号", "投诉件编号", "complaint no", "complaint number", "file no"),
    ),
    FieldSpec(
        name="received", label=_("Received"), kind=FieldKind.DATE, is_required=True,
        aliases=("投诉时间", "受理日期", "received date", "opened"),
    ),
    FieldSpec(name="closed", label=_("Closed on"), kind=FieldKind.DATE, aliases=("办结日期", "closed date", "closed")),
    FieldSpec(
        name="customer_key", label=_("Customer number"), kind=FieldKind.CODE, max_length=80, aliases=("客户号",),
    ),
    _text("customer_source", _("Source system of the customer"), 40, "客户来源系统"),
    _text("complainant", _("Complainant"), 120, "投诉人姓名", "投诉人", personal=Kind.NAME),
    _text("complainant_kind", _("Person or organisation"), 20, "投诉人类别"),
    _text("contact", _("Telephone"), 40, "联系电话", "联系方式", "手机号", "phone", personal=Kind.PHONE),
    _text("capacity", _("Capacity of the complainant"), 40, "投诉人身份", "complaint filed by"),
    _text("channel", _("Intake channel"), 60, "投诉渠道", "channel"),
    _text("nature", _("Nature"), 60, "投诉性质"),
    _text("line_of_business", _("Line of business"), 60, "险种", "coverage type"),
    _text("product", _("Product"), 120, "产品", "coverage", "coverage level"),
    _text("sales_channel", _("Sales channel"), 60, "业务渠道", "销售渠道"),
    _text("cause", _("Cause of the complaint"), 250, "投诉事由", "投诉类型", "reason"),
    _text("detail_cause", _("Detailed cause"), 60, "二级事由"),
    _text("words", _("Cause in the words of the source"), 250, "事由说明", "subreason", "keywords"),
    _text("respondent", _("Respondent"), 120, "被投诉单位", "被投诉单位或个人", "company"),
    _text("request", _("Request of the complainant"), 2_000, "投诉请求", personal=Kind.FREE_TEXT),
    _text("facts", _("Facts and reasons"), 4_000, "主要事实和理由", personal=Kind.FREE_TEXT),
    _text("severity", _("Severity"), 20, "严重程度"),
    FieldSpec(name="is_regulatory", label=_("Within the regulator's meaning"), kind=FieldKind.YES_NO,
              aliases=("是否监管口径",)),
    FieldSpec(name="forwarded", label=_("Forwarded by the regulator on"), kind=FieldKind.DATE,
              aliases=("监管转办日期",)),
    _text("validity", _("Validity"), 40, "是否有效", "有效性", "finding type"),
    _text("outcome", _("Outcome"), 60, "处理结果", "outcome"),
    _text("outcome_words", _("Outcome in the words of the source"), 160, "处理结果说明", "conclusion"),
    FieldSpec(name="recovered", label=_("Amount recovered"), kind=FieldKind.MONEY, aliases=("挽回金额", "recovery")),
    _text("currency", _("Currency"), 3, "币种", "currency"),
    FieldSpec(
        name="policy_no", label=_("Policy number"), kind=FieldKind.CODE, max_length=60, aliases=("保单号",),
    ),
    FieldSpec(
        name="claim_no", label=_("Claim number"), kind=FieldKind.CODE, max_length=60, aliases=("赔案号",),
    ),
    FieldSpec(
        name="matter_no", label=_("Number of the matter within the complaint"), kind=FieldKind.CODE, max_length=40,
        aliases=("事项序号",),
    ),
)  # fmt: skip
_IDENTIFY: Final = (
    "respondent",
    "line_of_business",
    "product",
    "cause",
    "detail_cause",
    "words",
    "outcome",
    "outcome_words",
)


class ComplaintImporter:
    kind: str = "complaint"
    label: str = _("Complaints")
    key_fields: Sequence[str] = ("complaint_no",)
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "closed_before_received": _("The complaint was closed before it was received. Correct one of the dates."),
        "unknown_word": _("The word is not one of ours; it was taken as “other” and its text kept. Map the value."),
        "unknown_customer": _(
            "The source system has no customer with this number; the complaint was taken without its customer."
        ),
        "negative_recovery": _("A recovery is not below zero."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        found.refuse(table["closed"] < table["received"], "closed", "closed_before_received", table["closed"])
        found.refuse(table["recovered"] < 0, "recovered", "negative_recovery", table["recovered"])
        table = table.with_columns(importing.texts_in_one_line(table, FIELDS, at_most=250))
        # What is not a word of ours is kept in the words of the source.
        codes = _cause(table["cause"], table["words"])
        table = table.with_columns(pl.coalesce("words", "cause").alias("words"), codes)
        for name, group in (("line_of_business", "lines"), ("channel", "channels"), ("nature", "natures"),
                            ("sales_channel", "sales_channels"), ("detail_cause", "details")):  # fmt: skip
            table = table.with_columns(_coded(table[name], taxonomy.codes_by_word(group), found, name))
        for name, words in (("validity", _VALID), ("outcome", _OUTCOMES), ("severity", _SEVERITIES),
                            ("capacity", _CAPACITIES)):  # fmt: skip
            fallback = {"validity": "unclear", "severity": "plain"}.get(name, taxonomy.OTHER)
            table = table.with_columns(_coded(table[name], words, found, name, fallback))
        organisation = table["complainant_kind"].str.to_lowercase().str.contains(r"^(org|机构|单位|公司|legal)")
        table = table.with_columns(
            pl.col("complaint_no").alias("source_key"),
            pl.when(organisation).then(pl.lit("org")).when(organisation.is_not_null()).then(pl.lit("person"))
            .alias("complainant_kind"),
            pl.col("severity").fill_null("plain"), pl.col("is_regulatory").fill_null(value=False),
            pl.col("recovered").fill_null(0), pl.col("currency").fill_null("CNY"),
            pl.col("customer_source").fill_null(context.source),
        )  # fmt: skip
        table = table.with_columns(
            pl.coalesce("matter_no", importing.digests(table, _IDENTIFY, "matter 1")).alias("key")
        )
        kept = table.filter(~found.refused).select(
            "line", *writing.HEAD_COLUMNS, "key", *writing.OF_MATTER, "recovered"
        )
        return Checked(kept, found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(
            importing.digests(rows, (*writing.HEAD_COLUMNS, "key", *writing.OF_MATTER, "recovered"), "complaint 1")
        )
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: writing.apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created(writing.MATTER, name="t.key")
        work.restore_changed(writing.MATTER, name="t.key")
        work.delete_created(writing.HEAD, name="t.source_key")
        work.restore_changed(writing.HEAD, name="t.source_key")
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table=writing.HEAD, names=self.key_fields, key=["t.source_key"], where=where, values=values,
            shown="t.source_key", ref="t.ref",
        )  # fmt: skip


def _coded(
    values: pl.Series, words: Mapping[str, str], found: Findings, name: str, fallback: str = taxonomy.OTHER
) -> pl.Series:
    """Codes of what a column says; a word that is not known is a warning and the fallback."""
    codes = values.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    strange = values.is_not_null() & codes.is_null()
    found.warn(strange, name, "unknown_word", values)
    return codes.set(strange, fallback).alias(name)


def _cause(values: pl.Series, words: pl.Series) -> pl.Series:
    """The code of a cause by our words for it, else by the phrases in what the source says."""
    codes = values.str.to_lowercase().replace_strict(
        taxonomy.codes_by_word("causes"), default=None, return_dtype=pl.String
    )
    said = pl.select(pl.concat_str([pl.lit(values), pl.lit(words)], separator=" ", ignore_nulls=True)).to_series()
    said = said.str.to_lowercase()
    for code, phrase in _PHRASES:
        codes = codes.set(codes.is_null() & said.str.contains(phrase), code)
    return codes.set(codes.is_null() & (said != ""), taxonomy.OTHER).alias("cause")
