"""Planted numbers never leave unless somebody revealed them, with a reason, and that is on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers.models import ContactPoint, IdentityDocument, Party
from anxin.book.customers.queries import file as files
from anxin.book.customers.services import contacts
from anxin.book.portfolio.models import Claim, Vehicle
from anxin.foundation.audit.models import Entry
from anxin.kernel.permissions import Role
from anxin.kernel.web import panels
from tests import build
from tests.build import NOW, TODAY, Cast, portfolio

pytestmark = pytest.mark.django_db

MOBILE, NUMBER, ACCOUNT = "13800138000", "11010519491231002X", "6222021234567890128"
SECRETS = (
    MOBILE, NUMBER, ACCOUNT, "secret.person@example.com", "张江路100弄3号", "1984-05-06", "1984年5月6日", "50000000",
    "500,000.00", "沪A12345", "LSVAA49J132047371", "G4KE123456", "左腿骨折", "龙阳路2345号", "wx_secret_name",
)  # fmt: skip
ROLES = (
    "manager", "colleague", "outsider", "team_lead", "branch_manager", "head_office", "agent", "auditor",
    "administrator", "steward",
)  # fmt: skip


@pytest.fixture
def customer(cast: Cast) -> Party:
    party = build.person(
        manager=cast.manager, unit=cast.pudong, mobile=MOBILE, id_number=NUMBER, birth_date=date(1984, 5, 6),
        annual_income_fen=50_000_000,
    )  # fmt: skip
    actor = build.actor(cast.manager)
    contacts.add_contact(actor=actor, now=NOW, ref=party.ref, kind="email", value="secret.person@example.com")
    contacts.add_contact(actor=actor, now=NOW, ref=party.ref, kind="wechat", value="wx_secret_name")
    contacts.set_address(actor=actor, now=NOW, ref=party.ref, kind="home", text="上海市浦东新区张江路100弄3号502室")
    contacts.add_account(actor=actor, now=NOW, ref=party.ref, bank="工商银行", number=ACCOUNT)
    held = portfolio.policy(holder=party, plate="沪A12345", line="motor")
    Vehicle.objects.create(policy=held, plate="沪A12345", vin="LSVAA49J132047371", engine_no="G4KE123456")
    portfolio.claim(policy=held, description="左腿骨折", accident_place="上海市浦东新区龙阳路2345号")
    portfolio.touchpoint(party=party)
    return party


def _addresses(party: Party) -> Iterator[str]:
    claim = Claim.objects.get()
    yield reverse("customers:card", args=[party.ref])
    yield reverse("customers:edit", args=[party.ref])
    for area in panels.AREAS:
        yield reverse("customers:file", args=[party.ref]) + f"?tab={area}"
    for panel in panels.registered():
        # Other rooms have tests of their own; a panel that is not served yet is theirs to answer for.
        if panel.url_name.split(":")[0] in ("customers", "portfolio", "desk"):
            yield reverse(panel.url_name, args=[party.ref])
    yield reverse("portfolio:policy", args=[claim.policy_id])
    yield reverse("portfolio:peek", args=[claim.policy_id])
    yield reverse("portfolio:claim", args=[claim.pk])


@pytest.mark.parametrize("role", ROLES)
def test_no_page_or_panel_shows_a_planted_value_to_anyone(
    client: Client, cast: Cast, customer: Party, role: str
) -> None:
    client.force_login(getattr(cast, role))
    statuses = set()
    for address in _addresses(customer):
        answer = client.get(address)
        statuses.add(answer.status_code)
        leaked = [secret for secret in SECRETS if secret in answer.content.decode()]
        assert not leaked, (address, leaked)
    assert statuses <= {200, 403, 404}
    assert (200 in statuses) == (role not in ("colleague", "outsider", "administrator"))


def test_the_file_as_json_is_masked_too(cast: Cast, customer: Party) -> None:
    text = str(files.as_json(build.actor(cast.agent), customer.ref, today=TODAY))
    assert not [secret for secret in SECRETS if secret in text]
    assert "138****8000" in text and "康佑终身重疾" in text


def test_revealing_needs_a_reason_and_is_recorded_before_it_answers(
    client: Client, cast: Cast, customer: Party
) -> None:
    client.force_login(cast.manager)
    point = ContactPoint.objects.get(kind="mobile")
    address = reverse("customers:reveal-item", args=[customer.ref, "contact", point.pk])
    assert MOBILE not in client.get(address).content.decode()
    for given in ({}, {"reason": "because"}, {"reason": "other"}):
        refused = client.post(address, given)
        assert refused.status_code == 422 and MOBILE not in refused.content.decode()
    assert not Entry.objects.filter(action="customers.reveal").exists()
    shown = client.post(address, {"reason": "call_back", "explanation": "续保"}, headers={"HX-Request": "true"})
    assert shown.status_code == 200 and MOBILE in shown.content.decode()
    assert "delay:60s" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    entry = Entry.objects.get(action="customers.reveal")
    assert (entry.reason, entry.detail, entry.object_ref) == ("call_back: 续保", {"fields": ["contact"]}, customer.ref)


@pytest.mark.parametrize(
    ("role", "status"), [("colleague", 404), ("outsider", 404), ("auditor", 403), ("head_office", 403), ("agent", 200)]
)
def test_revealing_keeps_to_permission_and_reach(
    client: Client, cast: Cast, customer: Party, role: str, status: int
) -> None:
    client.force_login(getattr(cast, role))
    document = IdentityDocument.objects.get()
    for address in (
        reverse("customers:reveal-item", args=[customer.ref, "document", document.pk]),
        reverse("customers:reveal", args=[customer.ref, "birth_date"]),
    ):
        answer = client.post(address, {"reason": "verify"})
        assert answer.status_code == status
        assert (status == 200) == Entry.objects.filter(action="customers.reveal").exists()


def test_a_value_of_another_file_cannot_be_revealed_through_ones_own(
    client: Client, cast: Cast, customer: Party
) -> None:
    mine = build.person(manager=cast.colleague, unit=cast.pudong)
    client.force_login(cast.colleague)
    point = ContactPoint.objects.get(kind="mobile")
    address = reverse("customers:reveal-item", args=[mine.ref, "contact", point.pk])
    assert client.post(address, {"reason": "verify"}).status_code == 404


def test_what_may_speak_of_health_needs_its_own_permission(client: Client, cast: Cast, customer: Party) -> None:
    claim = Claim.objects.get()
    address = reverse("portfolio:claim-description", args=[claim.pk])
    client.force_login(cast.manager)
    assert client.post(address, {"reason": "claim"}).status_code == 403
    counter = build.user(role=Role.COUNTER_STAFF, unit=cast.pudong, username="counter")
    client.force_login(counter)
    answer = client.post(address, {"reason": "claim"})
    assert "左腿骨折" in answer.content.decode()
    assert Entry.objects.get(action="portfolio.reveal").detail == {"fields": ["description"]}


def test_opening_a_file_by_page_card_or_json_is_one_entry_each(client: Client, cast: Cast, customer: Party) -> None:
    client.force_login(cast.manager)
    client.get(reverse("customers:file", args=[customer.ref]))
    client.get(reverse("customers:card", args=[customer.ref]))
    assert Entry.objects.filter(action="customers.view", actor_id=cast.manager.pk).count() == 2
