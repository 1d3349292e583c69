"""Two imports at once that both bring the same new people: the unique index decides, the slower one looks again."""

from __future__ import annotations

import queue
from typing import Any

import pytest
from django.db import connection

from anxin.book.customers.models import IdentityDocument, Party, SourceRecord
from anxin.kernel import bulk
from anxin.kernel.identifiers.resident import check_character
from tests import another, rival

PEOPLE = 300


def _resident(at: int) -> str:
    body = f"31011519{60 + at % 40:02d}0222{at // 40 * 2 + 101:03d}"
    return body + check_character(body)


def _rows(source: str, backwards: bool) -> list[dict[str, Any]]:
    rows = [
        {"source_key": f"{source}{at}", "name": "王小明", "id_number": _resident(at), "employer": source}
        for at in range(PEOPLE)
    ]
    return rows[::-1] if backwards else rows


def _both_at_once(attempts: int) -> dict[str, dict[str, int] | str]:
    barrier, answers = another.context.Barrier(2), another.context.Queue()
    workers = [
        another.process(
            rival.import_customers, source, _rows(source, source == "motor"), barrier, answers, attempts
        )
        for source in ("life", "motor")
    ]  # fmt: skip
    found: dict[str, dict[str, int] | str] = {}
    try:
        for _ in workers:
            source, outcome = answers.get(timeout=120)
            found[source] = outcome
    except queue.Empty:
        pytest.fail("an import hung")
    finally:
        for worker in workers:
            worker.join(timeout=10)
            worker.kill()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_new_people_make_one_file_each() -> None:
    found = _both_at_once(attempts=bulk.ATTEMPTS)
    assert sorted(map(str, found.values())) == sorted(map(str, [{"created": PEOPLE}, {"updated": PEOPLE}]))
    assert Party.objects.count() == PEOPLE == IdentityDocument.objects.count()
    assert SourceRecord.objects.count() == 2 * PEOPLE
    assert not IdentityDocument.objects.filter(is_disputed=True).exists()


@pytest.mark.django_db(transaction=True)
def test_without_looking_again_the_slower_import_fails() -> None:
    """The negative control: both really looked before either wrote."""
    found = _both_at_once(attempts=1)
    assert sorted(map(str, found.values())) == sorted(map(str, ["UniqueViolation", {"created": PEOPLE}]))
    assert Party.objects.count() == PEOPLE


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_index_the_same_people_would_be_there_twice() -> None:
    """The other negative control: it is the index that decides."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX customers_document_once")
    try:
        _both_at_once(attempts=bulk.ATTEMPTS)
        assert Party.objects.count() == 2 * PEOPLE
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM customers_identitydocument")
            cursor.execute(
                "CREATE UNIQUE INDEX customers_document_once ON customers_identitydocument (number_blind, kind) "
                "WHERE NOT is_disputed"
            )
