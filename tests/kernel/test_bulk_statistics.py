"""The planner hears of what was loaded before anybody reads it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from anxin.kernel import bulk_statistics


@pytest.mark.django_db(transaction=True)
def test_a_table_that_was_filled_is_looked_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filled (number int)")
        cursor.execute("CREATE TABLE hardly_filled (number int)")
        try:
            cursor.execute("INSERT INTO filled SELECT generate_series(1, 2000)")
            cursor.execute("INSERT INTO hardly_filled SELECT generate_series(1, 20)")
            first, again = bulk_statistics.tell_planner(), bulk_statistics.tell_planner()
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'filled'")
            assert cursor.fetchone() == (2000,)
        finally:
            cursor.execute("DROP TABLE filled, hardly_filled")
    assert "filled" in first and "hardly_filled" not in first
    assert "filled" not in again


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forgets", [True, False])
def test_keys_are_not_checked_by_plans_made_for_a_table_that_was_empty(forgets: bool) -> None:
    """Without it (the negative control) every key is sought by reading the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE owners (id int PRIMARY KEY)")
        cursor.execute("CREATE TABLE owned (owner int REFERENCES owners DEFERRABLE INITIALLY DEFERRED)")
        try:
            cursor.execute("INSERT INTO owners VALUES (0)")
            cursor.execute("ANALYZE owners")
            for _often_enough_to_keep_a_plan in range(8):
                cursor.execute("INSERT INTO owned VALUES (0)")
            cursor.execute("SELECT pg_stat_force_next_flush()")
            with transaction.atomic():
                cursor.execute("INSERT INTO owners SELECT generate_series(1, 2000)")
                cursor.execute("INSERT INTO owned SELECT generate_series(1, 2000)")
                if forgets:
                    bulk_statistics.forget_plans()
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'owners'")
            read = cursor.fetchone()[0]
        finally:
            cursor.execute("DROP TABLE owned, owners")
    assert (read < 20_000) == forgets, read


@pytest.mark.django_db(transaction=True)
def test_while_a_file_is_loaded_no_statement_is_remembered_and_afterwards_they_are_again() -> None:
    def asked_often(statement: str) -> int:
        # Past Django, whose cursors have nothing prepared (the driver counts what they ask all the same).
        session = connection.connection
        for _ in range(8):
            psycopg.Cursor(session).execute(statement)
        found = session.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [statement])
        return int(found.fetchone()[0])

    with bulk_statistics.without_memory():
        within = asked_often("SELECT 4711")
    assert (within, asked_often("SELECT 4712")) == (0, 1)
