"""What customers filled in and nobody has decided on yet, beside what the file says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CHOICES, CustomerFile
from anxin.book.customers.queries import file as files
from anxin.book.upkeep import access, data
from anxin.book.upkeep.data import AnswerField, AnswerView
from anxin.book.upkeep.models import CardAnswer
from anxin.kernel import vault
from anxin.kernel.actor import Actor

MOST: Final = 100
_MASKED: Final = {"mobile": "mobile", "email": "email", "home_address": "address"}


def open_values(row: CardAnswer) -> dict[str, str]:
    """The values in clear; nothing once they are decided on. For the room's own services."""
    if row.values_sealed is None:
        return {}
    text = vault.ring().open(bytes(row.values_sealed), table="upkeep_cardanswer", column="values_sealed", row=row.pk)
    found: dict[str, str] = json.loads(text)
    return found


def list_answers(actor: Actor) -> list[tuple[UUID, str, str, Any]]:
    """Open answers within reach, the oldest first: id, reference, name, when."""
    rows = access.visible_answers(actor).filter(state=CardAnswer.State.OPEN).order_by("submitted_at")
    return list(rows.values_list("pk", "party__ref", "party__name", "submitted_at")[:MOST])


def answers_of(actor: Actor, ref: str) -> list[tuple[UUID, Any]]:
    party = customers.get_party(actor, ref, "upkeep.invite")
    rows = access.visible_answers(actor).filter(party=party.pk, state=CardAnswer.State.OPEN)
    return list(rows.order_by("submitted_at").values_list("pk", "submitted_at"))


def get_answer(actor: Actor, answer_id: UUID, *, today: date) -> AnswerView:
    """Values that reach a person are masked for whoever may not reveal them. Raises NotFound."""
    row = access.get_answer(actor, answer_id)
    file = files.load(actor, row.party.ref, today=today)
    said = open_values(row)
    may_reveal = customers.reaches(actor, row.party_id, "customers.reveal", known="upkeep.invite")
    return AnswerView(
        id=row.pk, ref=row.party.ref, name=row.party.name, submitted_at=row.submitted_at, version=row.version,
        fields=tuple(_field(name, said[name], file, may_reveal) for name in data.CARD_FIELDS if name in said),
    )  # fmt: skip


def _field(name: str, said: str, file: CustomerFile, may_reveal: bool) -> AnswerField:
    now = _now(name, file)
    masked = customers.shown(_MASKED[name], said) if name in _MASKED else said
    return AnswerField(
        name=name,
        now=now,
        said=said if may_reveal or name not in _MASKED else masked,
        is_same=bool(now) and now == masked,
    )


def _now(name: str, file: CustomerFile) -> str:
    if name in ("mobile", "email"):
        return next((one.value for one in file.contacts if one.kind == name), "")
    if name == "home_address":
        return next((one.text for one in file.addresses if one.kind == "home"), "")
    return str(file.values.get(name, "") or "")


def word_of(name: str, value: str) -> str:
    """The English, marked word of a coded value; else the value."""
    words: Mapping[str, str] = CHOICES.get(name, {})
    return words.get(value, value)
