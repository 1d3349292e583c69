"""What a dry run found, in words: how many a class has and would have, who would move where, and their premium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext

from anxin.analytics.classes import registry
from anxin.book.segments.queries import explaining
from anxin.foundation.schemes.data import Effect

MOST_MOVES: Final = 12


def effects(code: str, moves: Mapping[str, Sequence[Sequence[Any]]], as_of: date) -> list[Effect]:
    """`moves` as `analytics.preview` counts them: the classes that scheme `code` decides, and those that moved."""
    tiers = explaining.tier_names(as_of)
    found = []
    for kind in registry.CLASSES:
        rows = moves.get(kind.code, [])
        moved = [row for row in rows if row[0] != row[1]]
        if not moved and kind.scheme != code:
            continue
        name = kind.en if explaining.in_english() else kind.zh

        def label(value: str, kind: registry.ClassKind = kind) -> str:
            return explaining.class_label(kind.code, value, tiers if kind.code == "tier" else None) if value else "—"

        for value in dict.fromkeys([*kind.values, *(row[0] for row in rows), *(row[1] for row in rows)]):
            found.append(
                Effect(
                    label=f"{name}: {label(value)}",
                    before=sum(row[2] for row in rows if row[0] == value),
                    after=sum(row[2] for row in rows if row[1] == value),
                )
            )
        for before, after, parties, premium_fen in moved[:MOST_MOVES]:
            premium = explaining.metric_text("annual_premium_fen", premium_fen)
            words = gettext("moves, annual premium %(premium)s") % {"premium": premium}
            found.append(Effect(label=f"{label(before)} → {label(after)} ({words})", before=0, after=parties))
    return found
