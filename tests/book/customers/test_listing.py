"""The customers list: order, pages, filters, reach."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from anxin.book.customers import queries
from anxin.book.customers.models import Address, AttentionEntry, Party, PartyTag, Standing, Tag
from anxin.book.customers.queries import CustomerFilter, listing, terms
from anxin.kernel.actor import NotPermitted
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.statements import Statement
from tests import build
from tests.build import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


def standing(party: Party, **values: Any) -> Standing:
    return Standing.objects.create(party=party, run_id=uuid7(), **values)


def listed(user: Any, wanted: CustomerFilter | None = None, **asked: Any) -> list[str]:
    page = queries.list_customers(build.actor(user), wanted, today=TODAY, **asked)
    return [row.name for row in page.rows]


def walk(user: Any, *, backward: bool = False, **asked: Any) -> list[list[str]]:
    """Every page from the first to the last (and back again)."""
    actor, cursor, pages = build.actor(user), "", []
    while True:
        page = queries.list_customers(actor, today=TODAY, cursor=cursor, **asked)
        pages.append([row.name for row in page.rows])
        cursor = page.next_cursor
        if not cursor:
            break
    if not backward:
        return pages
    back = [pages[-1]]
    while page.previous_cursor:
        page = queries.list_customers(actor, today=TODAY, cursor=page.previous_cursor, **asked)
        back.append([row.name for row in page.rows])
    return back


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Eleven customers; some without figures, several with the same."""
    premiums = [500, 300, 300, 300, 0, 0, None, None, 900, None, 300]
    for number, premium in enumerate(premiums):
        party = build.person(
            name=f"客户{'甲乙丙丁戊己庚辛壬癸子'[number]}",
            manager=cast.manager,
            unit=cast.pudong,
            customer_since=TODAY - timedelta(days=number % 4) if number % 3 else None,
        )
        if premium is not None:
            expiry = TODAY + timedelta(days=number) if number % 2 else None
            standing(party, annual_premium_fen=premium, next_expiry_date=expiry, last_contact_at=None)
    return cast


@pytest.mark.parametrize("sort", sorted(queries.ORDERS))
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_show_every_row_once_in_every_order_and_lead_back(
    crowd: Cast, sort: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (whole,) = walk(crowd.manager, sort=sort, size=50)
    assert len(whole) == len(set(whole)) == 11
    if size % 2:  # walked by an index, where few are taken and sorted
        monkeypatch.setattr(listing, "MOST_SORTED", -1)
    forward = walk(crowd.manager, sort=sort, size=size)
    assert [name for page in forward for name in page] == whole
    assert walk(crowd.manager, sort=sort, size=size, backward=True) == forward[::-1]


@pytest.mark.parametrize("sort", sorted(queries.ORDERS))
def test_a_team_and_a_unit_are_shown_in_the_order_of_everybody(crowd: Cast, sort: str) -> None:
    for number in range(3):
        build.person(name=f"客户组{number}", manager=crowd.colleague, unit=crowd.pudong)
    everybody = listed(crowd.head_office, sort=sort)
    assert len(everybody) == 14
    assert listed(crowd.team_lead, sort=sort) == everybody == listed(crowd.branch_manager, sort=sort)


def test_initials_find_names_that_begin_with_no_letter(cast: Cast) -> None:
    for name in ("王文", "王伟明", "𠮷文文", "(万物)有限公司", "温暖", "魏武", "张伟"):
        build.person(name=name, manager=cast.manager, unit=cast.pudong)
    assert listed(cast.manager, CustomerFilter(text="ww")) == ["王伟明", "王文", "魏武", "(万物)有限公司", "𠮷文文"]
    assert listed(cast.manager, CustomerFilter(text="wang")) == ["王伟明", "王文"]


def test_customers_without_a_figure_come_last_in_both_directions(crowd: Cast) -> None:
    without = {"客户庚", "客户辛", "客户癸"}
    for sort in ("premium", "-premium"):
        assert set(listed(crowd.manager, sort=sort)[-3:]) == without
    assert listed(crowd.manager, sort="-premium")[0] == "客户壬"


def test_the_first_row_is_counted_on_every_page(crowd: Cast) -> None:
    actor = build.actor(crowd.manager)
    first = queries.list_customers(actor, today=TODAY, size=4)
    second = queries.list_customers(actor, today=TODAY, size=4, cursor=first.next_cursor)
    back = queries.list_customers(actor, today=TODAY, size=4, cursor=second.previous_cursor)
    assert (first.start, first.end, first.total) == (1, 4, 11)
    assert (second.start, second.end) == (5, 8)
    assert (back.start, back.end, back.previous_cursor) == (1, 4, "")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "' OR 1=1", "é", "A" * 500])
