"""Due diligence: which elements are missing, when a file is looked at again, who is behind an organisation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.models import IdentityDocument, Party
from anxin.book.diligence import queries, rules, services
from anxin.book.diligence.data import Rejected
from anxin.book.diligence.models import RelatedPerson
from anxin.book.rights import queries as rights
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import StaleState
from anxin.service.worklist.models import WorkItem
from tests import build, outbox
from tests.build import NOW, TODAY, Cast

ID_NUMBER = "310115198803071232"


def test_the_highest_grade_is_reviewed_every_half_year() -> None:
    assert rules.next_review(date(2026, 8, 31), "high", rules.REVIEW_DEFAULT) == date(2027, 2, 28)
    assert rules.next_review(date(2026, 11, 23), "low", rules.REVIEW_DEFAULT) == date(2029, 11, 23)
    assert rules.review_problems(rules.REVIEW_DEFAULT) == []
    assert [one.path for one in rules.review_problems({**rules.REVIEW_DEFAULT, "high": 12})] == ["high"]


@pytest.fixture
def person(cast: Cast) -> Party:
    made = build.person(manager=cast.manager, unit=cast.pudong, mobile="13812345678", id_number=ID_NUMBER, sex="M")
    IdentityDocument.objects.update(valid_until=date(2026, 1, 1))
    return made


def review(cast: Cast, party: Party, version: int = 0, **values: Any) -> None:
    services.review(
        actor=build.actor(cast.branch_manager), now=NOW, ref=party.ref, version=version,
        values={"risk": "medium", **values},
    )  # fmt: skip


@pytest.mark.django_db
def test_the_nine_elements_are_counted_and_an_expired_document_is_seen(cast: Cast, person: Party) -> None:
    found = queries.load(build.actor(cast.manager), person.ref, today=TODAY)
    assert (found.missing, found.total) == (("nationality", "occupation", "address"), 9)
    assert found.expired == date(2026, 1, 1)


@pytest.mark.django_db
def test_a_grade_has_its_reason_and_its_next_review(cast: Cast, person: Party) -> None:
    with pytest.raises(Rejected):
        review(cast, person, risk="high")
    with pytest.raises(Rejected):
        review(cast, person, risk="low", is_pep=True)
    review(cast, person, risk="high", risk_reason="现金大额趸交", verification="passed")
    found = queries.load(build.actor(cast.branch_manager), person.ref, today=TODAY)
    assert (found.next_review, found.verification) == (date(2027, 5, 23), "passed")
    with pytest.raises(StaleState):
        review(cast, person, version=0)
    review(cast, person, version=found.version)


@pytest.mark.django_db
def test_only_those_who_may_see_it_within_their_reach(cast: Cast, person: Party) -> None:
    with pytest.raises(NotPermitted):
        queries.load(build.actor(cast.agent), person.ref, today=TODAY)
    with pytest.raises(CustomerNotFound):
        queries.load(build.actor(cast.outsider), person.ref, today=TODAY)
    with pytest.raises(NotPermitted):
        services.review(actor=build.actor(cast.manager), now=NOW, ref=person.ref, version=0, values={"risk": "low"})


@pytest.mark.django_db
def test_the_people_behind_an_organisation_are_named_with_sealed_numbers(cast: Cast) -> None:
    firm = build.organisation(manager=cast.manager, unit=cast.pudong, uscc="91310000123456789X")
    lin = build.actor(cast.branch_manager)
    give: dict[str, Any] = {
        "actor": lin, "now": NOW, "ref": firm.ref, "role": "beneficial_owner", "name": "王建国",
        "document_kind": "resident_id", "number": ID_NUMBER, "share_bp": 6_000,
    }  # fmt: skip
    with pytest.raises(Rejected, match="Grade"):
        services.add_person(**give)
    review(cast, firm, business_scope="软件开发", licence_no="L1", licence_until=TODAY + timedelta(days=10))
    services.add_person(**give)
    with pytest.raises(Rejected, match="already"):
        services.add_person(**give)
    found = queries.load(lin, firm.ref, today=TODAY)
    assert found.missing == ("address", "legal_representative", "controller")
    (owner,) = found.people
    assert ID_NUMBER not in str(found) and owner.number.endswith("1232")
    assert ID_NUMBER.encode() not in bytes(RelatedPerson.objects.get().number_sealed)


@pytest.mark.django_db
def test_the_night_makes_one_task_for_what_is_due(cast: Cast, person: Party) -> None:
    review(cast, person, risk="high", risk_reason="x")
    quiet = build.person(manager=cast.manager, unit=cast.pudong)
    review(cast, quiet, risk="low")
    for _ in range(2):
        services.nightly(now=NOW + timedelta(days=170))
        outbox.deliver()
    item = WorkItem.objects.get(kind="diligence")
    assert (item.party, item.owner) == (person, cast.manager)


@pytest.mark.django_db
def test_due_diligence_keeps_the_file_for_ten_years_after_the_relation(cast: Cast, person: Party) -> None:
    review(cast, person)
    verdict = rights.verdicts([person.pk], today=TODAY)[person.pk]
    assert verdict.due == date(2036, 11, 23)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_open_and_review(
    cast: Cast, person: Party, client: Client, language: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.branch_manager)
    client.cookies["django_language"] = language
    sent = {"version": 0, "risk": "high", "risk_reason": "x", "verification": "none"}
    assert client.post(f"/diligence/{person.ref}/review/", {**sent, "risk_reason": ""}).status_code == 422
    assert client.post(f"/diligence/{person.ref}/review/", sent).status_code == 302
    assert client.post(f"/diligence/{person.ref}/review/", sent).status_code == 409
    behind = {"role": "agent", "name": "李四", "document_kind": "resident_id", "number": ID_NUMBER, "share_bp": ""}
    assert client.post(f"/diligence/{person.ref}/people/add/", behind).status_code == 302
    assert client.get(f"/diligence/{person.ref}/panel/").status_code == 200
    with django_assert_max_num_queries(14):
        assert client.get("/diligence/?risk=high").status_code == 200
