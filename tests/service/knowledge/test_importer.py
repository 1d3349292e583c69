"""Articles from a file: new, changed, unchanged, refused, taken back; the sample that the demo begins with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import anxin
from anxin.foundation.intake import services as intake
from anxin.kernel.actor import Actor
from anxin.service.knowledge import queries
from anxin.service.knowledge.models import Article
from anxin.service.knowledge.queries import searching
from tests.build import NOW

ACTOR = Actor.system("test")
FOLDER = Path(anxin.__file__).parent / "config" / "sample" / "knowledge"


@pytest.fixture(autouse=True)
def fresh_index() -> Iterator[None]:
    searching.forget()
    yield
    searching.forget()


@pytest.mark.django_db(transaction=True)
def test_the_articles_of_the_sample_come_in_and_answer_questions() -> None:
    def load() -> dict[str, int]:
        report = intake.import_file(
            actor=ACTOR, path=FOLDER / "articles.csv", profile=FOLDER / "articles.toml", clock=lambda: NOW
        )
        figures: dict[str, int] = report["entities"]["knowledge"]
        return figures

    first = load()
    assert first["created"] == Article.objects.count() >= 40
    assert first["rejected"] == 0
    for question, number in (
        ("理赔要带什么材料", "ZS-010"), ("客户想退保怎么挽留", "ZS-031"), ("出了车祸打什么电话", "ZS-011"),
        ("新契约回访要问什么", "ZS-027"), ("多久答复投诉", "ZS-020"), ("开放式提问怎么用", "ZS-029"),
    ):  # fmt: skip
        found = [one.id for one in queries.search(ACTOR, question, now=NOW, limit=5).rows]
        assert Article.objects.get(source_key=number).pk in found, question
    assert load()["unchanged"] == first["created"]
    body = Article.objects.get(source_key="ZS-010").body
    assert body.startswith("共同材料：理赔申请书、") and "\n\n住院医疗：" in body
