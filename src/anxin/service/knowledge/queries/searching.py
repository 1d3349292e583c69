"""Searching. Every process holds the index of the published articles and asks the database before each search whether
it is still so; what changed since is read and put in (see the decision record)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.knowledge import rules
from anxin.service.knowledge.data import SEARCHING, Findings, Found, Part
from anxin.service.knowledge.models import Article, IndexStamp
from anxin.service.knowledge.rules import ranking, texts

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_QUESTION = 300
_EVER, _NEVER = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class _Loaded:
    index: ranking.Index
    facts: Mapping[UUID, tuple[str, str, int, int]]  # kind, category, first and last day
    kinds: NDArray[Any]
    categories: NDArray[Any]
    first: NDArray[Any]
    last: NDArray[Any]
    number: int
    mark: UUID | None


_lock = threading.Lock()
_loaded: _Loaded | None = None


def forget() -> None:
    """Drop what this process holds; the next search reads everything again."""
    global _loaded
    with _lock:
        _loaded = None


def search(
    actor: Actor, question: str, *, now: datetime, kind: str = "", category: str = "", offset: int = 0,
    limit: int = 20,
) -> Findings:  # fmt: skip
    """The published and valid articles that answer `question`, best first. Needs `knowledge.view`."""
    actor.require("knowledge.view")
    asked = question.strip()[:LONGEST_QUESTION]
    today = now.astimezone(SHANGHAI).date()
    content = schemes.active(SEARCHING, on=today).content
    loaded = _fresh()
    day = today.toordinal()
    valid = (loaded.first <= day) & (day <= loaded.last)
    hits = loaded.index.search(asked, synonyms=rules.synonyms_of(content), among=valid)
    told = [(hit, loaded.facts[hit.key]) for hit in hits]
    by_kind = Counter(facts[0] for _, facts in told if not category or facts[1] == category)
    by_category = Counter(facts[1] for _, facts in told if not kind or facts[0] == kind)
    if kind or category:
        # Asked again: what is wished for may lie below the hundred best of everything.
        among = valid.copy()
        if kind:
            among &= loaded.kinds == kind
        if category:
            among &= loaded.categories == category
        hits = loaded.index.search(asked, synonyms=rules.synonyms_of(content), among=among)
    page = hits[offset : offset + limit]
    rows = Article.objects.in_bulk([hit.key for hit in page])
    signs = texts.asked(asked) or texts.plain(asked)
    found = [_found(rows[hit.key], hit.score, signs) for hit in page if hit.key in rows]
    return Findings(rows=found, total=len(hits), by_kind=dict(by_kind), by_category=dict(by_category))


def suggest(actor: Actor, text: str, *, now: datetime, limit: int = 5) -> list[Found]:
    """What may help whoever is typing `text` just now; nothing for less than two characters."""
    if len(text.strip()) < 2:
        return []
    return list(search(actor, text, now=now, limit=limit).rows)


def _found(row: Article, score: float, signs: str) -> Found:
    return Found(
        id=row.id, kind=row.kind, category=row.category, title=texts.marked(row.title, signs, Part),
        snippet=texts.marked(texts.best_stretch(row.body, signs), signs, Part), published_at=row.published_at,
        valid_until=row.valid_until, helpful=row.helpful, score=round(score, 4),
    )  # fmt: skip


def _fresh() -> _Loaded:
    global _loaded
    stamp = IndexStamp.objects.filter(pk=1).values_list("number", "whole", "mark").first() or (0, 0, None)
    held = _loaded
    if held is not None and held.mark == stamp[2]:
        return held
    with _lock:
        held = _loaded
        if held is None or held.mark != stamp[2]:
            held = _loaded = _read(held, *stamp)
    return held


def _read(held: _Loaded | None, number: int, whole: int, mark: UUID | None) -> _Loaded:
    columns = ("pk", "title", "body", "kind", "category", "valid_from", "valid_until", "state")
    rows = Article.objects.values_list(*columns)
    is_all = held is None or held.number < whole or held.number >= number
    if held is None or is_all:
        found = list(rows.filter(state=Article.State.PUBLISHED))
        facts: dict[UUID, tuple[str, str, int, int]] = {}
        index = ranking.Index.of(ranking.Text(row[0], row[1], row[2]) for row in found)
    else:
        found = list(rows.filter(index_number__gt=held.number))
        gone = [row[0] for row in found if row[7] != Article.State.PUBLISHED]
        found = [row for row in found if row[7] == Article.State.PUBLISHED]
        facts = {key: value for key, value in held.facts.items() if key not in set(gone)}
        index = held.index.changed((ranking.Text(row[0], row[1], row[2]) for row in found), gone)
    facts |= {
        row[0]: (
            row[3], row[4], row[5].toordinal() if row[5] else _EVER, row[6].toordinal() if row[6] else _NEVER,
        )
        for row in found
    }  # fmt: skip
    ordered = [facts[key] for key in index.keys]
    return _Loaded(
        index=index, facts=facts, kinds=np.array([one[0] for one in ordered], object),
        categories=np.array([one[1] for one in ordered], object), first=np.array([one[2] for one in ordered], int),
        last=np.array([one[3] for one in ordered], int), number=number, mark=mark,
    )  # fmt: skip
