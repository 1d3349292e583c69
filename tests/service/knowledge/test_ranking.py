"""What is found and in which order; without a database."""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from anxin.service.knowledge.data import Part
from anxin.service.knowledge.rules import is_valid, kept, ranking, texts

BENCH = Path(__file__).resolve().parents[4] / "shared" / "data" / "insqabench" / "clause_qa_dev.csv"
ARTICLES = {
    1: ("犹豫期内如何退保", "犹豫期从签收保单次日起计算，一般为十五天。犹豫期内解除合同，退还全部保险费。"),
    2: ("车险报案", "先确认人员安全。四十八小时内拨打客服热线报案，说明车牌号和时间地点。"),
    3: ("理赔时效", "单证齐全之日起，公司五个工作日内作出核定；情形复杂的，三十日内作出核定。"),
    4: ("HIV 检测说明", "人类免疫缺陷病毒（HIV）检测结果须由医院出具。"),
}


def index() -> ranking.Index:
    return ranking.Index.of(ranking.Text(UUID(int=key), title, body) for key, (title, body) in ARTICLES.items())


def first(question: str, **more: object) -> int | None:
    hits = index().search(question, **more)  # type: ignore[arg-type]
    return hits[0].key.int if hits else None


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("请问犹豫期是多少天？", 1), ("出了车祸怎么报案", 2), ("理赔核定需要多久", 3), ("hiv 检测", 4),
        ("30天内作出核定吗", 3), ("犹 豫 期", 1),
    ],
)  # fmt: skip
def test_a_question_in_plain_words_finds_its_article(question: str, wanted: int) -> None:
    assert first(question) == wanted


def test_what_occurs_nowhere_finds_nothing() -> None:
    assert index().search("量子力学") == []
    assert index().search("？！") == []
    assert index().search("") == []
    assert ranking.Index.of([]).search("犹豫期") == []


def test_one_character_alone_is_looked_for_too() -> None:
    assert first("豫") == 1


def test_other_words_lead_to_the_article_by_synonyms_only() -> None:
    assert index().search("冷静期") == []
    assert first("冷静期", synonyms={"冷静期": ["犹豫期"]}) == 1


def test_only_what_is_allowed_is_found() -> None:
    found = index()
    among = np.array([key.int != 1 for key in found.keys])
    assert UUID(int=1) not in [hit.key for hit in found.search("犹豫期退保", among=among)]


def test_changes_give_another_index_and_leave_the_old_one_alone() -> None:
    before = index()
    after = before.changed([ranking.Text(UUID(int=9), "冷静期", "冷静期的说明。")], [UUID(int=2)])
    assert before.search("冷静期") == []
    assert after.search("冷静期")[0].key.int == 9
    assert len(before) == len(after) == 4
    assert [hit.key.int for hit in after.search("车险报案")] != [2]
    assert after.search("犹豫期") [0].score == pytest.approx(
        ranking.Index.of(
            [*(ranking.Text(UUID(int=k), *v) for k, v in ARTICLES.items() if k != 2),
             ranking.Text(UUID(int=9), "冷静期", "冷静期的说明。")]
        ).search("犹豫期")[0].score
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("三 十 天内", "30日内"), ("二十五周岁", "25周岁"), ("１５日", "15日"), ("两个月", "2个月"),
        ("一百八十日", "180日"),
        ("附附附附录录录录", "附录"), ("ＡＢＣ", "abc"),
    ],
)  # fmt: skip
def test_one_thing_has_one_spelling(text: str, wanted: str) -> None:
    assert texts.plain(text) == wanted


def test_question_words_are_no_words_to_look_for() -> None:
    assert texts.asked("根据材料，犹豫期是什么意思？").strip(" ,?") == "犹豫期是指"
    assert "哪些" not in texts.asked("理赔需要哪些材料")


def test_highlights_lose_no_letter() -> None:
    text = "犹豫期从签收次日起计算，İ 与 ǅ 也不例外。" * 9
    stretch = texts.best_stretch(text, "犹豫期")
    parts = texts.marked(text, "犹豫期", Part)
    assert "".join(part.text for part in parts) == text
    assert "犹豫期" in stretch
    plain = texts.marked("一年期的犹豫期", "犹豫期", Part)
    assert [part.text for part in plain if part.is_hit] == ["犹豫期"]


def test_kept_questions_hold_no_numbers_of_people() -> None:
    assert kept(" 客户 13800138000  怎么退保 ") == "客户 … 怎么退保"
    assert kept("身份证 11010519491231002X 丢了") == "身份证 … 丢了"
    assert kept("30 天") == "30 天"


def test_both_days_of_validity_count() -> None:
    from datetime import date

    day = date(2026, 10, 12)
    assert is_valid(day, day, day)
    assert is_valid(None, None, day)
    assert not is_valid(None, date(2026, 10, 11), day)
    assert not is_valid(date(2026, 10, 13), None, day)


@pytest.mark.skipif(not BENCH.exists(), reason="the search benchmark is not there (shared/data/insqabench)")
def test_seventy_eight_of_a_hundred_questions_find_their_clause_among_the_first_five() -> None:
    with BENCH.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = {passage: UUID(int=at) for at, passage in enumerate(dict.fromkeys(row["passage"] for row in rows))}
    found = ranking.Index.of(ranking.Text(key, "", passage) for passage, key in keys.items())
    hits = sum(keys[row["passage"]] in [hit.key for hit in found.search(row["question"], limit=5)] for row in rows)
    assert hits / len(rows) >= 0.78
