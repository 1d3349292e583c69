"""The tree of units, posts and working calendars."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from anxin.foundation.audit.models import Entry
from anxin.foundation.org import queries, services
from anxin.foundation.org.data import CodeTaken, IllegalMove, RoleTooWide, UnitNotFound
from anxin.foundation.org.models import CalendarDay, Post, Unit, WorkingCalendar
from anxin.kernel.permissions import Role, Scope
from tests import build
from tests.build import NOW, TODAY, Cast


def test_a_move_takes_the_whole_subtree_along(cast: Cast) -> None:
    outlet = build.unit(code="31011501", level="outlet", parent=cast.pudong)
    moved = services.move_unit(
        actor=build.actor(cast.administrator), now=NOW, unit_id=cast.pudong.id, parent_id=cast.nanjing.id
    )
    assert moved == 2
    assert Unit.objects.get(pk=outlet.pk).path == "/HQ/3201/310115/31011501/"
    assert Unit.objects.get(pk=cast.pudong.pk).parent == cast.nanjing
    assert cast.manager.id in queries.members_within([cast.nanjing.path])
    (before,) = queries.history_of(outlet.id)
    assert before.path == "/HQ/3100/310115/31011501/"


def test_a_unit_never_lies_under_itself(cast: Cast) -> None:
    for below in (cast.shanghai, cast.pudong):
        with pytest.raises(IllegalMove):
            services.move_unit(
                actor=build.actor(cast.administrator), now=NOW, unit_id=cast.shanghai.id, parent_id=below.id
            )


def test_a_code_that_begins_like_another_is_no_ancestor(cast: Cast) -> None:
    twin = build.unit(code="31", level="province", parent=cast.headquarters)
    assert cast.shanghai.id not in queries.units_at_or_below(twin.id)


def test_a_code_is_used_once(cast: Cast) -> None:
    with pytest.raises(CodeTaken):
        services.create_unit(
            actor=build.actor(cast.administrator), now=NOW, code="3100", name="x", level="city",
            parent_id=cast.headquarters.id,
        )  # fmt: skip


def test_whoever_may_edit_a_branch_changes_nothing_outside(cast: Cast) -> None:
    from anxin.foundation.accounts.models import Grant

    Grant.objects.create(role_id=Role.BRANCH_MANAGER, permission="org.edit", scope=Scope.UNIT)
    actor = build.actor(cast.branch_manager)
    with pytest.raises(UnitNotFound):
        services.move_unit(actor=actor, now=NOW, unit_id=cast.nanjing.id, parent_id=cast.shanghai.id)
    with pytest.raises(UnitNotFound):
        services.move_unit(actor=actor, now=NOW, unit_id=cast.pudong.id, parent_id=cast.nanjing.id)
    with pytest.raises(RoleTooWide):
        services.give_post(
            actor=actor, now=NOW, user_id=cast.branch_manager.id, unit_id=cast.shanghai.id, role=Role.ADMINISTRATOR,
            from_date=TODAY,
        )  # fmt: skip


def test_an_ended_post_gives_nothing_from_the_next_request_on(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager)
    assert client.get("/org/").status_code == 200
    post = Post.objects.get(user=cast.manager)
    services.end_post(actor=build.actor(cast.administrator), now=NOW, post_id=post.id, until_date=date(2020, 6, 1))
    assert client.get("/org/").status_code == 403


def test_a_post_held_already_is_not_doubled(cast: Cast) -> None:
    for _ in range(2):
        services.give_post_by_code(
            actor=build.actor(cast.administrator), now=NOW, user_id=cast.manager.id, unit_code=None, role=Role.AUDITOR,
            from_date=TODAY,
        )  # fmt: skip
    assert Post.objects.filter(user=cast.manager, role=Role.AUDITOR).count() == 1
    assert Entry.objects.filter(action="org.give_post").count() == 1


def test_the_nearest_calendar_above_a_unit_holds(cast: Cast) -> None:
    actor = build.actor(cast.administrator)
    week = {str(day): [["08:00", "20:00"]] for day in range(1, 8)}
    services.create_calendar(
        actor=actor, now=NOW, code="cc", name="客服中心", unit_id=cast.shanghai.id, weekly_hours=week
    )
    sunday = date(2026, 11, 22)
    assert queries.working_calendar(cast.pudong.id).is_working_day(sunday)
    assert not queries.working_calendar(cast.nanjing.id).is_working_day(sunday)
    assert not queries.working_calendar().is_working_day(sunday)


def test_make_up_days_are_worked_and_holidays_are_not(cast: Cast) -> None:
    site = WorkingCalendar.objects.get(code="site")
    services.fill_year(actor=build.actor(cast.administrator), now=NOW, calendar_id=site.id, year=2024)
    calendar = queries.working_calendar(cast.pudong.id)
    assert not calendar.is_working_day(date(2024, 10, 1))
    assert calendar.is_working_day(date(2024, 10, 12)), "a Saturday worked for the golden week"
    assert calendar.warning_for(2024) is None
    assert calendar.warning_for(2099)


def test_an_edited_day_changes_deadlines_at_once(cast: Cast) -> None:
    site = WorkingCalendar.objects.get(code="site")
    day = date(2026, 11, 24)
    assert queries.working_calendar().add_working_days(TODAY, 1) == day
    services.set_day(
        actor=build.actor(cast.administrator), now=NOW, calendar_id=site.id, day=day, is_working=False, hours=[],
        name="司庆",
    )  # fmt: skip
    assert queries.working_calendar().add_working_days(TODAY, 1) == date(2026, 11, 25)


@pytest.mark.parametrize("path", ["", "?q=浦东", "units/new/", "staff/", "staff/?q=顾", "calendars/", "calendars/new/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(path: str, language: str, client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    client.cookies["django_language"] = language
    assert client.get(f"/org/{path}").status_code == 200


def test_pages_of_one_unit_and_one_calendar_open(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    for tail in ("", "children/", "edit/", "move/", "posts/new/"):
        assert client.get(f"/org/units/{cast.shanghai.id}/{tail}").status_code == 200
    site = WorkingCalendar.objects.get(code="site")
    assert client.get(f"/org/calendars/{site.id}/?year=2026").status_code == 200
    assert "尚未公布" in client.get(f"/org/calendars/{site.id}/?year=2099").content.decode()


def test_the_calendar_form_refuses_hours_that_make_no_sense(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    site = WorkingCalendar.objects.get(code="site")
    for wrong in ("25:00-26:00", "12:00-09:00", "abc"):
        form = {"name": "x", "day_1": wrong}
        assert client.post(f"/org/calendars/{site.id}/hours/", form).status_code == 422
    good = {"day": "2026-12-25", "kind": "work", "hours": "09:00-12:00，13:00-17:30", "name": "加班"}
    assert client.post(f"/org/calendars/{site.id}/days/", good).status_code == 302
    day = CalendarDay.objects.get(calendar=site, date=date(2026, 12, 25))
    assert day.hours == [["09:00", "12:00"], ["13:00", "17:30"]]


def test_staff_are_found_by_part_of_a_name(client: Client, cast: Cast) -> None:
    client.force_login(cast.agent)
    rows = client.get("/org/staff/?q=顾").context["rows"]
    assert [row["post"].user for row in rows] == [cast.manager]
