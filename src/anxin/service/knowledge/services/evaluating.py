"""How well the search finds: questions with the passage that answers, judged by recall."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anxin.foundation.schemes import queries as schemes
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.knowledge import rules
from anxin.service.knowledge.data import SEARCHING
from anxin.service.knowledge.rules import ranking


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """`recall` by rank (1, 5, 10); times in milliseconds for each question; `passages` were searched."""

    questions: int
    passages: int
    recall: dict[int, float]
    p50_ms: float
    p95_ms: float
    build_seconds: float


def evaluate(pairs: Sequence[tuple[str, str]], *, others: Sequence[str] = (), today: date) -> Evaluation:
    """Index the passages of `pairs` (question, passage) and `others`, and ask every question by itself.

    The passage that belongs to a question is only compared with what was found. Nothing is stored.
    """
    keys: dict[str, UUID] = {}
    for passage in [*(passage for _, passage in pairs), *others]:
        keys.setdefault(passage, uuid7())
    began = time.perf_counter()
    index = ranking.Index.of(ranking.Text(key, "", passage) for passage, key in keys.items())
    build = time.perf_counter() - began
    synonyms = rules.synonyms_of(schemes.active(SEARCHING, on=today).content)
    ranks, times = [], []
    for question, passage in pairs:
        began = time.perf_counter()
        found = [hit.key for hit in index.search(question, synonyms=synonyms, limit=10)]
        times.append((time.perf_counter() - began) * 1000)
        wanted = keys[passage]
        ranks.append(found.index(wanted) if wanted in found else 10)
    times.sort()
    count = max(1, len(ranks))
    return Evaluation(
        questions=len(ranks), passages=len(keys),
        recall={top: round(sum(rank < top for rank in ranks) / count, 4) for top in (1, 5, 10)},
        p50_ms=round(times[len(times) // 2], 2) if times else 0.0,
        p95_ms=round(times[int(len(times) * 0.95)], 2) if times else 0.0, build_seconds=round(build, 2),
    )  # fmt: skip
