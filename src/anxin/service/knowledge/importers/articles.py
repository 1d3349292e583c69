"""Articles of an older knowledge base. What was approved there is published here; a changed row takes its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl
from django.db import transaction

from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.words import mark as _
from anxin.service.knowledge.data import ArticleState
from anxin.service.knowledge.rules import texts
from anxin.service.knowledge.services import stamping

KINDS: Final = {
    "文章": "article", "知识": "article", "话术": "script", "法规": "regulation", "制度": "regulation", "案例": "case",
    "单证": "form", "表单": "form", "article": "article", "script": "script", "regulation": "regulation",
    "case": "case", "form": "form",
}  # fmt: skip
FIELDS: Final = (
    FieldSpec(
        name="article_no", label=_("Number of the article"), kind=FieldKind.CODE, is_required=True, max_length=80,
        aliases=("编号", "文章编号", "article no", "id"),
    ),
    FieldSpec(name="title", label=_("Title"), is_required=True, max_length=120, aliases=("标题", "title", "contract")),
    FieldSpec(
        name="body", label=_("Text of the article"), is_required=True, max_length=50_000,
        aliases=("正文", "内容", "text", "body", "passage"),
    ),
    FieldSpec(name="kind", label=_("Kind"), max_length=20, aliases=("类型", "kind")),
    FieldSpec(
        name="category", label=_("Article category"), kind=FieldKind.CODE, max_length=20, aliases=("分类", "category"),
    ),
    FieldSpec(name="valid_from", label=_("Valid from"), kind=FieldKind.DATE, aliases=("生效日期", "valid from")),
    FieldSpec(name="valid_until", label=_("Valid until"), kind=FieldKind.DATE, aliases=("失效日期", "valid until")),
)  # fmt: skip
_CHECKED: Final = ("article_no", "title", "body", "kind", "category", "valid_from", "valid_until")


class ArticleImporter:
    kind: str = "knowledge"
    label: str = _("Articles of the knowledge base")
    key_fields: Sequence[str] = ("article_no",)
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_kind": _("The kind is not known. Use article, script, regulation, case or form, or map the value."),
        "dates_crossed": _("The last day lies before the first. Correct the dates and import the row again."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        found.require(table, FIELDS)
        kind = table["kind"].str.to_lowercase().replace_strict(KINDS, default=None)
        found.refuse(table["kind"].is_not_null() & kind.is_null(), "kind", "unknown_kind", table["kind"])
        found.refuse(table["valid_until"] < table["valid_from"], "valid_until", "dates_crossed")
        table = table.with_columns(
            kind.fill_null("article").alias("kind"), pl.col("category").fill_null(""),
            pl.col("title").map_elements(texts.typeset, pl.String).str.slice(0, 120),
            pl.col("body").map_elements(texts.typeset, pl.String).str.slice(0, 50_000),
        )  # fmt: skip
        return Checked(table.filter(~found.refused).select("line", *_CHECKED), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        work = rows.with_columns(importing.digests(rows, _CHECKED, "knowledge 1"))
        with pghistory.context(batch=str(context.batch_id)):
            return bulk.retrying(lambda: _apply(work, context))

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        work = Undo(batch_id)
        work.delete_created("knowledge_article", name="t.source_key")
        work.restore_changed("knowledge_article", name="t.source_key")
        stamping.next_number(rows_are_gone=True)
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table="knowledge_article", names=self.key_fields, key=["t.source_key"], where=where, values=values,
            shown="t.source_key",
        )  # fmt: skip


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    work = rows.with_columns(pl.col("article_no").alias("source_key"), pl.lit(context.source).alias("source"))
    unchanged, work = bulk_upsert.without_unchanged("knowledge_article", ["source_key", "source"], work)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    table = work.select(
        "source", "source_key", "digest", "title", "body", "kind", "category", "valid_from", "valid_until",
        pl.lit(ArticleState.PUBLISHED.value).alias("state"),
        pl.lit(context.now).alias("published_at"),
        pl.lit(stamping.next_number()).alias("index_number"),
        pl.lit(context.now).alias("created_at"),
        *(pl.lit(0).alias(name) for name in ("edition", "helpful", "unhelpful", "opened")),
        pl.lit(1).alias("version"),
    )  # fmt: skip
    done = bulk_upsert.upsert(
        "knowledge_article", table, context, key=["source_key", "source"],
        insert_only=("created_at", "edition", "helpful", "unhelpful", "opened", "version"),
    )  # fmt: skip
    return Applied(done.created, done.updated, unchanged + done.unchanged, 0, importing.no_problems())
