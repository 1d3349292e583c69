"""What the wizard proposes for a column, and the reason it gives."""

from __future__ import annotations

from anxin.foundation.intake import queries
from anxin.foundation.intake.queries.suggestions import Reason, Remembered
from anxin.foundation.intake.rules.likeness import kind_of_values
from anxin.kernel.identifiers.resident import check_character
from anxin.kernel.personal import Kind

MOBILES = [f"1381234{number:04d}" for number in range(10)]
DOCUMENTS = [first + check_character(first) for first in (f"1101011990030{number:04d}" for number in range(1000, 1010))]


def test_values_tell_what_a_column_holds() -> None:
    assert kind_of_values(MOBILES) is Kind.MOBILE
    assert kind_of_values(DOCUMENTS) is Kind.DOCUMENT
    assert kind_of_values([f"a{number}@example.com" for number in range(6)]) is Kind.EMAIL
    assert kind_of_values(["大客户", "普通", "一般", "重要", "普通", "普通"]) is None


def test_a_few_values_tell_nothing_and_a_few_wrong_ones_change_nothing() -> None:
    assert kind_of_values(MOBILES[:4]) is None
    assert kind_of_values([*MOBILES[:8], "无", "12345"]) is Kind.MOBILE
    assert kind_of_values([*MOBILES[:7], "无", "12345", "-"]) is None


def test_a_column_without_a_name_is_known_by_its_values() -> None:
    headers = ("客户姓名", "F7", "F8")
    found = queries.suggest(headers, ("customer",), samples={"F7": DOCUMENTS, "F8": MOBILES})
    assert found.columns["id_number"] == "F7" and found.columns["mobile"] == "F8"
    content = {"entity": [{"kind": "customer", "columns": dict(found.columns)}]}
    matches = queries.matches_of(content, headers, samples={"F7": DOCUMENTS, "F8": MOBILES})
    assert matches[0, "客户姓名"].reason is Reason.NAME and matches[0, "F7"].reason is Reason.VALUES


def test_what_was_said_before_goes_before_the_name_and_brings_its_conversion() -> None:
    rule = {"column": "邮箱", "map": {"无": ""}}
    memory = {("customer", "邮箱"): Remembered(field="wechat", rule=rule, profile="old-crm")}
    found = queries.suggest(("姓名", "邮箱"), ("customer",), memory=memory)
    assert found.columns["wechat"] == rule and "email" not in found.columns
    content = {"entity": [{"kind": "customer", "columns": dict(found.columns)}]}
    match = queries.matches_of(content, ("姓名", "邮箱"), memory=memory)[0, "邮箱"]
    assert (match.reason, match.profile, match.score) == (Reason.SAID_BEFORE, "old-crm", 100)


def test_a_field_chosen_by_hand_is_told_as_that() -> None:
    content = {"entity": [{"kind": "customer", "columns": {"name": "F1"}}]}
    assert queries.matches_of(content, ("F1",))[0, "F1"].reason is Reason.BY_HAND


def test_what_stands_in_brackets_behind_a_name_is_no_part_of_it() -> None:
    found = queries.suggest(("客户号", "性别（1男2女）", "手机(联系用)"), ("customer",))
    assert found.columns == {"source_key": "客户号", "sex": "性别（1男2女）", "mobile": "手机(联系用)"}
    assert found.scores["性别（1男2女）"] == 94
