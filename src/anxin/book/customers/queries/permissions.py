"""The one question before anybody is written to, called, profiled or handed on: may we?

Rooms above (messaging, campaigns, club) ask here and nowhere else, at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.customers import rules
from anxin.book.customers.models import AttentionEntry, Consent, Party
from anxin.book.customers.rules import Said, Use, day_of

__all__ = [
    "MARKETING",
    "Answer",
    "Use",
    "day_of",
    "is_silent",
    "may_contact",
    "may_use",
    "may_use_many",
    "register_silence",
    "silent",
]

# Rooms above know why somebody is to be left in peace (a complaint is open): day → keys of customers, as a query.
Silence = Callable[[date], QuerySet[Any, Any]]
_silences: dict[str, Silence] = {}
MARKETING: Final = "marketing"


def register_silence(code: str, source: Silence) -> None:
    """Called from AppConfig.ready."""
    if _silences.setdefault(code, source) is not source:
        raise ValueError(f"The silence {code!r} is registered twice.")


def is_silent(column: str, *, today: date) -> Q:
    """Rows whose customer (`column`) is not to be approached for marketing on this day. For `filter` and `exclude`."""
    found = Q(pk__in=[])
    for source in _silences.values():
        found |= Q(**{f"{column}__in": source(today)})
    return found


def silent(party_ids: Sequence[UUID], *, today: date) -> set[UUID]:
    """Which of these customers are not to be approached for marketing on this day."""
    return set(Party.objects.filter(is_silent("pk", today=today), pk__in=party_ids).values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`wording`: the version of the notice a consent was given to, for the record of whoever acts on it."""

    is_allowed: bool
    why: Use
    wording: str = ""


def may_use(party_id: UUID, *, purpose: str, now: datetime, channel: str = "", recipient: str = "") -> Answer:
    """Whether this person's data may be used for a purpose, over a channel, towards a recipient. Two queries."""
    return may_use_many([party_id], purpose=purpose, now=now, channel=channel, recipient=recipient)[party_id]


def may_contact(party_id: UUID, *, purpose: str, channel: str, now: datetime) -> Answer:
    """Whether this person may be contacted over a channel for a purpose."""
    return may_use(party_id, purpose=purpose, channel=channel, now=now)


def may_use_many(
    party_ids: Sequence[UUID], *, purpose: str, now: datetime, channel: str = "", recipient: str = ""
) -> dict[UUID, Answer]:
    """`may_use` for many: two queries, for marketing four, whatever their number. Somebody who is not there gets a
    no."""
    people = {
        key: (state, is_dead, birth)
        for key, state, is_dead, birth in Party.objects.filter(pk__in=party_ids).values_list(
            "pk", "state", "is_deceased", "birth_date"
        )
    }
    said: dict[UUID, list[Said]] = {}
    wording: dict[UUID, str] = {}
    rows = Consent.objects.filter(party__in=party_ids, purpose=purpose).order_by("given_at")
    for row in rows:
        said.setdefault(row.party_id, []).append(
            Said(
                channel=row.channel, recipient=row.recipient, is_given=row.is_given,
                at=row.withdrawn_at or row.given_at, is_separate=row.is_separate, guardian=bool(row.guardian),
                until=row.until_date,
            )
        )  # fmt: skip
        if row.is_given:
            wording[row.party_id] = row.wording
    quiet = silent(party_ids, today=day_of(now)) if purpose == MARKETING else set()
    listed = _on_attention(party_ids, day_of(now)) if purpose == MARKETING else set()
    answers = {}
    for key in party_ids:
        state, is_dead, birth = people.get(key, ("", True, None))
        why = rules.judge_use(
            said.get(key, []), purpose=purpose, channel=channel, recipient=recipient, now=now, is_alive=not is_dead,
            is_living_file=state == Party.State.ACTIVE, birth=birth,
        )  # fmt: skip
        if key in quiet and why in (Use.CONTRACT, Use.CONSENT):
            why = Use.SILENCE
        elif key in listed and why is Use.CONSENT:
            why = Use.ATTENTION
        is_allowed = why in (Use.CONTRACT, Use.CONSENT)
        answers[key] = Answer(
            is_allowed=is_allowed, why=why, wording=wording.get(key, "") if why is Use.CONSENT else ""
        )
    return answers


def _on_attention(party_ids: Sequence[UUID], today: date) -> set[UUID]:
    """Who stands on the attention list; who only needs special care does not."""
    rows = AttentionEntry.objects.filter(party__in=party_ids, state=AttentionEntry.State.ACTIVE, from_date__lte=today)
    rows = rows.filter(Q(until_date__isnull=True) | Q(until_date__gt=today)).exclude(kind="care")
    return {key for key in rows.values_list("party_id", flat=True) if key is not None}