def test_a_foreign_cursor_shows_the_first_page(crowd: Cast, cursor: str) -> None:
    assert listed(crowd.manager, cursor=cursor, size=2) == listed(crowd.manager, size=2)


def test_a_cursor_works_only_in_its_own_order_and_tells_no_name(crowd: Cast) -> None:
    page = queries.list_customers(build.actor(crowd.manager), today=TODAY, size=2)
    assert "客户" not in page.next_cursor and "ke4" not in page.next_cursor
    assert listed(crowd.manager, sort="-premium", size=2, cursor=page.next_cursor) == listed(
        crowd.manager, sort="-premium", size=2
    )


def test_an_unknown_order_is_the_usual_one(crowd: Cast) -> None:
    assert listed(crowd.manager, sort="password") == listed(crowd.manager, sort="name")


def test_the_list_keeps_to_the_reach(cast: Cast) -> None:
    build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    build.person(name="王二", manager=cast.colleague, unit=cast.pudong)
    build.person(name="王三", manager=cast.outsider, unit=cast.nanjing)
    assert listed(cast.manager) == ["王一"]
    assert listed(cast.team_lead) == ["王二", "王一"]
    assert listed(cast.branch_manager) == ["王二", "王一"]
    assert listed(cast.outsider) == ["王三"]
    assert len(listed(cast.head_office)) == 3
    # A filter narrows the reach and never widens it.
    assert listed(cast.manager, CustomerFilter(manager=cast.outsider.pk)) == []
    assert listed(cast.manager, CustomerFilter(unit=cast.nanjing.pk)) == []
    assert listed(cast.manager, CustomerFilter(text="王三")) == []
    with pytest.raises(NotPermitted):
        listed(cast.administrator)


def test_each_filter_finds_what_it_says(cast: Cast) -> None:
    made = build.person(name="王一", sex="F", birth_date=date(1984, 11, 25), manager=cast.manager, unit=cast.pudong)
    other = build.organisation(name="测试公司", unit=cast.nanjing)
    standing(
        made, annual_premium_fen=120_000_00, tier="gold", abc="A", active_policies=2, open_claims=1,
        next_expiry_date=TODAY + timedelta(days=20), last_contact_at=NOW - timedelta(days=40),
    )  # fmt: skip
    standing(other, annual_premium_fen=0, tier="standard", abc="C", last_contact_at=NOW)
    Address.objects.create(party=made, kind="home", division_code="310115", text="上海市浦东新区某路1号", source="test")
    tag = Tag.objects.create(name="VIP", created_at=NOW)
    PartyTag.objects.create(party=made, tag=tag, created_at=NOW)
    AttentionEntry.objects.create(party=made, kind="fraud", state="active", reason="x", from_date=TODAY, created_at=NOW)
    hits = {
        "text": CustomerFilter(text="王"),
        "manager": CustomerFilter(manager=cast.manager.pk),
        "unit": CustomerFilter(unit=cast.shanghai.pk),
        "tier": CustomerFilter(tiers=("gold", "diamond")),
        "abc": CustomerFilter(abc=("A",)),
        "kind": CustomerFilter(kind="person"),
        "sex": CustomerFilter(sex="F"),
        "age": CustomerFilter(age_from=41, age_to=41),
        "birthday": CustomerFilter(birthday_within=7),
        "expiring": CustomerFilter(expiring_within=30),
        "silent": CustomerFilter(silent_days=30),
        "premium": CustomerFilter(premium_from_fen=100_000_00, premium_to_fen=150_000_00),
        "active": CustomerFilter(holds="active"),
        "tag": CustomerFilter(tags=(tag.pk,)),
        "city": CustomerFilter(division="31"),
        "whole city": CustomerFilter(division="310000"),
        "district": CustomerFilter(division="310115"),
        "claim": CustomerFilter(has_open_claim=True),
        "attention": CustomerFilter(on_attention=True),
    }
    for name, wanted in hits.items():
        assert listed(cast.head_office, wanted) == ["王一"], name
        assert CustomerFilter.from_json(wanted.to_json()) == wanted, name
    assert listed(cast.head_office, CustomerFilter(without_manager=True)) == ["测试公司"]
    assert listed(cast.head_office, CustomerFilter(holds="none")) == ["测试公司"]
    assert listed(cast.head_office, CustomerFilter(age_from=42)) == []
    assert listed(cast.head_office, CustomerFilter(birthday_within=1)) == []
    assert listed(cast.head_office, CustomerFilter(expiring_within=19)) == []


