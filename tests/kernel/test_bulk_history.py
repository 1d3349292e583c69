"""Whatever a session was told about joins, keeping the old rows of a large change costs time in proportion."""

from __future__ import annotations

import pytest
from django.db import connection

from anxin.kernel import bulk_history


@pytest.mark.django_db
def test_every_trigger_that_keeps_old_rows_is_told_how_to_join() -> None:
    assert bulk_history.plan_triggers() > 20
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid WHERE t.tgoldtable IS NOT NULL "
            "AND t.tgnewtable IS NOT NULL AND NOT coalesce('enable_nestloop=off' = ANY(p.proconfig), false)"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_a_migrated_database_has_it_already() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE 'enable_nestloop=off' = ANY(proconfig)")
        assert cursor.fetchone()[0] > 20
