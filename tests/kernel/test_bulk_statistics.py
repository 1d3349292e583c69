"""The planner hears of what was loaded before anybody reads it."""

from __future__ import annotations

import pytest
from django.db import connection

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