@pytest.mark.parametrize("sort", queries.ORDERS)
def test_a_filter_finds_the_same_in_every_order(cast: Cast, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = NOW - timedelta(days=90)
    standing(
        build.person(name="王一"), annual_premium_fen=5, active_policies=1, next_expiry_date=TODAY, last_contact_at=NOW,
        lines=["motor", "property"],
    )  # fmt: skip
    standing(
        build.person(name="王二"), annual_premium_fen=0, active_policies=1, last_contact_at=long_ago, lines=["life"]
    )
    standing(build.person(name="王三"), annual_premium_fen=0, active_policies=0, last_contact_at=long_ago)
    standing(build.person(name="王四"), annual_premium_fen=0, active_policies=0)
    build.person(name="王五", birth_date=TODAY - timedelta(days=400))
    for wanted, found in (
        (CustomerFilter(holds="none"), {"王三", "王四", "王五"}),
        (CustomerFilter(holds="active"), {"王一", "王二"}),
        (CustomerFilter(age_to=17), {"王五"}),
        (CustomerFilter(silent_days=30), {"王二", "王三", "王四", "王五"}),
        (CustomerFilter(silent_days=30, holds="none", text="王"), {"王三", "王四", "王五"}),
        (CustomerFilter(lines=("motor",)), {"王一"}),
        (CustomerFilter(lines=("motor", "life")), {"王一", "王二"}),
        (CustomerFilter(lines=("motor", "life"), holds="none"), set()),
    ):
        monkeypatch.undo()
        whole = listed(cast.head_office, wanted, sort=sort)
        assert set(whole) == found
        for ways in ({"MOST_SORTED": -1}, {"CHEAPEST_SORT": -1.0, "LONGEST_WALK": 1e9}):
            for name, value in ways.items():
                monkeypatch.setattr(listing, name, value)
            assert listed(cast.head_office, wanted, sort=sort) == whole
            assert [name for page in walk(cast.head_office, wanted=wanted, sort=sort, size=1) for name in page] == whole
            monkeypatch.undo()


@pytest.mark.parametrize("sort", [sort for sort in queries.ORDERS if "premium" in sort or "expiry" in sort])
def test_figures_alone_find_the_same_first_page_as_their_files(
    cast: Cast, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = build.person(name="王")
    for number in range(9):
        party = build.person(name=f"王{number}")
        if number in (0, 4, 5):
            Party.objects.filter(pk=party.pk).update(state=Party.State.MERGED, replaced_by=kept)
        standing(
            party, annual_premium_fen=number % 3, active_policies=1, tier="gold" if number % 2 else "standard",
            next_expiry_date=TODAY + timedelta(days=number) if number != 7 else None,
        )  # fmt: skip
    for wanted in (
        CustomerFilter(tiers=("gold",)),
        CustomerFilter(tiers=("gold", "standard")),
        CustomerFilter(expiring_within=5),
        CustomerFilter(holds="active", premium_from_fen=1),
    ):
        monkeypatch.setattr(listing, "PAGE_SIZE", 3)
        monkeypatch.setattr(listing, "SPARE", 2)
        monkeypatch.setattr(listing, "_FIRST", Statement(listing._first, user=UUID, ids=list, helped=list))
        page = queries.list_customers(build.actor(cast.head_office), wanted, today=TODAY, sort=sort, size=3)
        monkeypatch.setattr(listing, "is_of_figures", lambda _wanted: False)
        plain = queries.list_customers(build.actor(cast.head_office), wanted, today=TODAY, sort=sort, size=3)
        monkeypatch.undo()
        assert [row.name for row in page.rows] == [row.name for row in plain.rows] and page.rows
        assert bool(page.next_cursor) == bool(plain.next_cursor)


def test_a_text_finds_the_same_in_the_order_of_names_as_in_any(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(23)
    signs = ["王", "单", "曾", "明", "行", "乐", "𠮷", "A", "b", "wang", " ", "·", "1"]
    for _ in range(90):
        build.person(name="".join(chance.choices(signs, k=chance.randint(1, 4))).strip() or "王", unit=cast.pudong)
    for text in (
        "王",
        "单",
        "曾明",
        "行",
        "乐a",
        "王A",
        "王b",
        "𠮷",
        "明·",
        "w",
        "wm",
        "wang",
        "WANG",
        "shan",
        "dm",
        "zm",
        "a",
    ):
        found = sorted(Party.objects.filter(terms.matches(text)).values_list("name", flat=True))
        for sort in ("name", "-name", "premium"):
            monkeypatch.setattr(listing, "MOST_SORTED", -1)
            pages = walk(cast.head_office, wanted=CustomerFilter(text=text), sort=sort, size=7)
            monkeypatch.undo()
            assert sorted(name for page in pages for name in page) == found, (text, sort)
            first = listed(cast.head_office, CustomerFilter(text=text), sort=sort)
            assert first == [name for page in pages for name in page][:50], (text, sort)


def test_asking_for_the_attention_list_needs_its_permission(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        listed(cast.manager, CustomerFilter(on_attention=True))


def test_phones_are_masked_and_only_read_when_shown(cast: Cast, django_assert_max_num_queries: Any) -> None:
    build.person(name="王一", mobile="13812346721")
    actor = build.actor(cast.head_office)
    (row,) = queries.list_customers(actor, today=TODAY, extras=["mobile", "tags", "district"]).rows
    assert row.mobile == "138****6721"
    with django_assert_max_num_queries(2):
        (row,) = queries.list_customers(actor, today=TODAY).rows
    assert row.mobile == ""


@pytest.mark.parametrize("rows", [2, 50])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast: Cast, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        party = build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong, mobile=f"138123{number:05d}")
        standing(party, annual_premium_fen=number)
    actor = build.actor(cast.branch_manager)
    with django_assert_max_num_queries(9):
        page = queries.list_customers(
            actor, today=TODAY, sort="-premium", extras=["mobile", "tags", "district"], size=rows
        )
    assert len(page.rows) == rows


def test_a_large_result_is_counted_only_so_far(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from anxin.book.customers.queries import listing

    monkeypatch.setattr(listing, "COUNTED_AT_MOST", 5)
    for number in range(9):
        build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong)
    page = queries.list_customers(build.actor(cast.manager), today=TODAY, size=3)
    assert (page.total, page.is_total_capped) == (5, True)


@pytest.mark.parametrize("sort", ["name", "-name"])
@pytest.mark.parametrize("text", ["单", "明", "小", "尉"])
def test_names_that_begin_with_the_text_come_first_and_none_is_lost(cast: Cast, text: str, sort: str) -> None:
    for name in ("单小明", "小单", "单于明", "单位用品有限公司", "明小单", "尉迟明", "尉明", "王尉", "小明", "阿小"):
        build.person(name=name, manager=cast.manager, unit=cast.pudong)
    wanted = CustomerFilter(text=text)
    expected = {name for name in listed(cast.manager) if text in name}
    for size in (1, 3, 50):
        pages = walk(cast.manager, wanted=wanted, sort=sort, size=size)
        shown = [name for page in pages for name in page]
        assert len(shown) == len(set(shown)) and set(shown) == expected
    if text == "小":
        assert [name.startswith(text) for name in shown] == sorted(name.startswith(text) for name in shown)[::-1]
