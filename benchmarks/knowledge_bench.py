"""Search in the knowledge base: recall by question alone, and the time of a search among 10,000 articles.

`BENCH_QUESTIONS` names another file of the same form (columns question and passage) to judge by.
"""

from __future__ import annotations

import csv
import os
import random
import re
import time
from pathlib import Path
from typing import Any

from benchmarks import instance

ARTICLES = 10_000
QUESTIONS = Path(
    os.environ.get("BENCH_QUESTIONS")
    or Path(__file__).resolve().parents[2] / "shared" / "data" / "insqabench" / "clause_qa_dev.csv"
)
HOME = Path(os.environ.get("BENCH_KNOWLEDGE_HOME", "var/bench-knowledge")).resolve()


def main() -> dict[str, Any]:
    """Recall over the passages of the file; p95 of the whole search: stamp, ranking, rows, highlights."""
    if not QUESTIONS.exists():
        raise SystemExit(f"{QUESTIONS.name} is not there: set BENCH_QUESTIONS.")
    with QUESTIONS.open(encoding="utf-8-sig", newline="") as file:
        pairs = [(row["question"], row["passage"]) for row in csv.DictReader(file)]
    with instance.empty(HOME):
        figures = _measure(pairs)
    return {
        **figures,
        "promises": {
            "knowledge search, recall at 5": {
                "measured": figures["recall_at_5"], "promised": "≥ 0.78", "kept": figures["recall_at_5"] >= 0.78,
            },
            f"knowledge search among {ARTICLES:,} articles, p95 ms": {
                "measured": figures["p95_ms"], "promised": "≤ 50", "kept": figures["p95_ms"] <= 50,
            },
        },
    }  # fmt: skip


def _measure(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.service.knowledge import queries, services
    from anxin.service.knowledge.models import Article
    from anxin.service.knowledge.services import stamping

    judged = services.evaluate(pairs, today=clock.today())
    now = clock.now()
    Article.objects.bulk_create(
        [
            Article(
                kind="article", title=body[:24], body=body, state="published", published_at=now, created_at=now,
                index_number=1,
            )
            for body in _bodies([passage for _, passage in pairs])
        ],
        batch_size=1_000,
    )  # fmt: skip
    stamping.next_number()
    actor = Actor.system("benchmark", channel="cli")
    began = time.perf_counter()
    queries.search(actor, "犹豫期", now=now)
    first = time.perf_counter() - began
    times = []
    for question, _ in pairs:
        began = time.perf_counter()
        queries.search(actor, question, now=now)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {
        "questions": judged.questions, "passages": judged.passages, "recall_at_1": judged.recall[1],
        "recall_at_5": judged.recall[5], "recall_at_10": judged.recall[10], "articles": Article.objects.count(),
        "p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "first_search_seconds": round(first, 2),
    }  # fmt: skip


def _bodies(passages: list[str]) -> list[str]:
    """The passages, and others made of their sentences, up to ARTICLES."""
    dice = random.Random(5)
    sentences = [one for passage in passages for one in re.split(r"(?<=[。；])", passage) if len(one) > 4]
    found = list(dict.fromkeys(passages))
    while len(found) < ARTICLES:
        found.append("".join(dice.choice(sentences) for _ in range(dice.randint(4, 10))))
    return found[:ARTICLES]
