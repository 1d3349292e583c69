import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.spreadsheet_safety import safe_cell, safe_cells

FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r\n=1",
    "\x00=1",
    "\u200b=1",
    "\ufeff=1",
    "\u3000=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "-",
    "--1",
    "-12.5.1",
    "-1\n",
    " -1+A1",
]
HARMLESS = [
    "",
    "张三",
    "a=b",
    "-12.5",
    "+86",
    "-1,234.56",
    "-5%",
    "1e5",
    "-1E-3",
    "'=1",
    "12:30",
    "a@b.cn",
    "2026-01-01",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_disarmed(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_what_is_safe_stays_safe(text: str) -> None:
    once = safe_cell(text)
    assert safe_cell(once) == once
    assert once.removeprefix("'") == text or once == text


TEXTS = (
    st.text(max_size=12) | st.text(alphabet="=+-@＝ \t\n\x00\u200b\u30001.,e%a", max_size=8) | st.sampled_from(FORMULAS)
)


@given(st.lists(st.none() | TEXTS, max_size=15))
def test_a_column_agrees_with_single_cells(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"cell": pl.Series(texts, dtype=pl.String)}).select(safe_cells(pl.col("cell")))
    assert frame.columns == ["cell"]
    assert frame["cell"].to_list() == [None if text is None else safe_cell(text) for text in texts]
