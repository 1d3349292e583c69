"""The pages of call-backs answer, with the same number of queries for any number of rows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.accounts import services as accounts
from anxin.kernel import clock
from anxin.service.callbacks.models import CallBack
from tests import build
from tests.build import NOW, TODAY, Cast, callbacks

pytestmark = pytest.mark.django_db


def test_the_list_asks_the_same_for_ten_as_for_one(
    cast: Cast, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.agent)
    callbacks.call_back(party=build.person(name="王小明", unit=cast.pudong))
    client.get("/callbacks/")
    with django_assert_max_num_queries(16) as first:
        page = client.get("/callbacks/")
    assert "王小明" in page.content.decode() and "当前可回访" in page.content.decode()
    for number in range(10):
        callbacks.call_back(party=build.person(name=f"客户{number}", unit=cast.pudong))
    with django_assert_num_queries(len(first.captured_queries)):
        client.get("/callbacks/")


def test_a_call_from_the_list_to_its_end(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    policy = callbacks.sold(holder=build.person(name="王小明", unit=cast.pudong))
    row = callbacks.call_back(party=policy.holder, policy=policy, policy_no=policy.policy_no, channel="online")
    client.force_login(cast.agent)
    assert client.post("/callbacks/next/")["Location"] == f"/callbacks/{row.pk}/"
    with django_assert_max_num_queries(20):
        page = client.get(f"/callbacks/{row.pk}/").content.decode()
    assert "请问您是投保人本人吗" in page and 'data-choice="1"' in page and page.count("data-next") == 1
    htmx = {"HTTP_HX_REQUEST": "true"}
    refused = client.post(f"/callbacks/{row.pk}/answer/", {"question": "read", "value": "yes"}, **htmx)
    assert refused.status_code == 422
    for code in ("identity", "signed", "read", "cover", "surrender", "cooling_off", "payment"):
        value = "unsure" if code == "cover" else "yes"
        part = client.post(f"/callbacks/{row.pk}/answer/", {"question": code, "value": value}, **htmx)
        assert part.status_code == 200
    assert "登记问题件" in part.content.decode() and "1 个问题" in part.content.decode()
    dialog = client.get(f"/callbacks/{row.pk}/finish/", **htmx).content.decode()
    assert "问题描述" in dialog
    row.refresh_from_db()
    told = {"version": row.version, "way": "phone", "note": ""}
    assert client.post(f"/callbacks/{row.pk}/finish/", told).status_code == 422
    told["description"] = "不清楚责任免除"
    assert client.post(f"/callbacks/{row.pk}/finish/", told).status_code == 302
    # Sent a second time: somebody (here oneself) was faster.
    assert client.post(f"/callbacks/{row.pk}/finish/", told).status_code == 409
    assert "不清楚责任免除" in client.get(f"/callbacks/{row.pk}/").content.decode()
    assert "王小明" in client.get("/callbacks/?lane=problems").content.decode()


def test_every_part_and_dialog_answers(cast: Cast, client: Client) -> None:
    party = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    row = callbacks.call_back(party=party, state="calling", owner=cast.team_lead)
    client.force_login(cast.team_lead)
    for address in (
        *(f"/callbacks/?lane={lane}" for lane in ("mine", "cooling", "late", "put_off", "fallback", "done", "x")),
        f"/callbacks/?lane=cooling&kind=new_business&unit={cast.pudong.pk}&q=王小明&cursor=x",
        f"/callbacks/{row.pk}/attempt/?outcome=again", f"/callbacks/{row.pk}/fail/", f"/callbacks/{row.pk}/leave-out/",
        f"/callbacks/{row.pk}/hand-over/", f"/callbacks/of/{party.ref}/", f"/callbacks/of/{party.ref}/new/",
        "/callbacks/figures/", "/callbacks/figures/?first=2026-01-01&last=bad&by=accepted",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    told = {"version": 1, "outcome": "again", "again_at": "2020-01-01T10:00", "note": ""}
    assert client.post(f"/callbacks/{row.pk}/attempt/", told).status_code == 422
    told |= {"outcome": "no_answer", "again_at": ""}
    assert client.post(f"/callbacks/{row.pk}/attempt/", told).status_code == 302
    assert CallBack.objects.get().attempts == 1
    assert client.post(f"/callbacks/{row.pk}/take/", {"version": "1"}).status_code == 409
    plan = {"key": "0190a1b2-0000-7000-8000-000000000001", "kind": "care", "start": str(clock.today()), "note": ""}
    for _twice in range(2):
        assert client.post(f"/callbacks/of/{party.ref}/new/", plan).status_code == 302
    assert CallBack.objects.filter(kind="care").count() == 1


def test_the_figures_show_numerator_and_denominator_and_start_a_file(cast: Cast, client: Client) -> None:
    ends = clock.today() - timedelta(days=2)
    for number in range(4):
        done = ends if number else None
        callbacks.call_back(
            party=build.person(unit=cast.pudong), cooling_ends=ends, success_on=done,
            success_way="phone" if done else "", state="succeeded" if done else "failed", ended_at=NOW,
        )  # fmt: skip
    client.force_login(cast.branch_manager)
    page = client.get("/callbacks/figures/").content.decode()
    assert "75.0%" in page and "浦东支公司" in page and "个险" in page
    assert client.post("/callbacks/figures/export/").status_code == 302


def test_the_api_lists_questions_and_takes_results_with_the_permission_only(cast: Cast, client: Client) -> None:
    row = callbacks.call_back(party=build.person(unit=cast.pudong), channel="online")
    sent: dict[str, Any] = {"version": 1, "outcome": "reached", "answers": {}}

    def call(codes: list[str], method: str, path: str, body: Any = None) -> Any:
        _token, secret = accounts.create_token(
            actor=build.actor(cast.agent), now=clock.now(), user_id=cast.agent.id, name="x", codes=codes,
            lifetime=timedelta(days=1),
        )  # fmt: skip
        return client.generic(
            method, f"/api/v1/callbacks{path}", json.dumps(body) if body else "", content_type="application/json",
            headers={"authorization": f"Bearer {secret}"},
        )  # fmt: skip

    assert call(["callbacks.view"], "GET", "").json()["items"][0]["id"] == str(row.pk)
    one = call(["callbacks.view"], "GET", f"/{row.pk}").json()
    assert one["cooling_ends"] == str(TODAY + timedelta(days=1)) and len(one["questions"]) == 7
    assert call(["callbacks.view"], "POST", f"/{row.pk}/result", sent).status_code == 403
    both = ["callbacks.view", "callbacks.work"]
    assert call(both, "POST", f"/{row.pk}/result", sent).status_code == 422
    sent["answers"] = {each["code"]: "yes" for each in one["questions"]}
    assert call(both, "POST", f"/{row.pk}/result", sent).json()["state"] == "succeeded"
    assert call(both, "POST", f"/{row.pk}/result", sent).status_code == 409
    assert call(both, "GET", "/0190a1b2-0000-7000-8000-000000000009").status_code == 404
