"""The palette and the page of results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anxin.book.customers.models import Standing
from anxin.book.portfolio import queries as portfolio
from anxin.book.portfolio.models import Claim, Policy
from anxin.foundation.audit.models import Entry
from anxin.kernel.identifiers.uuid7 import uuid7
from tests import build
from tests.build import NOW, TODAY, Cast
from tests.faces.workspace.test_lists import signed_in

pytestmark = pytest.mark.django_db
URL = "/search/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def policy(holder: Any, number: str, **fields: Any) -> Policy:
    return Policy.objects.create(
        source="test", policy_no=number, holder=holder, product_name="机动车商业保险", line="motor", status="in_force",
        effective_date=TODAY, expiry_date=TODAY + timedelta(days=365), digest=b"x", created_at=NOW, updated_at=NOW,
        **fields,
    )  # fmt: skip


def claim(of: Policy, number: str, report: str = "") -> Claim:
    return Claim.objects.create(
        source="test", claim_no=number, report_no=report, policy=of, state="reported", reported_at=NOW, digest=b"x"
    )


def test_the_palette_shows_the_tier_at_once(cast: Cast) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    Standing.objects.create(party=party, run_id=uuid7(), tier="diamond")
    found = signed_in(cast.agent).get(URL, {"q": "王"}, **HTMX).content.decode()
    assert 'role="option"' in found and "王小明" in found and "tier dia" in found and "138****6721" in found
    assert "<html" not in found


@pytest.mark.parametrize(
    "text", ["P3100", "P310020260001", "p310020260001", "沪A12345", "沪A·12345", "沪a12", "C2026", "R777"]
)
def test_policies_and_claims_are_found_by_number_and_plate_within_reach(cast: Cast, text: str) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    other = build.person(name="李四", manager=cast.outsider, unit=cast.nanjing)
    mine = policy(party, "P310020260001", plate="沪A12345")
    theirs = policy(other, "P310020260002", plate="沪A12399")
    claim(mine, "C202600001", "R777001")
    claim(theirs, "C202600002", "R777002")
    page = signed_in(cast.manager).get(URL, {"q": text}).content.decode()
    assert "王小明" in page and "李四" not in page
    assert "李四" not in signed_in(cast.colleague).get(URL, {"q": text}).content.decode()


def test_lines_held_filter_the_list(cast: Cast) -> None:
    party = build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    Standing.objects.create(party=party, run_id=uuid7(), active_policies=1, lines=["motor", "property"])
    build.person(name="王二", manager=cast.manager, unit=cast.pudong)
    client = signed_in(cast.manager)
    assert client.get("/customers/?line=motor").content.decode().count('name="ref"') == 1
    assert client.get("/customers/?line=life").content.decode().count('name="ref"') == 0
    assert client.get("/customers/?line=life&line=motor").content.decode().count('name="ref"') == 1


def test_looking_up_numbers_is_recorded_and_names_are_not(cast: Cast) -> None:
    build.person(name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    client = signed_in(cast.agent)
    client.get(URL, {"q": "王小明"})
    assert not Entry.objects.filter(action="customers.search").exists()
    client.get(URL, {"q": "13812346721"}, **HTMX)
    (entry,) = Entry.objects.filter(action="customers.search")
    assert entry.detail == {"by": ["phone"], "found": 1} and "13812346721" not in repr(entry.__dict__)


def test_who_may_not_see_customers_finds_none(cast: Cast) -> None:
    build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    page = signed_in(cast.administrator).get(URL, {"q": "王"})
    assert page.status_code == 200 and "王小明" not in page.content.decode()


@pytest.mark.parametrize("text", ["", " ", "%", "<script>", "🙂", "\x00", "a" * 3000, "'\"--"])
def test_odd_texts_break_nothing(cast: Cast, text: str) -> None:
    client = signed_in(cast.agent)
    for headers in ({}, HTMX):
        page = client.get(URL, {"q": text}, **headers)
        assert page.status_code == 200 and "<script>" not in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_hits(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        party = build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong, mobile=f"138123{number:05d}")
        claim(policy(party, f"P3100{number:04d}"), f"C2026{number:04d}")
    client = signed_in(cast.agent)
    client.get(URL, {"q": "x"}, **HTMX)
    for text in ("王", "P3100", "wang"):
        with django_assert_max_num_queries(18):
            client.get(URL, {"q": text}, **HTMX)


def test_a_short_beginning_of_a_number_asks_nothing(cast: Cast, django_assert_num_queries: Any) -> None:
    actor = build.actor(cast.head_office)
    with django_assert_num_queries(0):
        assert portfolio.find_policies(actor, "P1") == []
