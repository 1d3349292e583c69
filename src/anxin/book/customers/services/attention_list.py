"""Looking through the attention list, and taking it out as a file, made by a job. Numbers stay out of the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from anxin.book.customers import data, rules
from anxin.book.customers.models import AttentionEntry, AttentionKey, ContactPoint, IdentityDocument
from anxin.book.customers.queries import attention as reads
from anxin.book.customers.queries.attention import EntryView
from anxin.book.customers.services import attention, attention_keys
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.jobs.services import sheets
from anxin.kernel import names
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "customers.export_attention"
AT_MOST: Final = 10_000
AT_ONCE: Final = 500
OVER: Final = ("refused", "lifted", "expired")
HEADS: Final = (
    gettext_lazy("Customer number"), pgettext_lazy("attention", "Who"), gettext_lazy("Kind"), gettext_lazy("Reason"),
    gettext_lazy("Evidence"), pgettext_lazy("attention", "From"), pgettext_lazy("attention", "Until"),
    gettext_lazy("Review on"), gettext_lazy("Entered by"), gettext_lazy("Status"),
)  # fmt: skip


def find_entries(actor: Actor, *, state: str, kind: str = "", text: str = "") -> QuerySet[AttentionEntry]:
    """Entries within reach. `state`: active, proposed or over; `text`: the beginning of a name, a customer number, or
    the whole of a number (document, phone, plate, credit code). Raises NotPermitted."""
    rows: QuerySet[AttentionEntry] = attention.visible_entries(actor)
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.filter(state__in=OVER) if state == "over" else rows.filter(state=state)
    if text:
        rows = rows.filter(_meant_by(text))
    return rows


def _meant_by(text: str) -> Q:
    plain = names.normalise_name(text)
    found = Q(name__startswith=plain) | Q(party__name__startswith=plain) | Q(party__ref=text.strip().upper())
    keys = {kind: attention_keys.normal_key(kind, text, strict=False) for kind in ("document", "phone", "plate")}
    blinds = attention_keys.blinds_of(keys)
    return (
        found
        | Q(pk__in=AttentionKey.objects.filter(value_blind__in=blinds).values("entry"))
        | Q(party__in=IdentityDocument.objects.filter(number_blind__in=blinds).values("party"))
        | Q(party__in=ContactPoint.objects.filter(value_blind__in=blinds).values("party"))
    )


def start(
    *, actor: Actor, now: datetime, state: str, kind: str, text: str, language: str, task: jobs.QueuedTask
) -> JobView:  # fmt: skip
    """Queue the export of the part of the list that is shown; recorded. Raises NotPermitted."""
    rows = find_entries(actor, state=state, kind=kind, text=text)[:AT_MOST].count()
    audit.record(actor=actor, now=now, action=KIND, object_kind="attention", detail={"rows": rows})
    return jobs.start(
        actor=actor, now=now, kind=KIND, title=rules.day_of(now).isoformat(), total=rows, task=task,
        arguments={"state": state, "kind": kind, "text": text, "language": language},
    )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    told = running.arguments
    found = find_entries(running.actor, state=told["state"], kind=told["kind"], text=told["text"])
    return sheets.write(
        running, title=gettext_lazy("Attention list"), stamp=f"{rules.day_of(running.clock()):%Y%m%d}", heads=HEADS,
        portions=_portions(found), message=_("%(rows)s entries exported."), format="xlsx",
    )  # fmt: skip


def _portions(found: Any) -> Iterator[Iterator[list[str]]]:
    keys = list(found.order_by("-created_at", "-id").values_list("pk", flat=True)[:AT_MOST])
    for start_at in range(0, len(keys), AT_ONCE):
        yield map(_cells, reads.views_of(keys[start_at : start_at + AT_ONCE]))


def _cells(one: EntryView) -> list[str]:
    return [
        one.party_ref, one.name, gettext(data.ATTENTION_KINDS.get(one.kind, one.kind)), one.reason, one.evidence,
        one.from_date.isoformat(), one.until_date.isoformat() if one.until_date else "",
        one.review_date.isoformat() if one.review_date else "", one.entered_by,
        gettext(data.ATTENTION_STATES[one.state][0]),
    ]  # fmt: skip
