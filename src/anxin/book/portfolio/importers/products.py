"""Products and riders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import pghistory
import polars as pl

from anxin.book.portfolio.importers import base, undoing
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Gone, Undone
from anxin.kernel.words import mark as _

LINES: Final = {
    "寿险": "life", "年金": "annuity", "健康": "health", "意外": "accident", "万能": "life", "分红": "life",
    "投连": "life", "车险": "motor", "财产": "property", "责任": "liability",
    "农险": "agricultural", "保证": "guarantee",
}  # fmt: skip
DESIGNS: Final = {"万能": "universal", "分红": "participating", "投连": "unit_linked"}
FIELDS: Final = (
    base.code("code", _("Product code"), 40, "险种代码", "产品代码", "product code", required=True),
    base.text("name", _("Product name"), 120, "险种名称", "产品名称", "product name", required=True),
    base.text("short_name", _("Short name"), 60, "险种简称", "简称", "short name"),
    base.text("category", _("Category"), 20, "险类", "产品类别", "category"),
    base.text("line_of_business", _("Line of business"), 20, "业务条线", "line"),
    base.text("group_or_individual", _("Group or individual"), 20, "团个性质", "group or individual"),
    base.text("main_or_rider", _("Main or rider"), 20, "主附险标志", "main or rider"),
    base.text("term_type", _("Long or short term"), 20, "长短险标志", "term type"),
    base.of(FieldKind.YES_NO, "on_sale", _("On sale"), "在售", "是否在售", "on sale"),
    base.of(FieldKind.INTEGER, "cooling_off_days", _("Cooling-off days"), "犹豫期天数", "cooling-off days"),
    base.of(FieldKind.INTEGER, "waiting_days", _("Waiting days"), "等待期天数", "waiting days"),
    base.of(FieldKind.INTEGER, "grace_days", _("Days of grace"), "宽限期天数", "grace days"),
)


class ProductImporter:
    kind: str = "product"
    label: str = _("Products")
    key_fields: Sequence[str] = ("code",)
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = {
        "value_missing": base.VALUE_MISSING,
        "line_missing": _("Neither the line of business nor the category is given. Fill in one of the two."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, FIELDS)
        found = Findings(table)
        table = base.clean(table, FIELDS, found)
        named = pl.when(pl.col("name").str.contains("分红")).then(pl.lit("participating"))
        table = table.with_columns(
            pl.coalesce(pl.col("category").replace_strict(LINES, default=None), "line_of_business").alias(
                "line_of_business"
            ),
            pl.coalesce(pl.col("category").replace_strict(DESIGNS, default=None), named, pl.lit("")).alias("design"),
            (pl.col("group_or_individual").is_in(["group", "团体", "团险"])).fill_null(value=False).alias("is_group"),
            (pl.col("main_or_rider").is_in(["rider", "附加险", "附险"])).fill_null(value=False).alias("is_rider"),
            pl.col("on_sale").fill_null(value=True).alias("is_on_sale"),
            *(pl.when(pl.col(name) >= 0).then(name).alias(name) for name in ("cooling_off_days", "waiting_days")),
        )
        found.refuse(table["line_of_business"].is_null(), "line_of_business", "line_missing")
        columns = (
            "code", "name", "line_of_business", "design", "is_group", "is_rider", "is_on_sale", "cooling_off_days",
            "waiting_days",
        )  # fmt: skip
        return Checked(table.filter(~found.refused).select("line", *columns), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        columns = [name for name in rows.columns if name != "line"]
        work = rows.select(
            *(pl.col(name) for name in columns if name != "line_of_business"),
            # In frames `line` is the line of the file.
            pl.col("line_of_business").alias("line"),
            pl.lit(context.source).alias("source"),
            importing.digests(rows, columns, "product 1"),
        )
        with pghistory.context(batch=str(context.batch_id)):
            done = bulk.retrying(lambda: bulk_upsert.upsert("portfolio_product", work, context, key=["code"]))
        return Applied(done.created, done.updated, done.unchanged, 0, importing.no_problems())

    def undo(self, batch_id: UUID) -> Undone:
        return undoing.undo(batch_id, "portfolio_product")

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table="portfolio_product", names=self.key_fields, key=["t.code"], where=where, values=values,
            shown="t.code", ending="is_on_sale = false, digest = NULL", is_open="t.is_on_sale",
        )  # fmt: skip
