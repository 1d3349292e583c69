"""Fixtures for every test: the embedded server, and the append-only trail emptied between transactional tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anxin.config import embedded
from tests import build
from tests.browsing import chromium, visit  # noqa: F401
from tests.build import Cast


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Run the embedded server for as long as any test process needs it."""
    with embedded.server_if_needed():
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_append_only_triggers() -> Iterator[None]:
    """Emptying tables between tests must pass triggers that rightly refuse TRUNCATE in the product."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    original = DatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        original(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture
def cast(db: None) -> Cast:
    return build.make_cast()
