"""Which field a column is probably meant for: by what was said of it before, by its name, by the look of its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext, override

from anxin.foundation.intake.models import Profile
from anxin.foundation.intake.rules.drafting import column_of
from anxin.foundation.intake.rules.likeness import kind_of_values
from anxin.foundation.intake.rules.profile import normal_header
from anxin.kernel.importing import FieldSpec, Importer, registered_importers
from anxin.kernel.personal import Kind

SURE: Final = 100
LEAST: Final = 72
_LEAST_TOLD: Final = 60
_BARE: Final = 94
_BRACKETS: Final = re.compile(r"[(（\[【].*?[)）\]】]")
_MOST_PROFILES: Final = 200
_BY_VALUES: Final = 85
# Before the name of the field itself: somebody said so.
_SAID_BEFORE: Final = 101
_LANGUAGES: Final = ("zh-hans", "en")
_NO_SAMPLES: Final[Mapping[str, Sequence[str]]] = {}


class Reason(StrEnum):
    """Why a column is taken for a field."""

    NAME = "name"
    VALUES = "values"
    SAID_BEFORE = "said_before"
    BY_HAND = "by_hand"


@dataclass(frozen=True, kw_only=True)
class Match:
    """`score` 0 to 100; `profile`: where it was said before."""

    score: int
    reason: Reason = Reason.NAME
    profile: str = ""


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What a kept profile says of a column."""

    field: str
    rule: Any
    profile: str


Memory = Mapping[tuple[str, str], Remembered]  # (kind of row, normal header) → the newest profile that maps it


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """`columns`: field → column, or the rule of a kept profile; `scores`: column → 0 to 100."""

    kind: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(self.scores.values())


def remembered() -> Memory:
    """What the active profiles say of single columns, the newest first: a known column in an unknown file is known."""
    found: dict[tuple[str, str], Remembered] = {}
    for profile in (
        Profile.objects.filter(is_active=True).order_by("-updated_at").only("name", "content")[:_MOST_PROFILES]
    ):
        for entity in profile.content.get("entity", ()):
            for name, rule in entity.get("columns", {}).items():
                header = normal_header(column_of(rule))
                if header:
                    found.setdefault(
                        (str(entity.get("kind", "")), header), Remembered(field=name, rule=rule, profile=profile.name)
                    )
    return found


def suggest(
    headers: Sequence[str],
    kinds: Iterable[str] = (),
    *,
    samples: Mapping[str, Sequence[str]] = _NO_SAMPLES,
    memory: Memory | None = None,
) -> Suggestion:
    """The kind of row whose fields fit most columns (of `kinds`, or of all), each field with its best column.

    `samples`: values by column, in clear; they are looked at and not kept.
    """
    known = registered_importers()
    wanted = [known[kind] for kind in kinds if kind in known] or list(known.values())
    shapes = {header: kind_of_values(samples.get(header, ())) for header in headers}
    found = [_suggest_for(importer, headers, shapes, memory or {}) for importer in wanted]
    # Of two that fit alike the one that lacks fewer required fields.
    return max(found, key=lambda one: (one.weight - 60 * _lacking(known[one.kind], one), one.weight))


def _suggest_for(
    importer: Importer, headers: Sequence[str], shapes: Mapping[str, Kind | None], memory: Memory
) -> Suggestion:
    words = {spec.name: _words(spec) for spec in importer.fields}
    pairs = sorted(
        (
            (
                -_match(importer.kind, spec, header, words[spec.name], shapes.get(header), memory).score,
                at,
                spec.name,
                header,
            )
            for at, header in enumerate(headers)
            for spec in importer.fields
        ),
    )
    columns: dict[str, Any] = {}
    scores: dict[str, int] = {}
    for score, _at, name, header in pairs:
        if -score < LEAST:
            break
        if name not in columns and header not in scores:
            columns[name], scores[header] = _rule(importer.kind, name, header, memory), min(-score, SURE)
    ordered = {spec.name: columns[spec.name] for spec in importer.fields if spec.name in columns}
    return Suggestion(kind=importer.kind, columns=ordered, scores=scores)


def _rule(kind: str, name: str, header: str, memory: Memory) -> Any:
    """The column, with the formats and value map somebody gave it before."""
    said = memory.get((kind, normal_header(header)))
    if said is None or said.field != name or isinstance(said.rule, str):
        return header
    return {**said.rule, "column": header}


def _match(kind: str, spec: FieldSpec, header: str, words: set[str], shape: Kind | None, memory: Memory) -> Match:
    normal = normal_header(header)
    said = memory.get((kind, normal))
    if said is not None and said.field == spec.name:
        return Match(score=_SAID_BEFORE, reason=Reason.SAID_BEFORE, profile=said.profile)
    # “性别（1男2女）”: what stands in brackets explains the values.
    bare = _BRACKETS.sub("", header)
    by_name = max(_score(normal, words), min(_score(normal_header(bare), words), _BARE) if bare != header else 0)
    if shape is not None and spec.personal is shape and by_name < _BY_VALUES:
        return Match(score=_BY_VALUES, reason=Reason.VALUES)
    return Match(score=by_name)


def matches_of(
    content: Mapping[str, Any],
    headers: Sequence[str],
    *,
    samples: Mapping[str, Sequence[str]] = _NO_SAMPLES,
    memory: Memory | None = None,
) -> dict[tuple[int, str], Match]:
    """How well the columns of a mapping fit their fields, and why: (number of the entity, column) → match."""
    known = registered_importers()
    matches: dict[tuple[int, str], Match] = {}
    for at, entity in enumerate(content.get("entity", ())):
        importer = known.get(entity.get("kind", ""))
        if importer is None:
            continue
        specs = {spec.name: spec for spec in importer.fields}
        for name, rule in entity.get("columns", {}).items():
            column = column_of(rule)
            if column not in headers or name not in specs or (at, column) in matches:
                continue
            shape = kind_of_values(samples.get(column, ()))
            match = _match(importer.kind, specs[name], column, _words(specs[name]), shape, memory or {})
            is_by_hand = match.score < _LEAST_TOLD
            score = min(match.score, SURE)
            matches[at, column] = Match(
                score=score, reason=Reason.BY_HAND if is_by_hand else match.reason, profile=match.profile
            )
    return matches


def _lacking(importer: Importer, found: Suggestion) -> int:
    return sum(spec.is_required and spec.name not in found.columns for spec in importer.fields)


def _words(spec: FieldSpec) -> set[str]:
    words = {normal_header(text) for text in (spec.name, spec.label, *spec.aliases)}
    for language in _LANGUAGES:
        with override(language):
            words.add(normal_header(gettext(spec.label)))
    return words


def _score(header: str, words: set[str]) -> int:
    if not header:
        return 0
    if header in words:
        return SURE
    best = 0
    for word in words:
        if len(word) >= 2 and (word in header or header in word) and len(header) >= 2:
            best = max(best, 60 + 35 * min(len(word), len(header)) // max(len(word), len(header)))
        elif len(word) > 3 and len(header) > 3:
            best = max(best, int(95 * SequenceMatcher(None, word, header).ratio()))
    return min(best, 96)
