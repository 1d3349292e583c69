"""One condition, three ways: SQL in DuckDB, Python, Polars. They must never disagree."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anxin.analytics.linkage import conditions

WORD = st.none() | st.text("abx*1", max_size=6)
RECORD = st.fixed_dictionaries({"a": WORD, "b": WORD})
CONDITIONS: list[conditions.Condition] = [
    ("eq", "a"), ("cross", "a", "b"), ("lev", "a", 1), ("lev", "a", 2), ("jw", "a", 0.84), ("jw", "a", 0.92),
    ("prefix", "a", 2), ("like", "a"), ("inside", "a"), ("both", "a", "x"), ("any", "a", "x"), ("missing", "a"),
    ("and", ("eq", "a"), ("not", ("eq", "b"))), ("or", ("eq", "a"), ("missing", "b")),
    ("not", ("or", ("cross", "a", "b"), ("both", "a", "1"))),
]  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Any:
    return duckdb.connect()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(RECORD, RECORD), min_size=1, max_size=12))
@example([({"a": None, "b": "x"}, {"a": "", "b": "x"})])
@example([({"a": "%", "b": "_"}, {"a": "a", "b": "b"})])
def test_sql_and_python_agree_also_on_what_is_unknown(
    con: Any, pairs: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    rows = [(left["a"], left["b"], right["a"], right["b"]) for left, right in pairs]
    values = ", ".join("(?, ?, ?, ?)" for _ in rows)
    table = f"(values {values}) t(a_l, b_l, a_r, b_r)"
    asked = ", ".join(conditions.sql(each, "duckdb") for each in CONDITIONS)
    typed = ", ".join(f"cast({name} as varchar) as {name}" for name in ("a_l", "b_l", "a_r", "b_r"))
    flat = [value for row in rows for value in row]
    answers = con.execute(f"select {asked} from (select {typed} from {table})", flat).fetchall()
    for answer, (left, right) in zip(answers, pairs, strict=True):
        for found, condition in zip(answer, CONDITIONS, strict=True):
            if condition[0] in ("like", "inside") and {left["a"], right["a"]} & {"%", "_"}:
                continue  # wild cards of SQL are never in a feature
            assert conditions.holds(condition, left, right) == found, (condition, left, right)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(RECORD, RECORD), min_size=1, max_size=12))
def test_columns_and_python_agree(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    frame = pl.DataFrame(
        [(left["a"], left["b"], right["a"], right["b"]) for left, right in pairs],
        schema=dict.fromkeys(("a_l", "b_l", "a_r", "b_r"), pl.String), orient="row",
    )  # fmt: skip
    for condition in CONDITIONS:
        if {"lev", "jw", "like"} & set(map(str, condition)):
            continue
        found = frame.select(conditions.expression(condition)).to_series()
        for answer, (left, right) in zip(found, pairs, strict=True):
            assert bool(answer) == bool(conditions.holds(condition, left, right)), (condition, left, right)


@settings(max_examples=30, deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 4))
def test_within_agrees_with_the_count_of_edits(one: str, other: str, most: int) -> None:
    assert conditions.within(one, other, most) == (conditions.levenshtein(one, other) <= most)


def test_a_condition_from_json_is_the_same_condition() -> None:
    assert conditions.frozen(["and", ["eq", "a"], ["not", ["lev", "b", 1]]]) == (
        "and",
        ("eq", "a"),
        ("not", ("lev", "b", 1)),
    )


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="soundslike"):
        conditions.sql(("soundslike", "a"), "duckdb")
