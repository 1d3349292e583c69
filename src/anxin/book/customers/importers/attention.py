"""The importer of attention entries: lists that other departments keep. What comes in is proposed, not yet counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import polars as pl

from anxin.book.customers import rules
from anxin.book.customers.data import ATTENTION_KINDS
from anxin.book.customers.models import AttentionEntry
from anxin.book.customers.services import attention_keys
from anxin.kernel import importing, names
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

_WORDS: Final = {
    **{code: code for code in ATTENTION_KINDS}, "黑名单": "blacklist", "核保": "underwriting",
    "核保风险": "underwriting",
    "理赔": "claims", "理赔风险": "claims", "欺诈": "fraud", "涉嫌欺诈": "fraud",
    "拒保": "refused", "逆选择": "refused",
    "反洗钱": "aml", "纠纷": "dispute", "诉讼": "dispute", "特别关照": "care",
}  # fmt: skip
_NUMBERS: Final = ("document", "phone", "plate", "uscc")


def _text(name: str, label: str, length: int, *aliases: str, personal: Kind = Kind.NOT_PERSONAL) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases, personal=personal)


class AttentionImporter:
    kind: str = "attention"
    label: str = _("Attention list")
    fields: Sequence[FieldSpec] = (
        _text("name", _("Name"), 120, "姓名", "名称", personal=Kind.NAME),
        FieldSpec(name="birth_date", label=_("Date of birth"), kind=FieldKind.DATE, aliases=("出生日期",),
                  personal=Kind.BIRTH_DATE),
        FieldSpec(name="document", label=_("Number of the identity document"), kind=FieldKind.CODE, max_length=40,
                  aliases=("证件号码", "身份证号"), personal=Kind.DOCUMENT),
        FieldSpec(name="phone", label=_("Mobile"), kind=FieldKind.CODE, max_length=40, aliases=("手机号", "电话"),
                  personal=Kind.MOBILE),
        _text("plate", _("Plate"), 20, "车牌号", "号牌号码", personal=Kind.PLATE),
        FieldSpec(name="uscc", label=_("Unified social credit code"), kind=FieldKind.CODE, max_length=40,
                  aliases=("统一社会信用代码",)),
        FieldSpec(name="entry_kind", label=_("Kind of entry"), is_required=True, max_length=20,
                  aliases=("类别", "名单类别", "kind")),
        FieldSpec(name="reason", label=_("Reason"), is_required=True, max_length=1000, aliases=("原因", "事由")),
        _text("evidence", _("Evidence"), 1000, "依据", "凭证"),
        FieldSpec(name="until_date", label=_("Until"), kind=FieldKind.DATE, aliases=("有效期至", "截止日期")),
    )  # fmt: skip
    problem_hints: dict[str, str] = {
        "kind_unknown": _("This kind of entry is not known. Use one of the kinds of the list."),
        "value_missing": _("This value is missing. Fill it in the source file."),
        "nobody_named": _("Nobody can be told by this row: give a number, or a name with a birth date."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        rows = importing.complete(rows, self.fields)
        found = Findings(rows)
        kinds = rows["entry_kind"].replace_strict(_WORDS, default=None, return_dtype=pl.String)
        found.refuse(kinds.is_null(), "entry_kind", "kind_unknown", rows["entry_kind"])
        found.refuse(rows["reason"].is_null(), "reason", "value_missing")
        told = rows.select(
            pl.any_horizontal([pl.col(one).is_not_null() for one in _NUMBERS])
            | (pl.col("name").is_not_null() & pl.col("birth_date").is_not_null())
        ).to_series()
        found.refuse(~told, "name", "nobody_named")
        return Checked(rows.with_columns(kinds.alias("entry_kind")).filter(~found.refused), found.table())

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        """A row that stands on the list or waits already is left alone: same kind, same person."""
        created = unchanged = 0
        today = rules.day_of(context.now)
        for row in rows.iter_rows(named=True):
            keys = {
                one: attention_keys.normal_key(one, row[one], strict=False) for one in _NUMBERS if row[one] is not None
            }
            if self._is_known(row, keys):
                unchanged += 1
                continue
            entry = AttentionEntry.objects.create(
                kind=row["entry_kind"], name=names.normalise_name(row["name"] or ""), birth_date=row["birth_date"],
                reason=row["reason"], evidence=row["evidence"] or "", from_date=today, until_date=row["until_date"],
                source=context.source, created_at=context.now, batch_id=context.batch_id,
            )  # fmt: skip
            attention_keys.keep_keys(entry.pk, keys)
            created += 1
        return Applied(created, 0, unchanged, 0, importing.no_problems())

    def undo(self, batch_id: UUID) -> Undone:
        """Entries that nobody has agreed to yet go; those that count are taken off by two people only."""
        rows = AttentionEntry.objects.filter(batch_id=batch_id, state=AttentionEntry.State.PROPOSED)
        count = rows.count()
        rows.delete()
        return Undone(touched=count, kept=pl.DataFrame(schema=importing.KEPT_SCHEMA))

    @staticmethod
    def _is_known(row: dict[str, Any], keys: dict[str, str]) -> bool:
        rows = AttentionEntry.objects.filter(
            kind=row["entry_kind"], state__in=[AttentionEntry.State.PROPOSED, AttentionEntry.State.ACTIVE]
        )
        if keys:
            return rows.filter(keys__value_blind__in=attention_keys.blinds_of(keys)).exists()
        return rows.filter(name=names.normalise_name(row["name"]), birth_date=row["birth_date"]).exists()
