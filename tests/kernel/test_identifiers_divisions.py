"""Places by name and by code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from anxin.kernel.identifiers import divisions

TABLES = Path(__file__).parents[3] / "shared" / "data" / "zh_division"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("杭州", "3301"),
        ("杭州西湖", "330106"),
        ("浙江省杭州市西湖区", "330106"),
        (" 浙江 杭州 ", "3301"),
        ("江西", "36"),
        ("吉林", "22"),
        ("吉林市", "2202"),
        ("朝阳区", "110105"),
        ("浦东", "310115"),
        ("仙桃", "429004"),
        ("310115", "310115"),
        ("31", "31"),
        ("nowhere", ""),
        ("市", ""),
        ("", ""),
    ],
)
def test_a_place_is_understood_by_name_and_by_code(typed: str, code: str) -> None:
    assert divisions.code_of(typed) == code


def test_a_name_finds_its_place_first_and_every_place_of_that_name() -> None:
    assert divisions.find("杭州")[0] == ("3301", "浙江省杭州市")
    assert ("330106", "浙江省杭州市西湖区") in divisions.find("杭州")
    assert {code for code, _ in divisions.find("西湖区")} >= {"330106", "360103"}
    assert all(code.startswith("3301") for code, _ in divisions.find("3301"))
    assert len(divisions.find("城", at_most=5)) == 5


def test_a_full_name_names_what_is_known() -> None:
    assert divisions.full_name("310115") == "上海市浦东新区"
    assert divisions.full_name("330100") == divisions.full_name("3301") == "浙江省杭州市"
    assert divisions.full_name("429004") == "湖北省仙桃市"
    assert divisions.full_name("330199") == "浙江省杭州市"
    assert divisions.full_name("99") == ""
    assert len(divisions.provinces()) == 34


def test_names_are_those_of_the_published_tables() -> None:
    if not TABLES.is_dir():
        pytest.skip("The shared tables of divisions are not on this machine.")
    known = missing = 0
    for name in ("province", "city", "area"):
        text = (TABLES / f"{name}.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            full = divisions.full_name(row["code"])
            known += full.endswith(row["name"])
            missing += not full.endswith(row["name"])
    # Some counties became districts since those tables were made; groups under a province have no name of their own.
    assert known > 3_100
    assert missing < 40
