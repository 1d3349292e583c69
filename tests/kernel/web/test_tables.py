"""Keyset lists against the real database, with ties and empty values, forwards and backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from anxin.foundation.accounts.models import User
from anxin.kernel.web import tables
from anxin.kernel.web.tables import BadCursor, Listing, key

START = datetime(2026, 10, 12, 6, 0, tzinfo=UTC)
PEOPLE = Listing(
    code="test.people",
    orders={
        "seen": (key("last_login", nullable=True), key("id")),
        "-seen": (key("-last_login", nullable=True), key("id")),
        "name": (key("display_name"), key("-username"), key("id")),
        "-username": (key("-username"),),
    },
    default="name",
)


@pytest.fixture
def people(db: None) -> QuerySet[User]:
    """Twenty-three people: names shared by many, a third never signed in, last sign-ins shared too."""
    User.objects.bulk_create(
        User(
            username=f"u{number:02d}",
            display_name=f"name {number % 4}",
            last_login=None if number % 3 == 0 else START + timedelta(hours=number // 5),
        )
        for number in range(23)
    )
    return User.objects.filter(username__startswith="u")


def expected(sort: str) -> list[str]:
    rows = list(User.objects.filter(username__startswith="u"))
    if sort == "name":
        rows.sort(key=lambda row: row.id)
        rows.sort(key=lambda row: row.username, reverse=True)
        rows.sort(key=lambda row: row.display_name)
    elif sort == "-username":
        rows.sort(key=lambda row: row.username, reverse=True)
    else:
        rows.sort(key=lambda row: row.id)
        rows.sort(key=lambda row: row.last_login or START, reverse=sort == "-seen")
        rows.sort(key=lambda row: row.last_login is None)
    return [row.username for row in rows]


@pytest.mark.parametrize("sort", ["seen", "-seen", "name", "-username"])
@pytest.mark.parametrize("size", [1, 4, 23, 50])
def test_walking_forwards_and_back_shows_every_row_once_in_order(people: QuerySet[User], sort: str, size: int) -> None:
    pages = [PEOPLE.page(people, sort=sort, size=size)]
    while pages[-1].next_cursor:
        pages.append(PEOPLE.page(people, sort=sort, size=size, cursor=pages[-1].next_cursor))
    assert [row.username for page in pages for row in page.rows] == expected(sort)
    assert [page.start for page in pages] == list(range(1, 24, size))
    assert not pages[0].previous_cursor
    for place in range(len(pages) - 1, 0, -1):
        back = PEOPLE.page(people, sort=sort, size=size, cursor=pages[place].previous_cursor)
        assert [row.username for row in back.rows] == [row.username for row in pages[place - 1].rows]
        assert (back.start, back.end) == (pages[place - 1].start, pages[place - 1].end)
        assert bool(back.previous_cursor) == (place > 1)


def test_a_row_that_arrives_before_the_place_shifts_nothing(people: QuerySet[User]) -> None:
    first = PEOPLE.page(people, sort="name", size=5)
    User.objects.create(username="u99", display_name="a first name")
    second = PEOPLE.page(people, sort="name", size=5, cursor=first.next_cursor)
    assert not {row.username for row in first.rows} & {row.username for row in second.rows}
    assert [row.username for row in second.rows] == [name for name in expected("name") if name != "u99"][5:10]


def test_a_page_is_one_query(people: QuerySet[User]) -> None:
    first = PEOPLE.page(people, sort="seen", size=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        PEOPLE.page(people, sort="seen", size=5, cursor=first.next_cursor)
    assert len(queries) == 1


def test_an_index_can_begin_at_the_place(people: QuerySet[User]) -> None:
    first = PEOPLE.page(people, sort="name", size=5)
    with CaptureQueriesContext(connection) as queries:
        PEOPLE.page(people, sort="name", size=5, cursor=first.next_cursor)
    assert '"display_name" >= ' in queries[0]["sql"]


def test_a_cursor_of_another_list_or_order_is_refused(people: QuerySet[User]) -> None:
    other = Listing(code="test.others", orders=PEOPLE.orders, default="name")
    cursor = PEOPLE.page(people, sort="name", size=5).next_cursor
    with pytest.raises(BadCursor):
        other.page(people, sort="name", cursor=cursor)
    with pytest.raises(BadCursor):
        PEOPLE.page(people, sort="seen", cursor=cursor)


@pytest.mark.parametrize("cursor", ["x", "x:y", "WzFd:abc", "é"])
def test_a_forged_cursor_is_refused_and_shows_the_first_page(people: QuerySet[User], cursor: str) -> None:
    with pytest.raises(BadCursor):
        PEOPLE.page(people, cursor=cursor)
    assert PEOPLE.first_page_if_bad(people, cursor=cursor, size=5).start == 1


def test_a_signed_value_of_the_wrong_shape_is_refused(people: QuerySet[User]) -> None:
    for content in ("text", [1], ["test.people", "name", 0, 1, []], {"a": 1}):
        with pytest.raises(BadCursor):
            PEOPLE.page(people, cursor=signing.Signer(salt="anxin.kernel.web.tables").sign_object(content))


def test_an_order_that_is_not_on_the_list_becomes_the_default(people: QuerySet[User]) -> None:
    assert PEOPLE.page(people, sort="password").sort == "name"


def test_nobody_gets_more_than_the_largest_page(people: QuerySet[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_PAGE", 7)
    assert len(PEOPLE.page(people, size=1_000_000).rows) == 7
    assert len(PEOPLE.page(people, size=-1).rows) == 1


def test_an_empty_list_says_zero(db: None) -> None:
    page = PEOPLE.page(User.objects.none())
    assert (page.start, page.end, page.next_cursor, page.previous_cursor) == (0, 0, "", "")


def test_rows_may_be_dictionaries_and_be_mapped(people: QuerySet[User]) -> None:
    rows = people.values("id", "display_name", "username")
    first = PEOPLE.page(rows, sort="name", size=5)
    second = PEOPLE.page(rows, sort="name", size=5, cursor=first.next_cursor).map(lambda row: row["username"])
    assert list(second.rows) == expected("name")[5:10]


def test_a_column_that_offers_an_unknown_order_fails_at_once() -> None:
    with pytest.raises(ValueError, match="unknown order"):
        Listing(
            code="x", orders={"a": (key("a"),)}, default="a", columns=(tables.Column(code="b", label="B", sort="b"),)
        )
