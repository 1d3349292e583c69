import ast
import inspect
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel import money
from anxin.kernel.money import Money, MoneyError, format_money, parse_fen, round_half_up, share

FEN = st.integers(-(10**16), 10**16)


def test_the_money_module_contains_no_float() -> None:
    tree = ast.parse(inspect.getsource(money))
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), ast.dump(node)
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"float at line {node.lineno}"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.56", 123456),
        ("1234.5", 123450),
        ("0", 0),
        ("１，２３４．５６", 123456),
        ("￥1234", 123400),
        ("¥ 1,000", 100000),
        ("12元", 1200),
        ("人民币12元整", 1200),
        ("CNY 12.30", 1230),
        ("12.30 cny", 1230),
        ("50万", 50_000_000),
        ("50 万元", 50_000_000),
        ("4.86亿", 48_600_000_000),
        ("0.000001亿", 10_000),
        ("(12.00)", -1200),
        ("（12.00）", -1200),
        ("-5", -500),
        ("−5.01", -501),
        ("－5", -500),
        ("-¥5", -500),
        ("¥-5", -500),
        ("+5", 500),
        (" 1.500 ", 150),
        ("92,233,720,368,547,758.07", 2**63 - 1),
    ],
)
def test_amounts_as_people_write_them_are_read(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "abc",
        "1.234",
        "1,23",
        "1,2345",
        "12,34.5",
        "1.2.3",
        "--5",
        "-+5",
        "-(5)",
        "(-5)",
        "¥",
        "1e5",
        "NaN",
        "Infinity",
        "0x10",
        "5%",
        "1 000",
        ".5.",
        "5万3",
        "0.00000001万",
        "92,233,720,368,547,758.08",
        "9" * 400,
        "٣",
    ],
)
def test_junk_and_parts_of_a_fen_are_refused_with_advice(text: str) -> None:
    with pytest.raises(MoneyError) as caught:
        parse_fen(text)
    assert len(str(caught.value)) > 20
    assert ";" in str(caught.value)


@given(FEN)
def test_what_is_formatted_in_full_reads_back_the_same(fen: int) -> None:
    assert parse_fen(format_money(fen, "zh-hans")) == fen
    assert parse_fen(format_money(fen, "en", symbol=False)) == fen


@given(st.text(max_size=20))
def test_any_text_gives_an_amount_or_a_money_error(text: str) -> None:
    try:
        fen = parse_fen(text)
    except MoneyError:
        return
    assert isinstance(fen, int)


@pytest.mark.parametrize(
    ("fen", "lang", "style", "text"),
    [
        (128_640_000, "zh-hans", "full", "¥1,286,400.00"),
        (-5, "en", "full", "−¥0.05"),
        (48_600_000_000, "zh-hans", "short", "¥4.86 亿"),
        (48_600_000_000, "en", "short", "¥486 m"),
        (50_000_000, "zh-hans", "short", "¥50 万"),
        (50_000_000, "en", "short", "¥500 k"),
        (123_456_789_012_345, "zh-hans", "short", "¥12,346 亿"),
        (123_456_789_012_345, "en", "short", "¥1,235 bn"),
        (9_999_999_999, "zh-hans", "short", "¥1 亿"),
        (99_999_999, "en", "short", "¥1 m"),
        (999_949, "zh-hans", "short", "¥9,999.49"),
        (100_000, "zh-hans", "short", "¥1,000"),
        (123_456, "en", "short", "¥1.23 k"),
        (123_500_000, "zh-hans", "short", "¥124 万"),
        (-50_000_000, "zh-hans", "short", "−¥50 万"),
        (0, "en", "short", "¥0"),
    ],
)
def test_amounts_read_well(fen: int, lang: str, style: money.Style, text: str) -> None:
    assert format_money(fen, lang, style) == text


def test_a_column_may_drop_the_symbol() -> None:
    assert format_money(50_000_000, "zh-hans", "short", symbol=False) == "50 万"


@pytest.mark.parametrize(
    ("value", "whole"),
    [("0.5", 1), ("-0.5", -1), ("1.4999999999999999999999999999999", 1), ("2.5", 3), ("-2.5", -3), ("2.49", 2)],
)
def test_a_half_rounds_away_from_zero(value: str, whole: int) -> None:
    assert round_half_up(Decimal(value)) == whole


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_not_a_number_is_not_rounded(value: str) -> None:
    with pytest.raises(MoneyError):
        round_half_up(Decimal(value))


@given(FEN, st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_shares_sum_exactly_and_stay_within_one_fen_of_fair(fen: int, weights: list[int]) -> None:
    parts = share(fen, weights)
    assert sum(parts) == fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - fen * weight) < sum(weights)
        assert weight or part == 0


def test_the_spare_fen_goes_to_the_largest_remainder_then_to_the_first() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]
    assert share(10, [7, 8]) == [5, 5]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(MoneyError):
        share(100, weights)


def test_currencies_do_not_mix() -> None:
    for operation in (
        lambda: Money(1) + Money(1, "USD"),
        lambda: Money(1) - Money(1, "USD"),
        lambda: Money(1) < Money(1, "USD"),
        lambda: money.total([Money(1, "USD")]),
    ):
        with pytest.raises(MoneyError, match="CNY"):
            operation()
    assert Money(1) != Money(1, "USD")


def test_money_refuses_what_is_not_whole_fen() -> None:
    for bad in (1.5, Decimal(1), True, "1"):
        with pytest.raises(MoneyError):
            Money(bad)  # type: ignore[arg-type]
    with pytest.raises(MoneyError):
        Money(1) * 1.5  # type: ignore[operator]


@given(FEN, FEN)
def test_arithmetic_is_that_of_whole_fen(a: int, b: int) -> None:
    assert (Money(a) + Money(b)).fen == a + b
    assert (Money(a) - Money(b)).fen == a - b
    assert (Money(a) < Money(b)) == (a < b)
    assert (-Money(a)).fen == -a
    assert (Money(a) * 3).fen == 3 * a


def test_a_decimal_factor_is_exact_before_it_is_rounded() -> None:
    assert Money(10**20) * Decimal("1.0000000000000000000005") == Money(10**20)
    assert Money(10**15 + 1) * Decimal("0.5") == Money(5 * 10**14 + 1)
    assert Money(-5) * Decimal("0.1") == Money(-1)
    assert Decimal("0.06") * Money(10_000) == Money(600)
