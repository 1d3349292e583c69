"""What a query finds, in columns: nothing changed on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from psycopg import sql
from tests import build

from anxin.book.customers.models import Party
from anxin.kernel import bulk_read

SCHEMA = {
    "id": pl.String(), "manager": pl.String(), "name": pl.String(), "employer": pl.String(), "born": pl.Date(),
    "income": pl.Int64(), "is_deceased": pl.Boolean(), "at": pl.Datetime("us", "UTC"),
}  # fmt: skip
COLUMNS = ("pk", "manager_id", "name", "employer", "birth_date", "annual_income_fen", "is_deceased", "updated_at")


@pytest.mark.django_db
def test_every_value_comes_as_it_is() -> None:
    manager = build.user(username="m", name="顾宁")
    at = datetime(2026, 11, 23, 16, 0, 0, 123456, UTC)
    whole = build.person(manager=manager)
    plain = build.person()
    Party.objects.filter(pk=whole.pk).update(
        employer='a,"b"\nc\\N', birth_date=date(1900, 2, 28), annual_income_fen=2**40, is_deceased=True, updated_at=at
    )
    Party.objects.filter(pk=plain.pk).update(
        employer="", birth_date=None, annual_income_fen=None, updated_at=at.replace(microsecond=0)
    )
    rows = Party.objects.filter(employer__in=['a,"b"\nc\\N', ""]).values_list(*COLUMNS)
    found = bulk_read.fetch(rows, SCHEMA, keys=("id", "manager"))
    assert sorted(found.rows()) == sorted([
        (whole.pk.hex, manager.pk.hex, whole.name, 'a,"b"\nc\\N', date(1900, 2, 28), 2**40, True, at),
        (plain.pk.hex, None, plain.name, "", None, None, False, at.replace(microsecond=0)),
    ])  # fmt: skip
    nobody = (Party.objects.none(), Party.objects.filter(name="?"))
    for none in nobody:
        assert bulk_read.fetch(none.values_list(*COLUMNS), SCHEMA).schema == pl.Schema(SCHEMA)


def texts_of(words: list[str | None]) -> list[tuple[str | None, ...]]:
    values = sql.SQL(", ").join(sql.SQL("({}, {})").format(str(at), word) for at, word in enumerate(words, 1))
    query = sql.SQL("SELECT * FROM (VALUES ('0', NULL), {}) v(at, word) WHERE at <> %s").format(values)
    return sorted(bulk_read.texts(query, ["id", "word"], "0").rows(), key=lambda row: int(row[0] or 0))


@pytest.mark.django_db
def test_texts_are_what_their_rows_are() -> None:
    words = ["", None, "王\n,", *(f"word {number}" for number in range(200)), None]
    assert texts_of(words) == [(str(at), word) for at, word in enumerate(words, 1)]


@pytest.mark.django_db
def test_texts_may_hold_the_sign_that_parts_them() -> None:
    words = ["a\x1fb", "c", None]
    assert texts_of(words) == [(str(at), word) for at, word in enumerate(words, 1)]


@pytest.mark.django_db
def test_no_rows_are_no_texts() -> None:
    assert bulk_read.texts(sql.SQL("SELECT '', '' WHERE false"), ["id", "word"]).rows() == []
