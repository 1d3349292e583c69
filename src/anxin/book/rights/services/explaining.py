"""What automated decisions say of a person, and why (PIPL article 24): the draft of an answer, of what rooms explain.

Rooms register from `AppConfig.ready`; nothing is told of other persons, and no sensitive figure that the answer does
not need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

# A person and a day → sentences in the language of the reader, each a decision with its reason.
Explain = Callable[[UUID, date], Sequence[str]]

_rooms: dict[str, tuple[str, Explain]] = {}


def register(room: str, label: str, explain: Explain) -> None:
    """`label`: what decides, English and marked."""
    if _rooms.setdefault(room, (label, explain)) != (label, explain):
        raise ValueError(f"“{room}” explains its decisions twice.")


def draft(party_id: UUID, *, today: date) -> str:
    """The text of an answer: what is decided by rules, decision by decision; staff read and complete it."""
    parts = []
    for label, explain in _rooms.values():
        found = explain(party_id, today)
        if found:
            parts += [f"{gettext(label)}：", *(f"- {line}" for line in found), ""]
    if not parts:
        return gettext("No decision about you was made by rules or models alone.")
    head = gettext("These decisions are made by rules and models from what your file holds:")
    tail = gettext(
        "You may object to each of them and ask that a person decides. Prices and conditions of contracts do not "
        "follow from them."
    )
    return "\n".join([head, "", *parts, tail])
