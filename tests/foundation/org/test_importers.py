"""Units and staff from files."""

from __future__ import annotations

from typing import Any

import pytest

from anxin.foundation.accounts.models import User
from anxin.foundation.org.models import Post, Unit
from anxin.kernel.importing import registered_importers
from tests.build import importing

pytestmark = pytest.mark.django_db
TREE = [
    {"code": "310115", "name": "浦东支公司", "level": "county", "parent_code": "31"},  # before its superior unit
    {"code": "00", "name": "总公司", "level": "HQ"},
    {"code": "31", "name": "上海分公司", "level": "province", "parent_code": "00"},
    {"code": "32", "name": "江苏分公司", "level": "province", "parent_code": "00"},
]
GU = {"staff_no": "E1", "name": "顾宁", "unit_code": "310115", "role": "customer_manager", "mobile": "138 0013 8000"}


def test_a_tree_in_any_order_gets_its_paths() -> None:
    assert importing.run("unit", TREE).counts == {"created": 4}
    assert dict(Unit.objects.values_list("code", "path"))["310115"] == "/00/31/310115/"
    assert importing.run("unit", TREE).counts == {"unchanged": 4}


def test_a_unit_that_moves_takes_what_is_below_with_it() -> None:
    importing.run("unit", TREE)
    outlet = {"code": "31011501", "name": "第1营业部", "level": "outlet", "parent_code": "310115"}
    importing.run("unit", [outlet])
    moved = importing.run("unit", [{**TREE[0], "parent_code": "32"}])
    assert moved.counts == {"updated": 1}
    assert Unit.objects.get(code="31011501").path == "/00/32/310115/31011501/"


def test_units_that_hang_nowhere_or_on_themselves_are_refused() -> None:
    importing.run("unit", TREE)
    result = importing.run(
        "unit",
        [
            {"code": "9", "name": "孤", "level": "city", "parent_code": "8"},
            {"code": "31", "name": "上海分公司", "level": "province", "parent_code": "310115"},
            {"code": "a/b", "name": "斜", "level": "city"},
            {"code": "7", "name": "空", "level": "星级"},
            {"code": "6", "name": None, "level": "city"},
        ],
    )
    assert [code for _l, _f, code in sorted(result.refusals)] == [
        "unknown_parent", "unit_under_itself", "unit_code_invalid", "unknown_level", "value_missing",
    ]  # fmt: skip
    assert Unit.objects.get(code="31").path == "/00/31/"


def test_staff_come_without_a_password_and_with_a_post() -> None:
    importing.run("unit", TREE)
    assert importing.run("staff", [GU]).counts == {"created": 1}
    user = User.objects.get(staff_no="E1")
    assert (user.username, user.display_name, user.mobile) == ("e1", "顾宁", "13800138000")
    assert not user.has_usable_password()
    post = Post.objects.get(user=user)
    assert (post.unit.code, post.role_id, post.until_date) == ("310115", "customer_manager", None)
    assert importing.run("staff", [GU]).counts == {"unchanged": 1}


def test_whoever_moves_leaves_the_old_post_and_keeps_those_given_by_hand() -> None:
    importing.run("unit", TREE)
    importing.run("staff", [GU])
    user = User.objects.get(staff_no="E1")
    by_hand = Post.objects.create(
        user=user, unit=Unit.objects.get(code="00"), role_id="auditor", from_date=importing.NOW.date()
    )
    assert importing.run("staff", [{**GU, "unit_code": "32", "role": "团队主管"}]).counts == {"updated": 1}
    held = set(Post.objects.filter(user=user, until_date__isnull=True).values_list("unit__code", "role"))
    assert held == {("32", "team_lead"), (by_hand.unit.code, "auditor")}
    assert Post.objects.get(unit__code="310115").until_date is not None


def test_staff_without_a_place_or_a_known_role_are_refused() -> None:
    importing.run("unit", TREE)
    User.objects.create_user(username="e7", display_name="别人")
    result = importing.run(
        "staff",
        [
            {**GU, "unit_code": "99"},
            {**GU, "staff_no": "E2", "role": "店小二"},
            {**GU, "staff_no": "E7"},
            {**GU, "staff_no": "E3", "mobile": "12"},
        ],
    )
    assert result.codes() == {"unknown_unit": 1, "unknown_role": 1, "username_taken": 1, "phone_unreadable": 1}
    assert result.counts == {"created": 1, "rejected": 3}


def test_an_undone_import_takes_posts_and_unused_units_away() -> None:
    units = importing.run("unit", TREE)
    staff = importing.run("staff", [GU])
    undone = registered_importers()["unit"].undo(units.batch_id)
    assert undone.touched == 1  # 32: the others lead to a post
    assert set(undone.kept["reason"]) == {"used_since"} and undone.kept.height == 3
    # The post goes, and with it the newcomer who never signed in.
    assert registered_importers()["staff"].undo(staff.batch_id).touched == 2
    assert registered_importers()["unit"].undo(units.batch_id).touched == 3
    assert not User.objects.filter(staff_no="E1").exists() and not Post.objects.exists()


def test_undone_units_and_staff_are_as_they_were() -> None:
    importing.run("unit", TREE)
    importing.run("staff", [GU])
    before = state()
    moved = [{**row, "name": row["name"] + "二"} for row in TREE]
    units = importing.run("unit", moved)
    staff = importing.run("staff", [{**GU, "role": "team_lead", "name": "顾二"}])
    assert state() != before
    kept = registered_importers()["staff"].undo(staff.batch_id).kept
    assert registered_importers()["unit"].undo(units.batch_id).kept.is_empty() and kept.is_empty()
    assert state() == before


def state() -> dict[str, Any]:
    return {
        "units": sorted(Unit.objects.values_list("code", "name", "level", "path", "parent__code")),
        "posts": sorted(Post.objects.values_list("user__staff_no", "unit__code", "role_id", "until_date")),
        "users": sorted(User.objects.values_list("staff_no", "display_name", "mobile", "email")),
    }
