"""Every action on a file: within reach only; duplicates are seen; reading costs the same however much there is."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxin.book.customers import urls
from anxin.book.customers.data import Rejected
from anxin.book.customers.models import ContactPoint, Custody, Note, Party, Relation
from anxin.book.customers.queries import duplicates, relations, timeline
from anxin.book.customers.queries import file as files
from anxin.book.customers.queries import panels as reads
from anxin.book.customers.services import contacts, keeping, parties
from anxin.foundation.audit.models import Entry
from anxin.kernel.identifiers import resident
from tests import build
from tests.build import NOW, TODAY, Cast, portfolio

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"


@pytest.fixture
def customer(cast: Cast) -> Party:
    return build.person(name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13800138000", id_number=NUMBER)


def test_no_address_of_a_file_answers_someone_who_does_not_reach_it(
    client: Client, cast: Cast, customer: Party
) -> None:
    client.force_login(cast.outsider)
    for pattern in urls.urlpatterns:
        if "customer:ref" not in str(pattern.pattern):
            continue
        values: dict[str, object] = {"ref": customer.ref}
        if "uuid:item" in str(pattern.pattern):
            values["item"] = uuid.uuid4()
        if "slug:field" in str(pattern.pattern):
            values["field"] = "contact" if "item" in values else "birth_date"
        address = reverse(f"customers:{pattern.name}", kwargs=values)
        for answer in (client.get(address), client.post(address, {"text": "x", "reason": "verify"})):
            assert answer.status_code in (403, 404, 405), (address, answer.status_code)
    assert not Entry.objects.exclude(action__startswith="accounts").exists()


def test_a_second_file_is_seen_while_it_is_typed(cast: Cast, customer: Party) -> None:
    actor = build.actor(cast.manager)
    by_document = duplicates.find_twins(actor, document_kind="resident_id", document_number=NUMBER)
    by_mobile = duplicates.find_twins(actor, mobile="138 0013 8000")
    assert [(twin.ref, twin.by, twin.phone) for twin in (*by_document, *by_mobile)] == [
        (customer.ref, ("document",), "138****8000"),
        (customer.ref, ("mobile",), "138****8000"),
    ]
    assert duplicates.find_twins(actor, mobile="13900139000") == []


def test_outside_the_reach_only_the_unit_is_told(client: Client, cast: Cast, customer: Party) -> None:
    client.force_login(cast.outsider)
    answer = client.post(
        reverse("customers:check"), {"document_kind": "resident_id", "document_number": NUMBER, "name": "王"}
    )
    html = answer.content.decode()
    assert "浦东支公司" in html
    assert not [told for told in ("王小明", customer.ref, "8000", "顾宁") if told in html]


def test_a_document_that_another_file_holds_makes_no_second_file(cast: Cast, customer: Party) -> None:
    with pytest.raises(Rejected) as caught:
        parties.create_customer(
            actor=build.actor(cast.manager), now=NOW, kind="person", values={"name": "王明"},
            document_kind="resident_id", document_number=NUMBER,
        )  # fmt: skip
    assert caught.value.field == "document_number"
    assert Party.objects.count() == 1


def test_the_file_of_an_organisation_begins_with_an_overview(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    given = {"kind": "organisation", "name": "安顺物流有限公司", "document_kind": "uscc"}
    refused = client.post(reverse("customers:create"), given)
    assert refused.status_code == 422 and "企业概况" in refused.content.decode()
    client.post(reverse("customers:create"), {**given, "overview": "城市配送，员工约 80 人，民营"})
    assert Party.objects.get().facts.get().code == "company_overview"


def test_a_new_file_is_found_and_belongs_to_who_made_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    first = "11010519900307001"
    answer = client.post(
        reverse("customers:create"),
        {
            "kind": "person", "name": "单 田芳", "document_kind": "resident_id", "mobile": "13900139000",
            "document_number": first + resident.check_character(first),
        },
    )  # fmt: skip
    party = Party.objects.get()
    assert answer["Location"] == reverse("customers:file", args=[party.ref])
    assert (party.name, party.name_initials, party.birth_date, party.sex) == ("单田芳", "stf", date(1990, 3, 7), "M")
    assert (party.manager, party.unit) == (cast.manager, cast.pudong)
    assert Custody.objects.get().manager == cast.manager


def test_one_contact_point_of_a_kind_is_used_first(cast: Cast, customer: Party) -> None:
    actor = build.actor(cast.manager)
    contacts.add_contact(actor=actor, now=NOW, ref=customer.ref, kind="mobile", value="13900139000")
    second = ContactPoint.objects.get(is_primary=False)
    contacts.make_primary(actor=actor, now=NOW, ref=customer.ref, item=second.pk)
    assert ContactPoint.objects.get(is_primary=True) == second
    with pytest.raises(Rejected):
        contacts.add_contact(actor=actor, now=NOW, ref=customer.ref, kind="mobile", value="139 0013 9000")


def test_a_relation_is_read_from_either_end(cast: Cast, customer: Party) -> None:
    actor = build.actor(cast.manager)
    child = build.person(name="王小轩", manager=cast.manager, unit=cast.pudong)
    keeping.add_relation(actor=actor, now=NOW, ref=customer.ref, kind="child", other_ref=child.ref)
    seen = [relations.members_of(actor, files.load(actor, one.ref, today=TODAY))[0] for one in (customer, child)]
    assert [(one.name, one.kind) for one in seen] == [("王小轩", "child"), ("王小明", "parent")]
    with pytest.raises(Rejected):
        keeping.add_relation(actor=actor, now=NOW, ref=child.ref, kind="parent", other_ref=customer.ref)


def test_relatives_outside_the_reach_are_masked_and_not_linked(cast: Cast, customer: Party) -> None:
    stranger = build.person(name="欧阳雪梅", manager=cast.outsider, unit=cast.nanjing)
    Relation.objects.create(from_party=stranger, to_party=customer, kind="friend", source="t", created_at=NOW)
    actor = build.actor(cast.manager)
    found = relations.members_of(actor, files.load(actor, customer.ref, today=TODAY))
    assert [(one.name, one.ref) for one in found] == [("欧**梅", "")]


def test_assigning_keeps_the_history_and_one_manager(cast: Cast, customer: Party) -> None:
    Custody.objects.create(party=customer, manager=cast.manager, from_at=NOW)
    keeping.assign_manager(
        actor=build.actor(cast.branch_manager), now=NOW, ref=customer.ref, manager_id=cast.colleague.pk, version=1,
        reason="顾宁调岗",
    )  # fmt: skip
    customer.refresh_from_db()
    assert (customer.manager, customer.version) == (cast.colleague, 2)
    rows = reads.custody_of(build.actor(cast.colleague), customer.ref)
    assert sorted((row.manager, row.until_at is None) for row in rows) == [("沈悦", True), ("顾宁", False)]


def test_a_fact_ends_by_itself_and_is_no_longer_shown(cast: Cast, customer: Party) -> None:
    actor = build.actor(cast.manager)
    keeping.add_fact(actor=actor, now=NOW, ref=customer.ref, code="hobbies", value="长跑", purpose="care")
    assert reads.facts_of(actor, customer.ref, today=TODAY)[0].value == "长跑"
    later = reads.facts_of(actor, customer.ref, today=date(2029, 1, 1))[0]
    assert (later.value, later.is_over) == ("", True)


def test_the_timeline_turns_pages_without_gap_or_repetition(cast: Cast, customer: Party) -> None:
    actor = build.actor(cast.manager)
    held = portfolio.policy(holder=customer)
    for _ in range(13):  # all at the same moment: the key decides
        portfolio.touchpoint(party=customer)
        portfolio.claim(policy=held)
        Note.objects.create(party=customer, text="x", created_at=NOW)
    seen: list[str] = []
    place = None
    while True:
        part = timeline.of_file(actor, customer.pk, before=place, limit=7)
        seen += [item.key for item in part.items]
        place = part.next_place
        if place is None:
            break
    assert len(seen) == len(set(seen)) == 39


def test_reading_a_file_costs_the_same_however_much_there_is(cast: Cast, customer: Party) -> None:
    actor = build.actor(cast.manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            files.as_json(actor, customer.ref, today=TODAY)
        return len(caught)

    def add() -> None:
        held = portfolio.policy(holder=customer)
        portfolio.claim(policy=held)
        portfolio.touchpoint(party=customer)
        other = build.person(manager=cast.manager)
        Relation.objects.create(from_party=other, to_party=customer, kind="friend", source="t", created_at=NOW)
        Note.objects.create(party=customer, text="x", created_at=NOW)

    add()
    few = queries()
    for _ in range(12):
        add()
    assert queries() == few
    with CaptureQueriesContext(connection) as caught:
        files.load(actor, customer.ref, today=TODAY)
    assert len(caught) == 1
