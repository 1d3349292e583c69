"""The importer of consents: answers that other systems took down, for customers they know by their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import polars as pl

from anxin.book.customers.data import CONSENT_CHANNELS, CONSENT_PURPOSES
from anxin.book.customers.importers import records
from anxin.book.customers.models import Consent
from anxin.book.customers.rules import SEPARATE, SHARING
from anxin.kernel import importing
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldKind, FieldSpec, Findings, Undone
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

_PURPOSES: Final = {
    **{code: code for code in CONSENT_PURPOSES}, "服务通知": "service", "营销": "marketing", "个性化推荐": "profiling",
    "画像": "profiling", "共享": "sharing", "对外提供": "sharing", "健康信息": "health", "录音": "recording",
}  # fmt: skip
_CHANNELS: Final = {
    **{code: code for code in CONSENT_CHANNELS if code}, "电话": "phone", "短信": "sms", "微信": "wechat",
    "邮件": "email",
    "信函": "mail", "上门": "visit", "全部": "",
}  # fmt: skip


class ConsentImporter:
    kind: str = "consent"
    label: str = _("Consents and refusals")
    fields: Sequence[FieldSpec] = (
        FieldSpec(name="customer_key", label=_("Customer number"), kind=FieldKind.CODE, is_required=True,
                  max_length=80, aliases=("客户号", "客户编号")),
        FieldSpec(name="purpose", label=_("Purpose"), is_required=True, aliases=("用途", "目的")),
        FieldSpec(name="channel", label=_("Channel"), aliases=("渠道", "方式")),
        FieldSpec(name="recipient", label=_("Recipient"), max_length=80, aliases=("接收方",)),
        FieldSpec(name="is_given", label=_("Agrees"), kind=FieldKind.YES_NO, is_required=True, aliases=("是否同意",)),
        FieldSpec(name="is_separate", label=_("Separate consent"), kind=FieldKind.YES_NO, aliases=("单独同意",)),
        FieldSpec(name="wording", label=_("Wording"), max_length=40, aliases=("告知书版本",)),
        FieldSpec(name="evidence", label=_("Evidence"), is_required=True, max_length=300, aliases=("凭证", "证明"),
                  personal=Kind.FREE_TEXT),
        FieldSpec(name="given_at", label=_("When"), kind=FieldKind.MOMENT, is_required=True,
                  aliases=("时间", "同意时间")),
    )  # fmt: skip
    problem_hints: dict[str, str] = {
        "purpose_unknown": _("This purpose is not known. Use one of the purposes of consents."),
        "channel_unknown": _("This channel is not known. Use one of the channels of consents."),
        "value_missing": _("This value is missing. Fill it in the source file."),
        "not_separate": _("This purpose needs a consent of its own. Say so in the file, or leave the row out."),
        "recipient_missing": _("Sharing names its recipient. Fill it in."),
        "unknown_customer": _("No file has this customer number of this source. Import the customers first."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        rows = importing.complete(rows, self.fields)
        found = Findings(rows)
        purposes = rows["purpose"].replace_strict(_PURPOSES, default=None, return_dtype=pl.String)
        channels = rows["channel"].fill_null("全部").replace_strict(_CHANNELS, default=None, return_dtype=pl.String)
        found.refuse(purposes.is_null(), "purpose", "purpose_unknown", rows["purpose"])
        found.refuse(channels.is_null(), "channel", "channel_unknown", rows["channel"])
        for name in ("customer_key", "is_given", "evidence", "given_at"):
            found.refuse(rows[name].is_null(), name, "value_missing")
        gives = rows["is_given"].fill_null(value=False)
        separate = rows["is_separate"].fill_null(value=False)
        found.refuse(gives & purposes.is_in(list(SEPARATE)) & ~separate, "is_separate", "not_separate")
        found.refuse(gives & (purposes == SHARING) & rows["recipient"].is_null(), "recipient", "recipient_missing")
        return Checked(
            rows.with_columns(
                purposes.alias("purpose"), channels.alias("channel"), separate.alias("is_separate"),
                pl.col("recipient").fill_null(""), pl.col("wording").fill_null(""),
            ).filter(~found.refused),
            found.table(),
        )  # fmt: skip

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        """The latest answer stands; an older one than what is recorded changes nothing."""
        sources = pl.Series([context.source] * rows.height, dtype=pl.String)
        parties = records.parties_of(sources, rows["customer_key"])
        found = Findings(rows)
        found.refuse(parties.is_null(), "customer_key", "unknown_customer", rows["customer_key"])
        known = rows.with_columns(parties.alias("party")).filter(~found.refused)
        ids = [UUID(one) for one in known["party"].unique().to_list()]
        stored = {
            (one.party_id, one.purpose, one.channel, one.recipient): one
            for one in Consent.objects.filter(party__in=ids)
        }
        created = updated = unchanged = 0
        fresh: dict[Any, Consent] = {}
        changed: dict[UUID, Consent] = {}
        for row in known.iter_rows(named=True):
            place = (UUID(row["party"]), row["purpose"], row["channel"], row["recipient"])
            old = stored.get(place)
            if old is not None and _last(old) >= row["given_at"]:
                unchanged += 1
                continue
            values = {
                "is_given": row["is_given"], "is_separate": row["is_separate"], "wording": row["wording"],
                "evidence": row["evidence"], "given_at": row["given_at"], "withdrawn_at": None,
                "withdrawal_evidence": "", "until_date": None, "batch_id": context.batch_id,
            }  # fmt: skip
            if old is None:
                party, purpose, channel, recipient = place
                old = Consent(party_id=party, purpose=purpose, channel=channel, recipient=recipient, **values)
                stored[place] = fresh[place] = old
                created += 1
                continue
            for name, value in values.items():
                setattr(old, name, value)
            if place not in fresh:
                changed[old.pk] = old
            updated += 1
        Consent.objects.bulk_create(list(fresh.values()), batch_size=1_000)
        Consent.objects.bulk_update(
            list(changed.values()),
            ["is_given", "is_separate", "wording", "evidence", "given_at", "withdrawn_at", "withdrawal_evidence",
             "until_date", "batch_id"],
            batch_size=500,
        )  # fmt: skip
        return Applied(created, updated, unchanged, int(found.refused.sum()), found.table())

    def undo(self, batch_id: UUID) -> Undone:
        """Answers of a batch go; what stood before them is in the history and is recorded anew by whoever knows."""
        rows = Consent.objects.filter(batch_id=batch_id)
        count = rows.count()
        rows.delete()
        return Undone(touched=count, kept=pl.DataFrame(schema=importing.KEPT_SCHEMA))


def _last(row: Consent) -> datetime:
    return row.withdrawn_at or row.given_at
