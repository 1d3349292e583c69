"""The workbench: counters, queue, preview, completing, putting off, handing over, making."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from anxin.kernel import clock
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import Cast
from tests.faces.workspace.test_lists import signed_in

pytestmark = pytest.mark.django_db


def item(owner: Any, *, title: str = "回访", hours: float = 2, unit: Any = None, **fields: Any) -> WorkItem:
    now = clock.now()
    return WorkItem.objects.create(
        **{
            "kind": "task", "title": title, "owner": owner, "unit": unit, "starts_at": now - timedelta(hours=1),
            "due_at": now + timedelta(hours=hours), "occurrence": str(uuid4()), "created_at": now, **fields,
        }
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_queue_shows_ones_own_work_the_latest_first(cast: Cast, language: str) -> None:
    party = build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    item(cast.manager, title="后做", hours=5)
    item(cast.manager, title="先做", hours=-1, party=party)
    item(cast.colleague, title="别人的")
    page = signed_in(cast.manager, language).get("/").content.decode()
    assert page.index("先做") < page.index("后做") and "别人的" not in page
    assert f"/customers/{party.ref}/" in page


def test_the_scope_is_widened_only_by_who_may(cast: Cast) -> None:
    item(cast.manager, title="组员的", unit=cast.pudong)
    item(cast.outsider, title="外人的", unit=cast.nanjing)
    assert "组员的" not in signed_in(cast.team_lead).get("/").content.decode()
    wide = signed_in(cast.team_lead).get("/?whose=reach").content.decode()
    assert "组员的" in wide and "外人的" not in wide
    assert "组员的" not in signed_in(cast.colleague).get("/?whose=reach").content.decode()


def test_who_has_no_work_list_gets_the_way_to_their_rooms(cast: Cast) -> None:
    page = signed_in(cast.auditor).get("/")
    assert page.status_code == 200 and "/customers/" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["kind=x&due=x&whose=x&state=x&snoozed=x&cursor=x", "state=done", "snoozed=1", "due=overdue"]
)
def test_senseless_parameters_are_dropped(cast: Cast, query: str) -> None:
    assert signed_in(cast.manager).get(f"/?{query}").status_code == 200


def test_the_preview_shows_the_customer_masked_and_nobody_elses_item(cast: Cast) -> None:
    party = build.person(name="王一", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    mine = item(cast.manager, party=party)
    page = signed_in(cast.manager).get(reverse("workspace:item", args=[mine.pk])).content.decode()
    assert "138****6721" in page and "13812346721" not in page
    for action in ("item", "item-done", "item-snooze", "item-reopen"):
        url = reverse(f"workspace:{action}", args=[mine.pk])
        client = signed_in(cast.outsider)
        assert (client.get(url) if action == "item" else client.post(url, {"version": 1})).status_code == 404


def test_an_item_of_a_customer_out_of_reach_shows_no_customer(cast: Cast) -> None:
    party = build.person(name="王三", manager=cast.outsider, unit=cast.nanjing, mobile="13812346721")
    page = signed_in(cast.manager).get(reverse("workspace:item", args=[item(cast.manager, party=party).pk]))
    assert "138****6721" not in page.content.decode()


def test_completing_needs_an_outcome_and_the_version_seen(cast: Cast) -> None:
    mine = item(cast.manager)
    url = reverse("workspace:item-done", args=[mine.pk])
    client = signed_in(cast.manager)
    assert client.post(url, {"version": 1}).status_code == 422
    assert client.post(url, {"version": 1, "outcome": "nonsense"}).status_code == 422
    answer = client.post(url, {"version": 1, "outcome": "contacted", "note": "好"})
    assert answer.status_code == 204 and "work-changed" in answer["HX-Trigger"]
    mine.refresh_from_db()
    assert (mine.state, mine.outcome, mine.outcome_note) == ("done", "contacted", "好")
    assert client.post(url, {"version": 1, "outcome": "contacted"}).status_code == 409
    assert client.post(reverse("workspace:item-reopen", args=[mine.pk])).status_code == 204
    mine.refresh_from_db()
    assert mine.state == "open"


def test_a_try_without_success_keeps_the_item_open(cast: Cast) -> None:
    mine = item(cast.manager)
    url = reverse("workspace:item-done", args=[mine.pk])
    again = (clock.today() + timedelta(days=3)).isoformat()
    client = signed_in(cast.manager)
    assert client.post(url, {"version": 1, "outcome": "attempted", "again": "2001-01-01"}).status_code == 422
    assert client.post(url, {"version": 1, "outcome": "attempted", "again": again}).status_code == 204
    mine.refresh_from_db()
    assert mine.state == "open" and mine.snoozed_until is not None


def test_one_key_completes_and_offers_to_undo(cast: Cast) -> None:
    mine = item(cast.manager)
    answer = signed_in(cast.manager).post(reverse("workspace:item-done", args=[mine.pk]), {"quick": "1", "version": 1})
    assert reverse("workspace:item-reopen", args=[mine.pk]) in answer["HX-Trigger"]
    mine.refresh_from_db()
    assert mine.state == "done"


def test_ticked_items_are_put_off_completed_and_handed_over(cast: Cast) -> None:
    items = [item(cast.manager, unit=cast.pudong) for _ in range(3)]
    stranger = item(cast.outsider, unit=cast.nanjing)
    client = signed_in(cast.manager)
    many = reverse("workspace:items-change", args=["snooze"])
    assert client.post(many, {"item": [items[0].pk, stranger.pk], "until": "tomorrow"}).status_code == 204
    assert client.post(many, {"item": [items[0].pk], "until": "never"}).status_code == 404
    client.post(reverse("workspace:items-change", args=["done"]), {"item": [items[1].pk, stranger.pk, "x"]})
    url = reverse("workspace:items-hand-over")
    assert client.post(url, {"item": [items[2].pk], "to": str(cast.outsider.pk)}).status_code == 422
    assert client.post(url, {"item": [items[2].pk, stranger.pk], "to": str(cast.colleague.pk)}).status_code == 204
    found = {row.pk: row for row in WorkItem.objects.all()}
    assert found[items[0].pk].snoozed_until is not None and found[items[1].pk].state == "done"
    assert found[items[2].pk].owner_id == cast.colleague.pk
    untouched = found[stranger.pk]
    assert (untouched.state, untouched.owner_id, untouched.version) == ("open", cast.outsider.pk, 1)


def test_a_made_item_belongs_to_its_maker_unless_they_may_give(cast: Cast) -> None:
    url = reverse("workspace:item-new")
    due = (clock.today() + timedelta(days=2)).isoformat()
    client = signed_in(cast.manager)
    theirs = build.person(name="王三", manager=cast.outsider, unit=cast.nanjing)
    assert client.post(url, {"title": "x", "due": due, "customer": theirs.ref}).status_code == 422
    assert client.post(url, {"title": "", "due": due}).status_code == 422
    # Fields the form does not have change nothing.
    client.post(url, {"title": "a", "due": due, "owner": str(cast.colleague.pk), "state": "done", "unit": "x"})
    made = WorkItem.objects.get(title="a")
    assert made.owner_id == cast.manager.pk and made.state == "open"
    signed_in(cast.team_lead).post(url, {"title": "b", "due": due, "owner": str(cast.manager.pk)})
    assert WorkItem.objects.get(title="b").owner_id == cast.manager.pk
    lead = signed_in(cast.team_lead)
    assert lead.post(url, {"title": "c", "due": due, "owner": str(cast.outsider.pk)}).status_code == 422


@pytest.mark.parametrize("rows", [1, 50])
def test_the_page_asks_the_database_the_same_for_any_number_of_items(
    cast: Cast, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        party = build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong)
        item(cast.manager, party=party, outcome="attempted")
    client = signed_in(cast.manager)
    client.get("/")
    with django_assert_max_num_queries(22):
        page = client.get("/")
    assert page.content.decode().count('name="item"') == rows
