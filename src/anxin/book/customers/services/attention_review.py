"""Reviewing an entry of the attention list: it stays, until another day, if a second person agrees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.book.customers import data, rules
from anxin.book.customers.data import Rejected
from anxin.book.customers.models import AttentionEntry
from anxin.book.customers.services import attention
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import RequestView
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _

KEEP: Final = "customers.attention_keep"


def ask_keep(
    *, actor: Actor, now: datetime, entry_id: UUID, reason: str, until_date: date | None, review_date: date | None
) -> None:  # fmt: skip
    """Ask a second person to let an entry count on, with its new last day and day of review (None: open).

    Raises Rejected, CustomerNotFound, AlreadyAsked and StaleState when it does not count any more.
    """
    entry = attention.get_entry(actor, entry_id)
    if entry.state != AttentionEntry.State.ACTIVE:
        raise StaleState(entry.state, entry.version)
    attention.check_entry(entry.kind, reason, until_date, review_date, rules.day_of(now))
    if (until_date, review_date) == (entry.until_date, entry.review_date):
        raise Rejected("review_date", _("Nothing changes: give another last day or day of review."))
    with transaction.atomic():
        approvals.ask(
            actor=actor, now=now, kind=KEEP, subject_kind="attention", subject_id=entry.pk,
            subject_ref=entry.party.ref if entry.party else "",
            summary=_("Keep on the attention list: %(kind)s, until %(until)s"),
            summary_values={
                "kind": data.ATTENTION_KINDS.get(entry.kind, entry.kind),
                "until": until_date.isoformat() if until_date else "—",
            },
            reason=reason, unit_id=entry.unit_id,
            payload={
                "until": until_date.isoformat() if until_date else "",
                "review": review_date.isoformat() if review_date else "",
            },
        )  # fmt: skip
        _record(actor, now, "customers.ask_keep_attention", entry)


def on_kept(actor: Actor, now: datetime, request: RequestView) -> None:
    """The second person agreed: the entry counts on."""
    entry_id = attention.subject_of(request)
    done = AttentionEntry.objects.filter(pk=entry_id, state=AttentionEntry.State.ACTIVE).update(
        until_date=_day(request.payload.get("until")), review_date=_day(request.payload.get("review")),
        version=F("version") + 1,
    )  # fmt: skip
    entry = AttentionEntry.objects.select_related("party").get(pk=entry_id)
    if not done:
        raise StaleState(entry.state, entry.version)
    _record(actor, now, "customers.keep_attention", entry)


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _record(actor: Actor, now: datetime, action: str, entry: AttentionEntry) -> None:
    party = entry.party
    audit.record(
        actor=actor, now=now, action=action, object_kind="party" if party else "attention",
        object_id=party.pk if party else entry.pk, object_ref=party.ref if party else "", detail={"kind": entry.kind},
    )  # fmt: skip
