"""Which field a column is probably meant for, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from django.utils.translation import gettext, override

from anxin.foundation.intake.rules.profile import normal_header
from anxin.kernel.importing import FieldSpec, Importer, registered_importers

SURE: Final = 100
LEAST: Final = 72
_LANGUAGES: Final = ("zh-hans", "en")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """`columns`: field → column; `scores`: column → 0 to 100."""

    kind: str
    columns: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(self.scores.values())


def suggest(headers: Sequence[str], kinds: Iterable[str] = ()) -> Suggestion:
    """The kind of row whose fields fit most columns (of `kinds`, or of all), each field with its best column."""
    known = registered_importers()
    wanted = [known[kind] for kind in kinds if kind in known] or list(known.values())
    found = [suggest_for(importer, headers) for importer in wanted]
    # Of two that fit alike the one that lacks fewer required fields.
    return max(found, key=lambda one: (one.weight - 60 * _lacking(known[one.kind], one), one.weight))


def suggest_for(importer: Importer, headers: Sequence[str]) -> Suggestion:
    words = {spec.name: _words(spec) for spec in importer.fields}
    pairs = sorted(
        (
            (-_score(normal_header(header), words[spec.name]), at, spec.name, header)
            for at, header in enumerate(headers)
            for spec in importer.fields
        ),
    )
    columns: dict[str, str] = {}
    scores: dict[str, int] = {}
    for score, _at, name, header in pairs:
        if -score < LEAST:
            break
        if name not in columns and header not in scores:
            columns[name], scores[header] = header, -score
    ordered = {spec.name: columns[spec.name] for spec in importer.fields if spec.name in columns}
    return Suggestion(kind=importer.kind, columns=ordered, scores=scores)


def scores_of(content: Mapping[str, Any], headers: Sequence[str]) -> dict[tuple[int, str], int]:
    """How well the columns of a mapping fit their fields by name: (number of the entity, column) → 0 to 100."""
    known = registered_importers()
    scores: dict[tuple[int, str], int] = {}
    for at, entity in enumerate(content.get("entity", ())):
        importer = known.get(entity.get("kind", ""))
        if importer is None:
            continue
        specs = {spec.name: spec for spec in importer.fields}
        for name, rule in entity.get("columns", {}).items():
            column = rule if isinstance(rule, str) else rule.get("column", "")
            if column in headers and name in specs:
                scores.setdefault((at, column), _score(normal_header(column), _words(specs[name])))
    return scores


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
