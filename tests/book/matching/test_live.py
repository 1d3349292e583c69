"""Likely duplicates while a new customer is typed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.models import IdentityDocument
from anxin.book.customers.queries import duplicates
from anxin.book.matching.rules import models as scheme
from anxin.foundation.schemes.models import SchemeVersion
from tests.build import Cast, people
from tests.build.people import NOW

BIRTH = date(1986, 2, 22)


def test_a_name_that_sounds_the_same_with_its_phone_is_told_with_the_reasons(cast: Cast) -> None:
    people.person(name="欧阳清婉", birth_date=BIRTH, mobile="13816880421", unit=cast.pudong)
    people.person(name="欧阳德海", birth_date=date(1950, 5, 1), mobile="13816880421", unit=cast.pudong)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = duplicates.find_twins(
            people.actor(cast.branch_manager), name="欧阳轻婉", birth_date=BIRTH, mobile="13816880421"
        )
    # Whom one helps, who fits, what they hold, their contacts.
    assert len(asked) <= 4
    assert [(one.name, set(one.by)) for one in found] == [("欧阳清婉", {"name_sound", "birth", "mobile"})]


def test_a_namesake_of_another_day_is_not_taken_for_a_twin(cast: Cast) -> None:
    people.person(name="王伟", birth_date=date(1970, 1, 1), unit=cast.pudong)
    assert duplicates.find_twins(people.actor(cast.branch_manager), name="王伟", birth_date=BIRTH) == []


def test_the_model_a_site_activated_weighs_what_is_typed(cast: Cast) -> None:
    people.person(name="欧阳清婉", birth_date=BIRTH, unit=cast.pudong)
    actor, typed = people.actor(cast.branch_manager), {"name": "欧阳轻婉", "birth_date": BIRTH}
    assert len(duplicates.find_twins(actor, **typed, today=NOW.date())) == 1
    content = scheme.content_of(scheme.shipped("person"))
    SchemeVersion.objects.create(
        kind=scheme.PERSON, version=1, state="active", effective_from=NOW.date(), created_at=NOW,
        content={**content, "review": 2_900, "certain": 3_000},
    )  # fmt: skip
    assert duplicates.find_twins(actor, **typed, today=NOW.date()) == []
    assert len(duplicates.find_twins(actor, **typed, today=NOW.date() - timedelta(days=1))) == 1


def test_a_number_is_found_by_an_index_disputed_or_not(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = IdentityDocument.objects.numbered(b"0" * 16).explain()
    assert "customers_document_once" in plan and "customers_document_disputed" in plan
