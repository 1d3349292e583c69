"""Values of files in the types of the product: exactly, or refused with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.foundation.intake.data import FieldKind, FieldSpec
from anxin.foundation.intake.rules import conversion, profile
from anxin.foundation.intake.rules.detection import LINE
from anxin.foundation.intake.rules.problems import HINTS
from anxin.kernel import money


def converted(kind: FieldKind, values: list[str | None], **rule: Any) -> tuple[dict[int, Any], dict[int, str]]:
    """(line → value of rows that pass, line → first code of every row with a problem)."""
    spec_of = {key: rule.pop(key) for key in ("choices", "max_length", "is_required") if key in rule}
    spec = FieldSpec(name="f", label="f", kind=kind, **spec_of)
    content = {"name": "t", "source": "s", "entity": [{"kind": "k", "columns": {"f": {"column": "x", **rule}}}]}
    entity = profile.parse_profile(content).entities[0]
    raw = pl.DataFrame({LINE: range(1, len(values) + 1), "x": values}, schema={LINE: pl.Int64, "x": pl.String})
    made = conversion.convert(raw, entity, [spec])
    codes: dict[int, str] = {}
    for line, _field, code, _value, _is_warning in made.problems.iter_rows():
        assert code in HINTS
        codes.setdefault(line, code)
    return dict(made.rows.iter_rows()), codes


def one(kind: FieldKind, value: str, **rule: Any) -> Any:
    """The value, or the code of its refusal."""
    rows, codes = converted(kind, [value], **rule)
    return rows[1] if 1 in rows else codes[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" 王小明\u3000", "王小明"),
        ("ＡＢＣ１２", "ABC12"),
        ("a\tb\nc", "a b c"),
        ("", None),
        ("   ", None),
        ("\ufeffx\u200b", "x"),
        ("𠮷野家", "𠮷野家"),
        ("a\x00b", "control_character"),
        ("x" * 20_001, "too_long"),
    ],
)
def test_texts_are_tidied(text: str, wanted: str | None) -> None:
    assert one(FieldKind.TEXT, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.1010119900307E+17", "rounded_number"),
        ("1.1E17", "rounded_number"),
        ("110101199003070011.0", "rounded_number"),
        ("1001.0", "1001"),
        ("'00318", "00318"),
        ("P 310 0265", "P3100265"),
        ("１３８００１３８０００", "13800138000"),
        ("12E34", "12E34"),
        ("00318", "00318"),
    ],
)
def test_codes_that_a_spreadsheet_rounded_are_refused(text: str, wanted: str) -> None:
    assert one(FieldKind.CODE, text) == wanted


def test_a_code_is_never_cut() -> None:
    assert one(FieldKind.CODE, "12345", max_length=4) == "too_long"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-10-12", date(2026, 10, 12)),
        ("2026/1/5", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("２０２６年１月５日", date(2026, 1, 5)),
        ("2026-01-05 00:00:00", date(2026, 1, 5)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-02-30", "impossible_date"),
        ("2025-02-29", "impossible_date"),
        ("20260230", "impossible_date"),
        ("26-01-05", "two_digit_year"),
        ("260105", "two_digit_year"),
        ("1/2/2026", "not_a_date"),
        ("昨天", "not_a_date"),
        ("9999-12-31", "year_out_of_range"),
        ("1700-01-01", "year_out_of_range"),
        ("45231", date(2023, 11, 1)),
        ("60", "not_a_date"),
    ],
)
def test_dates_are_read_or_refused(text: str, wanted: date | str) -> None:
    assert one(FieldKind.DATE, text) == wanted


def test_days_by_the_number_of_a_spreadsheet_pass_with_a_warning() -> None:
    rows, codes = converted(FieldKind.DATE, ["45231", "25569"])
    assert rows == {1: date(2023, 11, 1), 2: date(1970, 1, 1)}
    assert codes == {1: "excel_serial", 2: "excel_serial"}


def test_a_format_decides_what_day_and_month_are() -> None:
    assert one(FieldKind.DATE, "05/11/2015", format="%d/%m/%Y") == date(2015, 11, 5)
    assert one(FieldKind.DATE, "31/02/2015", format="%d/%m/%Y") == "impossible_date"
    assert one(FieldKind.DATE, "05/11/15", format="%d/%m/%Y") == "two_digit_year"
    assert one(FieldKind.DATE, "2024年3月1日", format=["%Y.%m.%d", "%Y年%m月%d日"]) == date(2024, 3, 1)


def test_no_date_can_be_said_by_a_null_value() -> None:
    assert one(FieldKind.DATE, "9999-12-31", null_values=["9999-12-31"]) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-01-05 10:00:00", datetime(2026, 1, 5, 2, tzinfo=UTC)),
        ("2026-01-05T10:00:00+08:00", datetime(2026, 1, 5, 2, tzinfo=UTC)),
        ("2026-01-05T02:00:00Z", datetime(2026, 1, 5, 2, tzinfo=UTC)),
        ("2026/1/5 8:30", datetime(2026, 1, 5, 0, 30, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        # China had summer time from 1986 to 1991: at two o'clock of this night the clock went to three.
        ("1986-05-04 02:30:00", "no_such_time"),
        ("1988-07-01 10:00:00", datetime(1988, 7, 1, 1, tzinfo=UTC)),
        ("2026-02-30 10:00:00", "impossible_date"),
        ("10:00", "not_a_moment"),
    ],
)
def test_moments_are_local_unless_they_say_otherwise(text: str, wanted: datetime | str) -> None:
    assert one(FieldKind.MOMENT, text) == wanted


@pytest.mark.parametrize(
    ("text", "rule", "wanted"),
    [
        ("222.52", {}, 22252),
        ("1,234.5", {}, 123450),
        ("￥1,234.56", {}, 123456),
        ("50万", {}, 50_000_000),
        ("50 万元", {}, 50_000_000),
        ("4.86亿", {}, 48_600_000_000),
        ("(12.00)", {}, -1200),
        ("−3", {}, -300),
        ("¥-5", {}, -500),
        ("-¥5", {}, -500),
        (".5", {}, 50),
        ("20700.0", {}, 2_070_000),
        ("12元", {}, 1200),
        ("一万八", {}, "not_an_amount"),
        ("1.2e5", {}, "not_an_amount"),
        ("0.001", {}, "finer_than_fen"),
        ("1,23", {}, "not_an_amount"),
        ("12.3.4", {}, "not_an_amount"),
        ("-", {}, "not_an_amount"),
        ("999999999999999亿", {}, "amount_too_large"),
        ("1.234,56", {"number": "1.234,56"}, 123456),
        ("-0,5", {"number": "1.234,56"}, -50),
        ("1234", {"unit": "fen"}, 1234),
        ("12.5", {"unit": "fen"}, "finer_than_fen"),
        ("12.5", {"unit": "万"}, 12_500_000),
        ("0.000001", {"unit": "wan"}, 1),
    ],
)
def test_amounts_are_exact_fen(text: str, rule: dict[str, str], wanted: int | str) -> None:
    assert one(FieldKind.MONEY, text, **rule) == wanted


@given(st.integers(-(10**15), 10**15), st.booleans())
@settings(max_examples=60, deadline=None)
def test_amounts_agree_with_the_kernel_and_with_decimals(fen: int, with_commas: bool) -> None:
    number = Decimal(fen) / 100
    text = f"{number:,.2f}" if with_commas else f"{number:.2f}"
    assert one(FieldKind.MONEY, text) == fen == money.parse_fen(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("12", 12), ("1,234", 1234), ("3.0", 3), ("4座", 4), ("-5", -5), ("3.5", "not_a_number"), ("x", "not_a_number")],
)
def test_whole_numbers(text: str, wanted: int | str) -> None:
    assert one(FieldKind.INTEGER, text) == wanted


def test_yes_and_no_in_many_words() -> None:
    rows, codes = converted(FieldKind.YES_NO, ["是", "N", "1.0", "？", "true", "无"])
    assert (rows, codes) == ({1: True, 2: False, 3: True, 5: True, 6: False}, {4: "not_yes_no"})


def test_choices_go_through_the_value_map() -> None:
    rows, codes = converted(
        FieldKind.CHOICE, ["男", "Female", "X"], map={"男": "male", "X": "other"}, choices=("male", "female")
    )
    assert (rows, codes) == ({1: "male", 2: "female"}, {3: "not_mapped"})


def test_required_values_and_defaults() -> None:
    assert one(FieldKind.TEXT, "", is_required=True) == "value_missing"
    assert one(FieldKind.TEXT, "", is_required=True, default="x") == "x"
    assert one(FieldKind.TEXT, "NULL", null_values=["NULL"]) is None


def test_every_problem_names_line_field_and_value() -> None:
    spec = FieldSpec(name="f", label="f", kind=FieldKind.DATE)
    content = {"name": "t", "source": "s", "entity": [{"kind": "k", "columns": {"f": "x"}}]}
    entity = profile.parse_profile(content).entities[0]
    raw = pl.DataFrame({LINE: [7], "x": ["2026-02-30"]}, schema={LINE: pl.Int64, "x": pl.String})
    assert conversion.convert(raw, entity, [spec]).problems.rows() == [(7, "f", "impossible_date", "2026-02-30", False)]


def test_a_template_puts_columns_together() -> None:
    content = {
        "name": "t",
        "source": "s",
        "entity": [{"kind": "k", "columns": {"f": {"template": "{a}-{d:%Y%m%d}", "format": "%d/%m/%Y"}}}],
    }
    entity = profile.parse_profile(content).entities[0]
    raw = pl.DataFrame({LINE: [1, 2], "a": ["7", None], "d": ["05/11/2015", "05/11/2015"]})
    made = conversion.convert(raw, entity, [FieldSpec(name="f", label="f", kind=FieldKind.CODE)])
    assert made.rows["f"].to_list() == ["7-20151105", None]


def test_columns_together_make_the_key_of_a_row_that_has_no_number() -> None:
    def keys(names: tuple[str, str], rows: list[tuple[str | None, str | None]]) -> list[str | None]:
        content = {"name": "t", "source": "s", "entity": [{"kind": "k", "columns": {"f": {"key_of": list(names)}}}]}
        entity = profile.parse_profile(content).entities[0]
        raw = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").with_row_index(LINE, 1)
        spec = FieldSpec(name="f", label="f", kind=FieldKind.CODE, is_required=True)
        made = conversion.convert(raw.cast({LINE: pl.Int64}), entity, [spec])
        found = dict(made.rows.iter_rows())
        return [found.get(line) for line in raw[LINE]]

    rows = [("王小丫", "11010x"), (" 王小丫", "11010X "), ("王小丫", None), (None, "王小丫"), (None, " ")]
    first, same, without, swapped, empty = keys(("姓名", "证件"), rows)
    assert first == same
    assert len({first, without, swapped}) == 3, "an empty cell has its own place"
    assert empty is None, "nothing told: refused as any row without its number"
    assert keys(("name", "document"), rows)[0] == first, "the names of columns may change"
    assert "11010" not in str(first)
    assert str(first).startswith("K"), "never taken for a number that a spreadsheet rounded"


def test_a_condition_leaves_rows_out() -> None:
    content = {
        "name": "t",
        "source": "s",
        "entity": [{"kind": "k", "when": {"column": "a", "is_not": ["", "0"]}, "columns": {"f": "a"}}],
    }
    entity = profile.parse_profile(content).entities[0]
    raw = pl.DataFrame({LINE: [1, 2, 3], "a": ["7", None, "0"]}, schema={LINE: pl.Int64, "a": pl.String})
    assert conversion.rows_of(raw, entity)[LINE].to_list() == [1]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({}, "entity"),
        ({"name": "x", "source": "s", "entity": [{"kind": "k", "columns": {}}]}, "no columns"),
        (
            {
                "name": "x",
                "source": "s",
                "entity": [{"kind": "k", "columns": {"f": {"key_of": ["a"], "default": "b"}}}],
            },
            "alone",
        ),
        ({"name": "x", "source": "s", "entity": [{"kind": "k", "columns": {"f": {"colunm": "a"}}}]}, "colunm"),
        (
            {"name": "x", "source": "s", "entity": [{"kind": "k", "columns": {"f": {"unit": "li", "column": "a"}}}]},
            "li",
        ),
        ({"name": "../x", "source": "s", "entity": [{"kind": "k", "columns": {"f": "a"}}]}, "name"),
        (
            {
                "name": "x",
                "source": "s",
                "file": {"encoding": "big5"},
                "entity": [{"kind": "k", "columns": {"f": "a"}}],
            },
            "big5",
        ),
    ],
)
def test_a_profile_that_is_wrong_says_where(content: dict[str, Any], word: str) -> None:
    with pytest.raises(profile.ProfileError, match=word):
        profile.parse_profile(content)
