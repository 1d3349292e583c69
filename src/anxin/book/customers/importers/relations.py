"""How customers are related: family, employment, introductions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl

from anxin.book.customers.importers import records, undoing
from anxin.kernel import bulk, importing
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Undone
from anxin.kernel.words import mark as _

# `from` is the `kind` of `to`. The family words of a row say what `to` is to `from`.
KINDS: Final = {
    "配偶": "spouse", "子女": "parent", "父母": "child", "兄弟姐妹": "sibling", "祖父母": "grandchild",
    "孙子女": "grandparent", "其他亲属": "relative", "雇佣": "employer", "朋友": "friend", "供应商": "supplier",
    "合作伙伴": "partner", "转介绍": "referrer", "监护人": "guardian", "客户": "client", "战略联盟": "alliance",
    "母公司": "parent_company", "子公司": "subsidiary", "股东": "shareholder", "法定代表人": "legal_representative",
    "实际控制人": "controller", "联系人": "key_contact", "同事": "colleague", "同学": "classmate", "邻居": "neighbour",
}  # fmt: skip
FIELDS: Final = (
    FieldSpec(name="from_source", label=_("Source system of the first customer"), max_length=40),
    FieldSpec(
        name="from_customer_no", label=_("Number of the first customer"), kind=FieldKind.CODE, is_required=True,
        max_length=80,
    ),
    FieldSpec(name="to_source", label=_("Source system of the second customer"), max_length=40),
    FieldSpec(
        name="to_customer_no", label=_("Number of the second customer"), kind=FieldKind.CODE, is_required=True,
        max_length=80,
    ),
    FieldSpec(name="relation", label=_("Relation"), is_required=True, max_length=24, aliases=("关系", "relation")),
    FieldSpec(name="note", label=_("Note"), max_length=200, aliases=("备注", "note")),
)  # fmt: skip
_KNOWN: Final = """
SELECT k.at FROM {keys} CROSS JOIN LATERAL (
    SELECT 1 FROM customers_relation
    WHERE from_party_id = k.k1::uuid AND to_party_id = k.k2::uuid AND kind = k.k3 OFFSET 0
) r
"""


class RelationImporter:
    kind: str = "relation"
    label: str = _("Relations between customers")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_customer": _(
            "The source system has no customer with this number. Import the customers first or correct the number."
        ),
        "same_customer": _("Both numbers lead to the same customer file; nobody is related to themselves."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        for name in ("from_customer_no", "to_customer_no", "relation"):
            found.refuse(table[name].is_null(), name, "value_missing")
        table = table.with_columns(
            pl.col("from_source", "to_source").fill_null(context.source),
            pl.col("relation").replace(KINDS).str.slice(0, 24),
            pl.col("note").fill_null("").str.slice(0, 200),
        )
        return Checked(table.filter(~found.refused), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        with pghistory.context(batch=str(context.batch_id), source=context.source):
            return bulk.retrying(lambda: _apply(rows, context))

    def undo(self, batch_id: UUID) -> Undone:
        return undoing.undo_relations(batch_id)


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    found = Findings(rows)
    left = records.parties_of(rows["from_source"], rows["from_customer_no"])
    right = records.parties_of(rows["to_source"], rows["to_customer_no"])
    found.refuse(left.is_null(), "from_customer_no", "unknown_customer", rows["from_customer_no"])
    found.refuse(left.is_not_null() & right.is_null(), "to_customer_no", "unknown_customer", rows["to_customer_no"])
    found.refuse(left == right, "to_customer_no", "same_customer", rows["to_customer_no"])
    work = rows.with_columns(left.alias("from_party_id"), right.alias("to_party_id")).filter(~found.refused)
    key = ["from_party_id", "to_party_id", "relation"]
    with bulk.by_index():
        known = bulk.lookup(_KNOWN, [work[name] for name in key], {"at": pl.Int64()})
    new = (
        work.with_row_index("at").filter(~pl.col("at").is_in(known["at"].implode())).unique(key, keep="first").sort(key)
    )
    ids, _raw = bulk.new_keys(new.height)
    frame = new.select(
        pl.Series("id", ids, dtype=pl.String),
        "from_party_id",
        "to_party_id",
        pl.col("relation").alias("kind"),
        "note",
        pl.lit(value=True).alias("is_confirmed"),
        pl.lit(context.source).alias("source"),
        pl.lit(context.now).cast(pl.Datetime("us", "UTC")).alias("created_at"),
        pl.lit(context.batch_id.hex).alias("batch_id"),
    )
    bulk.copy_frame("customers_relation", frame)
    return Applied(new.height, 0, work.height - new.height, int(found.refused.sum()), found.table())
