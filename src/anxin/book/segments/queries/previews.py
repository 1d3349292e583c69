"""What a dry run found, in words: how many a class has and would have, who would move where, and their premium."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from anxin.analytics.classes import registry
from anxin.book.segments import rules
from anxin.book.segments.queries import explaining
from anxin.foundation.schemes.data import Content, Effect

MOST_MOVES: Final = 12
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Customers who would go from one class to another, with their annual premium."""

    before: str
    after: str
    parties: int
    premium_fen: int


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One classification: its sizes now and then, the largest moves, and all moves together."""

    name: str
    sizes: tuple[Effect, ...]
    moves: tuple[Moved, ...]
    parties: int
    premium_fen: int


def tried(code: str, moves: Mapping[str, Rows], as_of: date, content: Content | None = None) -> list[Tried]:
    """`moves` as `analytics.preview` counts them: the classes that scheme `code` decides, and those that moved.

    Classes are called as on the day; those that a draft brings, as its `content` calls them.
    """
    names = explaining.scheme_names(as_of)
    if content is not None and code == rules.TIERS:
        names["tier"] = _tier_names(content) | names["tier"]
    if content is not None and "age_bands" in content:
        names["age_band"] = explaining.band_names(content["age_bands"]) | names["age_band"]
    found = []
    for kind in registry.CLASSES:
        rows = moves.get(kind.code, [])
        if kind.scheme == code or any(row[0] != row[1] for row in rows):
            name, scale = (kind.en if explaining.in_english() else kind.zh), [*kind.values]
            found.append(_tried(name, rows, scale, _namer(kind.code, names.get(kind.code))))
    if code == "segments.value":
        steps = [str(start) for start in range(0, 100, registry.SCORE_STEP)]
        found.append(_tried(explaining.metric_name(registry.SCORE), moves.get(registry.SCORE, []), steps, _points))
    return found


def _namer(code: str, names: Mapping[str, str] | None) -> Callable[[str], str]:
    return lambda value: explaining.class_label(code, value, names) if value else "—"


def _points(start: str) -> str:
    end = int(start) + registry.SCORE_STEP
    return f"{start}–{end - 1 if end < 100 else end}"


def _tried(name: str, rows: Rows, scale: Sequence[str], label: Callable[[str], str]) -> Tried:

    moved = [row for row in rows if row[0] != row[1]]
    return Tried(
        name=name,
        sizes=tuple(
            Effect(
                label=label(value),
                before=sum(row[2] for row in rows if row[0] == value),
                after=sum(row[2] for row in rows if row[1] == value),
            )
            for value in dict.fromkeys([*scale, *(row[0] for row in rows), *(row[1] for row in rows)])
        ),
        moves=tuple(
            Moved(before=label(before), after=label(after), parties=parties, premium_fen=premium_fen)
            for before, after, parties, premium_fen in moved[:MOST_MOVES]
        ),
        parties=sum(row[2] for row in moved),
        premium_fen=sum(row[3] for row in moved),
    )


def _tier_names(content: Content) -> dict[str, str]:
    tiers = rules.tiers_of(content)
    return {tier.code: tier.name_en if explaining.in_english() else tier.name_zh for tier in tiers}
