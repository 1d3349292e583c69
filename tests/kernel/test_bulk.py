"""Frames into PostgreSQL and back: nothing lost on the way, look-ups in order, tables swapped whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import psycopg
import pytest
from django.db import connection, transaction

from anxin.kernel import bulk

pytestmark = pytest.mark.django_db

FRAME = pl.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "word": ["", None, 'say "hi", 王\n\\.', "\\N"],
        "raw": [b"\x00\xff", None, b"", b"\\x41"],
        "letters": [["王", '"', "\\"], [], None, ["a,b", "{}"]],
        "day": [date(1900, 2, 28), None, date(2024, 2, 29), date(9999, 12, 31)],
        "at": [datetime(2026, 11, 23, 2, 0, 0, 123456, UTC), None, datetime(1970, 1, 1, tzinfo=UTC), None],
        "yes": [True, None, False, True],
        "data": ['{"a": [1, "x,\\"y\\""]}', None, "{}", "[]"],
    },
    schema_overrides={"at": pl.Datetime("us", "UTC")},
)
TABLE = (
    "CREATE TABLE bulk_probe (id bigint PRIMARY KEY, word text, raw bytea, letters text[], day date, at timestamptz,"
    " yes boolean, data jsonb, version int NOT NULL DEFAULT 1, CONSTRAINT bulk_probe_sign CHECK (id > 0),"
    " CONSTRAINT bulk_probe_word UNIQUE (word))"
)


@pytest.fixture
def probe(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("CREATE INDEX bulk_probe_day ON bulk_probe (day DESC) WHERE yes")


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_every_value_arrives_as_it_was(probe: None) -> None:
    assert bulk.copy_frame("bulk_probe", FRAME) == 4
    found = rows("SELECT id, word, raw, letters, day, at, yes, data::text FROM bulk_probe ORDER BY id")
    expected = FRAME.with_columns(pl.col("data")).rows()
    for got, want in zip(found, expected, strict=True):
        plain = [bytes(value) if isinstance(value, memoryview) else value for value in got]
        assert plain[:7] == list(want[:7])
    assert found[0][7] == '{"a": [1, "x,\\"y\\""]}'


def test_names_of_columns_cannot_carry_a_statement(probe: None) -> None:
    evil = pl.DataFrame({'id") FROM STDIN; DROP TABLE bulk_probe; --': [1]})
    with pytest.raises(psycopg.errors.UndefinedColumn), transaction.atomic():
        bulk.copy_frame("bulk_probe", evil)
    assert rows("SELECT count(*) FROM bulk_probe") == [(0,)]


def test_a_lookup_tells_the_position_of_each_key(probe: None) -> None:
    bulk.copy_frame("bulk_probe", FRAME.select("id", "word", "yes"))
    found = bulk.lookup(
        "SELECT k.at, b.id, b.yes FROM {keys} JOIN bulk_probe b ON b.word = k.k1 AND b.id::text = k.k2 WHERE b.id < %s",
        [pl.Series(["\\N", "nobody", "", "%s'"]), pl.Series(["4", "1", "1", "9"])],
        {"at": pl.Int64(), "id": pl.Int64(), "yes": pl.Boolean()},
        100,
    )
    assert sorted(found.rows()) == [(0, 4, True), (2, 1, True)]
    assert bulk.lookup("SELECT 1 FROM {keys}", [pl.Series([], dtype=pl.String)], {"a": pl.Int64()}).height == 0


def test_rows_that_are_so_already_are_not_touched(probe: None) -> None:
    bulk.copy_frame("bulk_probe", FRAME.select("id", "word"))
    change = pl.DataFrame({"id": [1, 2, 3], "word": ["new", None, FRAME["word"][2]]})
    with transaction.atomic():
        assert bulk.update_frame("bulk_probe", change, bump=["version"]) == 1
    assert rows("SELECT word, version FROM bulk_probe WHERE id < 3 ORDER BY id") == [("new", 2), (None, 1)]


def test_a_swapped_table_keeps_its_indexes_constraints_and_their_names(probe: None) -> None:
    def shape() -> object:
        return (
            rows("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'bulk_probe' ORDER BY 1"),
            rows(
                "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = 'bulk_probe'::regclass ORDER BY 1"
            ),
        )

    bulk.copy_frame("bulk_probe", FRAME.select("id", "word"))
    before = shape()
    for first in (10, 20):
        fresh = pl.DataFrame({"id": [first, first + 1], "word": ["a", "b"]})
        assert bulk.swap_table("bulk_probe", [fresh[:1], fresh[1:]]) == 2
        assert rows("SELECT id, version FROM bulk_probe ORDER BY id") == [(first, 1), (first + 1, 1)]
        assert shape() == before


def test_a_table_with_foreign_keys_or_triggers_is_not_swapped(probe: None) -> None:
    with pytest.raises(ValueError, match="foreign keys or triggers"):
        bulk.swap_table("customers_party", [])


def test_work_that_lost_a_race_is_done_again(probe: None) -> None:
    tries = []

    def insert() -> str:
        tries.append(1)
        if len(tries) < 3:
            bulk.copy_frame("bulk_probe", pl.DataFrame({"id": [1, 1]}))
        bulk.copy_frame("bulk_probe", pl.DataFrame({"id": [1]}))
        return "done"

    assert bulk.retrying(insert) == "done"
    assert len(tries) == 3
    with pytest.raises(psycopg.errors.UniqueViolation):
        bulk.retrying(lambda: bulk.copy_frame("bulk_probe", pl.DataFrame({"id": [2, 2]})), attempts=2)
    assert rows("SELECT id FROM bulk_probe") == [(1,)]


def test_only_what_is_still_as_it_was_known_is_set(probe: None) -> None:
    bulk.copy_frame("bulk_probe", FRAME.select("id", "word", "yes"))
    wanted = pl.DataFrame(
        {"id": [1, 2, 3, 9], "was": ["", None, "somebody was faster", None], "word": ["one", "two", "three", "nine"]}
    )
    told = bulk.compare_and_set(
        "bulk_probe", wanted, expected={"word": "was"}, also={"day": date(2026, 11, 23)}, bump=["version"],
        told=["id", "word"],
    )  # fmt: skip
    assert sorted(told.rows()) == [("1", "one"), ("2", "two")]
    assert rows("SELECT id, word, version FROM bulk_probe WHERE day = '2026-11-23' ORDER BY id") == [
        (1, "one", 2), (2, "two", 2),
    ]  # fmt: skip
    others = pl.DataFrame({"id": [1, 2, 3, 4], "day": [date(2027, 1, 1)] * 4})
    bulk.compare_and_set("bulk_probe", others, only={"word": "one", "raw": None})
    assert rows("SELECT id FROM bulk_probe WHERE day = '2027-01-01'") == [(1,)]


def test_whatever_statistics_say_each_key_is_looked_up_once(probe: None) -> None:
    """When the table was last looked at no row was open; by now as many are as there are keys that are not."""
    many = 500
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX bulk_probe_open ON bulk_probe (word) WHERE at IS NULL")
    ended = pl.DataFrame({"id": range(1, many + 1)}).with_columns(
        pl.format("w{}", "id").alias("word"), at=pl.lit(datetime(2026, 11, 23, tzinfo=UTC))
    )
    bulk.copy_frame("bulk_probe", ended)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bulk_probe")
    bulk.copy_frame("bulk_probe", ended.select(id=pl.col("id") + many, word=pl.format("v{}", "id")))
    looked = (
        "SELECT sum(pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid)) FROM pg_class"
        " WHERE oid = 'bulk_probe'::regclass OR oid IN"
        " (SELECT indexrelid FROM pg_index WHERE indrelid = 'bulk_probe'::regclass)"
    )
    ((before,),) = rows(looked)
    wanted = ended.select("word", day=pl.lit(date(2026, 11, 24)))
    assert bulk.compare_and_set("bulk_probe", wanted, key="word", only={"at": None}, told=["id"]).is_empty()
    ((after,),) = rows(looked)
    assert after - before <= 4 * many  # type: ignore[operator]
