"""What the panels of this room show. Every read takes the actor and a reference and answers plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from anxin.book.customers import access, data
from anxin.book.customers.models import Consent, Custody, CustomField, Fact, Note, SourceRecord
from anxin.book.customers.queries.file import PLAIN, SENSITIVE
from anxin.kernel.actor import Actor

MOST: Final = 100


@dataclass(frozen=True, kw_only=True)
class NoteItem:
    id: UUID
    text: str
    is_pinned: bool
    author: str
    created_at: datetime
    version: int
    due_date: date | None
    assignee_id: UUID | None
    assignee: str


@dataclass(frozen=True, kw_only=True)
class FactItem:
    id: UUID
    code: str
    value: str
    purpose: str
    source: str
    observed_on: date
    expires_on: date | None
    recorded_by: str
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class ConsentItem:
    id: UUID
    purpose: str
    channel: str
    recipient: str
    is_given: bool
    is_separate: bool
    wording: str
    evidence: str
    recording_ref: str
    guardian: str
    given_at: datetime
    until_date: date | None
    withdrawn_at: datetime | None
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class CustodyItem:
    manager: str
    from_at: datetime
    until_at: datetime | None
    reason: str
    assigned_by: str


@dataclass(frozen=True, kw_only=True)
class SourceItem:
    source: str
    source_key: str
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class FieldItem:
    id: UUID
    code: str
    label_zh: str
    label_en: str
    kind: str
    choices: tuple[str, ...]
    order: int
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class Editable:
    """What may be edited: plain values in clear, sensitive ones masked under `masked`."""

    id: UUID
    ref: str
    name: str
    kind: str
    version: int
    values: Mapping[str, Any]
    masked: Mapping[str, str]
    custom: Mapping[str, Any]


def notes_of(actor: Actor, ref: str) -> list[NoteItem]:
    """Pinned ones first, then the newest; at most a hundred."""
    party = access.get_party(actor, ref)
    rows = (
        Note.objects.filter(party=party)
        .select_related("author", "assignee")
        .order_by("-is_pinned", "-created_at")[:MOST]
    )
    return [
        NoteItem(
            id=row.pk, text=row.text, is_pinned=row.is_pinned, author=_name(row.author), created_at=row.created_at,
            version=row.version, due_date=row.due_date, assignee_id=row.assignee_id, assignee=_name(row.assignee),
        )
        for row in rows
    ]  # fmt: skip


def note_of(actor: Actor, ref: str, item: UUID) -> NoteItem:
    found = next((note for note in notes_of(actor, ref) if note.id == item), None)
    if found is None:
        raise data.CustomerNotFound(str(item))
    return found


def facts_of(actor: Actor, ref: str, *, today: date) -> list[FactItem]:
    """Facts that still hold; those past their day only show that they are to be removed."""
    party = access.get_party(actor, ref)
    rows = Fact.objects.filter(party=party).select_related("recorded_by").order_by("code", "-observed_on")[:MOST]
    return [
        FactItem(
            id=row.pk, code=row.code, purpose=row.purpose, source=row.source, observed_on=row.observed_on,
            expires_on=row.expires_on, recorded_by=_name(row.recorded_by),
            is_over=(over := row.expires_on is not None and row.expires_on <= today),
            value="" if over else row.value,
        )
        for row in rows
    ]  # fmt: skip


def consents_of(actor: Actor, ref: str) -> list[ConsentItem]:
    party = access.get_party(actor, ref)
    rows = Consent.objects.filter(party=party).select_related("recorded_by").order_by("purpose", "channel", "recipient")
    return [
        ConsentItem(
            id=row.pk, purpose=row.purpose, channel=row.channel, recipient=row.recipient, is_given=row.is_given,
            is_separate=row.is_separate, wording=row.wording, evidence=row.withdrawal_evidence or row.evidence,
            recording_ref=row.recording_ref, guardian=row.guardian, until_date=row.until_date,
            withdrawn_at=row.withdrawn_at, given_at=row.withdrawn_at or row.given_at,
            recorded_by=_name(row.recorded_by),
        )
        for row in rows[:MOST]
    ]  # fmt: skip


def custody_of(actor: Actor, ref: str) -> list[CustodyItem]:
    party = access.get_party(actor, ref)
    rows = Custody.objects.filter(party=party).select_related("manager", "assigned_by").order_by("-from_at")[:MOST]
    return [
        CustodyItem(
            manager=_name(row.manager), from_at=row.from_at, until_at=row.until_at, reason=row.reason,
            assigned_by=_name(row.assigned_by),
        )
        for row in rows
    ]  # fmt: skip


def sources_of(actor: Actor, ref: str) -> list[SourceItem]:
    """The records of source systems this file was made of."""
    party = access.get_party(actor, ref)
    rows = SourceRecord.objects.filter(party=party).order_by("source", "source_key")[:MOST]
    return [SourceItem(source=row.source, source_key=row.source_key, seen_at=row.seen_at) for row in rows]


def custom_fields(*, is_active: bool | None = True) -> list[FieldItem]:
    rows = CustomField.objects.order_by("order", "code")
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    return [
        FieldItem(
            id=row.pk, code=row.code, label_zh=row.label_zh, label_en=row.label_en, kind=row.kind,
            choices=tuple(row.choices), order=row.order, is_active=row.is_active,
        )
        for row in rows
    ]  # fmt: skip


def editable(actor: Actor, ref: str) -> Editable:
    """Raises NotPermitted and CustomerNotFound by customers.edit."""
    party = access.get_party(actor, ref, "customers.edit")
    names = ("name", "is_deceased", "headcount", *PLAIN)
    income = "" if party.annual_income_fen is None else str(party.annual_income_fen)
    return Editable(
        id=party.pk, ref=party.ref, name=party.name, kind=party.kind, version=party.version,
        values={name: getattr(party, name) for name in names}, custom=party.custom,
        masked=dict(zip(SENSITIVE, (access.shown("birth_date", party.birth_date),
                                    access.shown("annual_income_fen", income)), strict=True)),
    )  # fmt: skip


def _name(user: Any) -> str:
    return user.display_name if user is not None else ""
