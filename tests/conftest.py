"""Fixtures for every test: the embedded server, and the database that each test finds as migrated."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anxin.config import embedded
from anxin.kernel import sources, tiers
from tests import build
from tests.browsing import chromium, visit  # noqa: F401
from tests.build import Cast

# Files that take long begin first, so that no process is left alone with one at the end (`make test` keeps this order).
# The second needs no database: one process begins with it while the other migrates the template for both.
LONG = (
    "foundation/intake/test_killed_imports.py", "architecture/test_borders.py", "browser/test_every_page.py",
    "foundation/intake/test_pages_browser.py", "foundation/intake/test_bad_files.py", "browser/test_journeys.py",
    "foundation/jobs/test_killed_workers.py", "kernel/web/test_behaviour.py", "foundation/intake/test_real_files.py",
    "book/segments/test_runs.py", "scenarios/test_first_day.py", "book/customers/test_importers_properties.py",
    "architecture/test_permission_table.py", "book/matching/test_merging_properties.py",
    "book/customers/test_masking.py", "security/test_settings.py", "book/customers/test_importers_races.py",
    "analytics/test_standing.py",
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(LONG)}
    tests = Path(__file__).parent
    items.sort(key=lambda item: place.get(item.path.relative_to(tests).as_posix(), len(place)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: walking it for garbage again and again costs a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Or extensions would report at the end that their objects have leaked."""
    gc.unfreeze()


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
def _nothing_named_by_the_site() -> None:
    """Asked for again and again, their names would put a query more into a page now and then."""
    for site in (tiers.SITE, sources.SITE):
        site.keep({}, seconds=math.inf)


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
