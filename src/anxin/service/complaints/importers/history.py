"""Complaints of other registers. A row tells a complaint and one thing it is about; rows of the same number are one
complaint, and a recovery that several rows of one respondent tell counts once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import connection, transaction
from psycopg import sql

from anxin.book.customers.queries import records as customers
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing, promises
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _
from anxin.service.complaints.rules import numbering, taxonomy, terms

HEAD: Final = "complaints_complaint"
MATTER: Final = "complaints_matter"
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
_HEAD: Final = (
    "source_key", "received", "closed", "customer_key", "customer_source", "complainant", "complainant_kind",
    "capacity", "channel", "nature", "sales_channel", "request", "facts", "severity", "is_regulatory", "forwarded",
    "currency", "policy_no", "claim_no",
)  # fmt: skip
_OF_MATTER: Final = (
    "respondent", "line_of_business", "product", "cause", "detail_cause", "words", "validity", "outcome",
    "outcome_words",
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
# Of several judgements of one complaint the gravest stands.
_GRAVEST: Final = ("valid", "partly", "unclear", "invalid", "")


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
        kept = table.filter(~found.refused).select("line", *_HEAD, "key", *_OF_MATTER, "recovered")
        return Checked(kept, found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(importing.digests(rows, (*_HEAD, "key", *_OF_MATTER, "recovered"), "complaint 1"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created(MATTER, name="t.key")
        work.restore_changed(MATTER, name="t.key")
        work.delete_created(HEAD, name="t.source_key")
        work.restore_changed(HEAD, name="t.source_key")
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table=HEAD, names=self.key_fields, key=["t.source_key"], where=where, values=values,
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


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    unchanged, work = _without_unchanged(rows, context)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    party = customers.parties_of(work["customer_source"], work["customer_key"])
    found.warn(work["customer_key"].is_not_null() & party.is_null(), "customer_key", "unknown_customer",
               work["customer_key"])  # fmt: skip
    work = work.with_columns(party.alias("party_id"))
    ids, old = _write_heads(work, context)
    table = work.with_columns(ids.alias("complaint_id")).select(
        "complaint_id", "key", pl.col("line_of_business").alias("line"), pl.col("recovered").alias("recovered_fen"),
        *(name for name in _OF_MATTER if name != "line_of_business"), "digest",
    )  # fmt: skip
    blank = [name for name in table.columns if name in (*_OF_MATTER, "line")]
    table = table.with_columns(pl.col(name).fill_null("") for name in blank)
    done = bulk_upsert.upsert(MATTER, table, context, key=["complaint_id", "key"])
    _refresh(old)
    return Applied(done.created, done.updated, unchanged + done.unchanged, 0, found.table())


def _without_unchanged(rows: pl.DataFrame, context: BatchContext) -> tuple[int, pl.DataFrame]:
    query = (
        "SELECT k.at FROM {keys} LEFT JOIN LATERAL (SELECT m.digest FROM complaints_complaint c "
        "JOIN complaints_matter m ON m.complaint_id = c.id "
        "WHERE c.source_key = k.k1 AND c.source = %s AND m.key = k.k2 OFFSET 0) t ON true "
        "WHERE t.digest IS DISTINCT FROM decode(k.k3, 'hex')"
    )
    return bulk_upsert.without(query, ["source_key", "key"], rows, context.source)


def _write_heads(work: pl.DataFrame, context: BatchContext) -> tuple[pl.Series, pl.Series]:
    """(the id of the complaint of each row, the ids of those that were there before)."""
    heads = work.group_by("source_key", maintain_order=True).agg(
        *(pl.col(name).last() for name in (*_HEAD, "party_id") if name != "source_key"),
        *(pl.col(name).first() for name in ("line_of_business", "cause", "detail_cause", "product")),
        pl.col("respondent").drop_nulls().first(), pl.col("outcome").drop_nulls().first(), pl.col("validity"),
    )  # fmt: skip
    recovered = (
        work.group_by("source_key", "respondent").agg(pl.col("recovered").max()).group_by("source_key")
        .agg(pl.col("recovered").sum().alias("recovered_fen"))
    )  # fmt: skip
    heads = heads.join(recovered, on="source_key", how="left", maintain_order="left")
    numbers = bulk.next_numbers(numbering.SEQUENCE, heads.height)
    received = pl.col("received").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Shanghai", ambiguous="earliest")
    graver = pl.coalesce(
        pl.when(pl.col("validity").list.contains(code)).then(pl.lit(code)) for code in _GRAVEST if code
    )
    is_over = pl.col("closed").is_not_null()
    blank = (
        "complainant", "complainant_kind", "capacity", "channel", "nature", "sales_channel", "request", "facts",
        "policy_no", "claim_no", "cause", "detail_cause", "respondent", "outcome", "line", "validity",
    )  # fmt: skip
    fixed: dict[str, Any] = {
        "version": 1, "people_count": 1, "representatives": 1, "is_internal": True, "is_supervised": False,
        "is_escalated": False, "ticket_ref": "", "expectation": "", "mood": "", "mood_now": "", "bearing": "",
        "target": "{}", "pause": "", "findings": "", "root_cause": "",
    }  # fmt: skip
    table = heads.with_columns(
        pl.Series("number", numbers, dtype=pl.Int64), received.dt.convert_time_zone("UTC").alias("received_at"),
    ).select(
        "source_key", pl.lit(context.source).alias("source"), "party_id",
        pl.format("TS{}{}", pl.col("received").dt.strftime("%Y%m%d"), pl.col("number").cast(pl.String).str.zfill(6))
        .alias("ref"),
        pl.coalesce("product", "respondent", "source_key").str.slice(0, 80).alias("title"),
        pl.when(is_over).then(pl.lit("archived")).otherwise(pl.lit("registered")).alias("state"),
        is_over.alias("is_history"), pl.col("closed").alias("closed_date"), "received_at",
        pl.col("forwarded").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Shanghai", ambiguous="earliest")
        .dt.convert_time_zone("UTC").alias("forwarded_at"),
        pl.col("line_of_business").alias("line"), "cause", "detail_cause", "respondent", "outcome",
        graver.alias("validity"), "recovered_fen", "complainant", "complainant_kind", "capacity", "channel", "nature",
        "sales_channel", "request", "facts", "severity", "is_regulatory", "currency", "policy_no", "claim_no",
        *(pl.lit(value).alias(name) for name, value in fixed.items()),
    ).with_columns(pl.col(name).fill_null("") for name in blank)  # fmt: skip
    table = _with_clocks(table, context.now)
    file_level = (
        "party_id", "closed_date", "received_at", "forwarded_at", "complainant", "complainant_kind", "capacity",
        "channel", "nature", "sales_channel", "request", "facts", "severity", "is_regulatory", "currency", "policy_no",
        "claim_no",
    )  # fmt: skip
    table = table.with_columns(importing.digests(table, file_level, "complaint head 1"))
    ours = [name for name in table.columns if name not in (*file_level, "digest", "source", "source_key")]
    bulk_upsert.upsert(HEAD, table, context, key=["source_key", "source"], insert_only=ours)
    refs = table.select("source_key", "ref")
    known = _ids(refs["source_key"], context.source)
    ids = work["source_key"].replace_strict(known["source_key"], known["id"], return_dtype=pl.String)
    # A complaint that was there before kept its own number.
    old = known.join(refs, on="source_key").filter(pl.col("ref") != pl.col("ref_right"))["id"]
    return ids, old


def _ids(keys: pl.Series, source: str) -> pl.DataFrame:
    with bulk.by_index():
        found = bulk.lookup(
            "SELECT k.at, encode(uuid_send(c.id), 'hex'), c.ref FROM {keys} CROSS JOIN LATERAL "
            "(SELECT id, ref FROM complaints_complaint WHERE source_key = k.k1 AND source = %s OFFSET 0) c",
            [keys], {"at": pl.Int64(), "id": pl.String(), "ref": pl.String()}, source,
        )  # fmt: skip
    return found.with_columns(pl.Series("source_key", keys.gather(found["at"]), dtype=pl.String))


def _with_clocks(table: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The statutory clock of those that are still open; closed ones have none."""
    term = promises.Term(promises.Measure.NATURAL_DAYS, int(str(terms.TERM_DEFAULT["simple"])))
    if not table["closed_date"].null_count():
        blank = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
        return table.with_columns(pl.lit("{}").alias("clock"), blank.alias("due_at"), blank.alias("amber_at"))
    content = schemes.active(terms.TERMS, on=numbering.day_of(now)).content
    term = promises.Term(promises.Measure.NATURAL_DAYS, terms.days(content, "simple"))
    calendar = org.working_calendar()
    made: list[tuple[str, datetime | None, datetime | None]] = []
    for received, closed in table.select("received_at", "closed_date").iter_rows():
        if closed is not None:
            made.append(("{}", None, None))
            continue
        clock = promises.Clock(term=term, started_at=received)
        due, amber = promises.schedule(clock, calendar, now, terms.AMBER)
        made.append((_json(promises.dump(clock)), due, amber))
    clocks, due_at, amber_at = zip(*made, strict=True)
    return table.with_columns(
        pl.Series("clock", clocks, dtype=pl.String), pl.Series("due_at", due_at, dtype=pl.Datetime("us", "UTC")),
        pl.Series("amber_at", amber_at, dtype=pl.Datetime("us", "UTC")),
    )  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refresh(old: pl.Series) -> None:
    """What a complaint says of its matters, for those that were there before: the gravest judgement, the first
    outcome, the recovery of each respondent once; and the end, where the file tells it and nobody works on it here."""
    if old.is_empty():
        return
    stage = bulk.stage(old.to_frame("id"), {"id": "uuid"}, key=("id",))
    with bulk.by_index(), connection.cursor() as cursor:
        bulk.run(
            cursor,
            "UPDATE complaints_complaint c SET validity = n.validity, outcome = n.outcome, "
            "recovered_fen = n.recovered, line = n.line, cause = n.cause, detail_cause = n.detail_cause, "
            "respondent = n.respondent, state = n.state, is_history = n.is_history FROM ("
            "SELECT o.id, v.validity, coalesce(w.outcome, '') AS outcome, r.recovered, f.line, f.cause, "
            "f.detail_cause, coalesce(q.respondent, '') AS respondent, "
            "CASE WHEN o.is_over THEN 'archived' ELSE o.state END AS state, o.is_over OR o.is_history AS is_history "
            "FROM (SELECT x.*, x.closed_date IS NOT NULL AND x.state = 'registered' AND x.version = 1 AS is_over "
            "FROM {} s JOIN complaints_complaint x ON x.id = s.id) o "
            "CROSS JOIN LATERAL (SELECT (array_agg(m.validity ORDER BY array_position("
            "ARRAY['valid', 'partly', 'unclear', 'invalid', ''], m.validity::text)))[1] AS validity "
            "FROM complaints_matter m WHERE m.complaint_id = o.id) v "
            "CROSS JOIN LATERAL (SELECT coalesce(sum(a.most), 0) AS recovered FROM "
            "(SELECT max(m.recovered_fen) AS most FROM complaints_matter m WHERE m.complaint_id = o.id "
            "GROUP BY m.respondent) a) r "
            "CROSS JOIN LATERAL (SELECT m.line, m.cause, m.detail_cause FROM complaints_matter m "
            "WHERE m.complaint_id = o.id ORDER BY m.id LIMIT 1) f "
            "LEFT JOIN LATERAL (SELECT m.outcome FROM complaints_matter m WHERE m.complaint_id = o.id "
            "AND m.outcome <> '' ORDER BY m.id LIMIT 1) w ON true "
            "LEFT JOIN LATERAL (SELECT m.respondent FROM complaints_matter m WHERE m.complaint_id = o.id "
            "AND m.respondent <> '' ORDER BY m.id LIMIT 1) q ON true) n "
            "WHERE n.id = c.id AND (c.validity, c.outcome, c.recovered_fen, c.line, c.cause, c.detail_cause, "
            "c.respondent, c.state, c.is_history) IS DISTINCT FROM (n.validity, n.outcome, n.recovered, n.line, "
            "n.cause, n.detail_cause, n.respondent, n.state, n.is_history)",
            sql.Identifier(stage),
        )  # fmt: skip
