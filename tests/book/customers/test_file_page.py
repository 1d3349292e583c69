"""The customer page: what it shows, to whom, what it records."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers.models import Party
from anxin.book.customers.queries import file as files
from anxin.foundation.audit.models import Entry
from tests import build
from tests.build import TODAY, Cast, portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(cast: Cast) -> Party:
    return build.person(
        name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13800138000", id_number="11010519491231002X"
    )


def test_opening_a_file_shows_it_masked_and_records_it(client: Client, cast: Cast, customer: Party) -> None:
    client.force_login(cast.manager)
    answer = client.get(reverse("customers:file", args=[customer.ref]))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "王小明" in html and "138****8000" in html and "13800138000" not in html
    entry = Entry.objects.get(action="customers.view")
    assert (entry.actor_id, entry.object_ref) == (cast.manager.pk, customer.ref)
    # Much of the page is remembered for the next customer.
    other = build.person(name="李四", manager=cast.manager, unit=cast.pudong)
    html = client.get(reverse("customers:file", args=[other.ref])).content.decode()
    assert reverse("customers:edit", args=[other.ref]) in html and customer.ref not in html


PANELS = ("timeline", "profile", "contacts", "facts", "relations", "notes", "custody", "consents", "tags")


@pytest.mark.parametrize("code", PANELS)
def test_every_panel_answers_its_manager_and_nobody_outside(
    client: Client, cast: Cast, customer: Party, code: str
) -> None:
    address = reverse(f"customers:panel-{code}", args=[customer.ref])
    client.force_login(cast.manager)
    assert client.get(address).status_code == 200
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 403


def test_panels_of_other_rooms_answer_by_their_own_permission(client: Client, cast: Cast, customer: Party) -> None:
    held = portfolio.policy(holder=customer, plate="沪A12345")
    case = portfolio.claim(policy=held)
    portfolio.touchpoint(party=customer)
    addresses = [
        reverse("portfolio:panel-policies", args=[customer.ref]),
        reverse("portfolio:panel-claims", args=[customer.ref]),
        reverse("portfolio:policy", args=[held.pk]),
        reverse("portfolio:peek", args=[held.pk]),
        reverse("portfolio:claim", args=[case.pk]),
        reverse("desk:panel-touchpoints", args=[customer.ref]),
        reverse("desk:record", args=[customer.ref]),
    ]
    for user, status in ((cast.manager, 200), (cast.outsider, 404), (cast.administrator, 403)):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [status] * len(addresses)


def test_the_file_says_how_many_files_were_merged_into_it(cast: Cast) -> None:
    kept = build.person(name="欧阳文", manager=cast.manager, unit=cast.pudong)
    gone = build.person(name="欧阳文", manager=cast.manager, unit=cast.pudong)
    Party.objects.filter(pk=gone.pk).update(state="merged", replaced_by=kept)
    assert files.load(build.actor(cast.manager), kept.ref, today=TODAY).merged_in == 1
