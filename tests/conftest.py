"""Fixtures for every test: the embedded server, and the database that each test finds as migrated."""

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


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any, django_db_keepdb: bool,
    django_db_createdb: bool, django_db_modify_db_settings: None,
) -> Iterator[None]:  # fmt: skip
    """A database of this process's own, copied from the template. `--reuse-db` keeps it for the next run."""
    from django.db import connection

    from tests import databases

    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()
        databases.copy_of_template(name, keep=django_db_keepdb and not django_db_createdb)
        with databases.database(name):
            yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            databases.drop(name)


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_transactional_tests() -> Iterator[None]:
    """Only what a test filled is emptied, and what the migrations left is put back without running them again."""
    from django.test import TransactionTestCase

    from tests import databases

    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _case: databases.put_back()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None) -> Cast:
    return build.make_cast()
