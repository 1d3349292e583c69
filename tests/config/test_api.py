"""The API: who may call, one shape of problem, and a call that acts once however often it is sent."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from anxin.book.customers.models import Party
from anxin.book.portfolio.models import Policy
from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.foundation.audit.models import Entry
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from tests import build
from tests.build import Cast

CREATE = "/api/v1/customers"


def token(user: User, *codes: str, lifetime: timedelta = timedelta(days=1)) -> str:
    _row, secret = accounts.create_token(
        actor=Actor.system("test"), now=clock.now(), user_id=user.id, name="test", codes=codes, lifetime=lifetime
    )
    return secret


def post(secret: str, body: dict[str, Any], key: str = "") -> HttpResponse:
    headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {})
    return Client().post(CREATE, json.dumps(body), content_type="application/json", headers=headers)


def get(secret: str, path: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {secret}"})


def test_notes_are_written_and_read_on_ones_own_files_only(cast: Cast, client: Client) -> None:
    mine = build.person(manager=cast.manager, unit=cast.pudong)
    theirs = build.person(manager=cast.outsider, unit=cast.nanjing)
    headers = {"authorization": f"Bearer {token(cast.manager, 'customers.view', 'customers.edit')}"}

    def write(ref: str, **body: object) -> Any:
        return client.post(
            f"/api/v1/customers/{ref}/notes", json.dumps(body), "application/json", headers=headers
        )  # fmt: skip

    assert write(mine.ref, text="先打电话").status_code == 201
    made = write(mine.ref, text="周三下午再联系", is_pinned=True, due_date="2999-01-01")
    listed = client.get(f"/api/v1/customers/{mine.ref}/notes", headers=headers).json()
    assert [(one["text"], one["is_pinned"], one["author"]) for one in listed] == [
        ("周三下午再联系", True, "顾宁"), ("先打电话", False, "顾宁"),
    ]  # fmt: skip
    assert listed[0]["id"] == made.json()["id"] and listed[0]["due_date"] == "2999-01-01"
    for body in ({"text": ""}, {"text": "   "}, {"text": "x", "due_date": "2000-01-01"}, {"text": "\x00"}):
        assert write(mine.ref, **body).status_code == 422, body
    assert write(theirs.ref, text="x").status_code == 404
    assert client.get(f"/api/v1/customers/{theirs.ref}/notes", headers=headers).status_code == 404
    reader = {"authorization": f"Bearer {token(cast.manager, 'customers.view')}"}
    refused = client.post(f"/api/v1/customers/{mine.ref}/notes", '{"text": "x"}', "application/json", headers=reader)
    assert refused.status_code == 403


def test_without_a_token_nothing_is_told(cast: Cast, client: Client) -> None:
    party = build.person(manager=cast.manager)
    client.force_login(cast.manager)
    answer = client.get(f"/api/v1/customers/{party.ref}")
    assert answer.status_code == 401, "a session is no token"
    assert answer.json()["error"] == "unauthenticated"


def test_a_token_reaches_what_its_owner_reaches_and_no_more(cast: Cast) -> None:
    mine = build.person(name="王小明", manager=cast.manager, unit=cast.pudong, mobile="13812345678")
    theirs = build.person(name="李大方", manager=cast.outsider, unit=cast.nanjing)
    secret = token(cast.manager, "customers.view")
    listed = get(secret, "/api/v1/customers").json()
    assert [item["ref"] for item in listed["items"]] == [mine.ref]
    answer = get(secret, f"/api/v1/customers/{mine.ref}")
    assert answer.status_code == 200
    assert "13812345678" not in answer.content.decode()
    assert "138****5678" in answer.content.decode()
    assert get(secret, f"/api/v1/customers/{theirs.ref}").json()["error"] == "not_found"
    assert get(secret, "/api/v1/customers/ZZZZ-ZZZZ").json()["error"] == "not_found"


def test_a_token_without_the_permission_is_refused_though_its_owner_has_it(cast: Cast) -> None:
    secret = token(cast.manager, "customers.view")
    answer = post(secret, {"values": {"name": "赵新"}})
    assert (answer.status_code, answer.json()["error"]) == (403, "not_permitted")


def test_a_view_over_the_api_is_on_the_trail(cast: Cast) -> None:
    party = build.person(manager=cast.manager)
    get(token(cast.manager, "customers.view"), f"/api/v1/customers/{party.ref}")
    entry = Entry.objects.get(action="customers.view")
    assert (entry.object_ref, entry.channel, entry.actor_id) == (party.ref, "api", cast.manager.id)


def test_a_change_on_an_old_version_is_a_conflict(cast: Cast) -> None:
    party = build.person(manager=cast.manager)
    secret = token(cast.manager, "customers.edit")
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"version": 1, "values": {"employer": "安心科技"}}
    first, second = (
        Client().patch(f"/api/v1/customers/{party.ref}", json.dumps(body), "application/json", headers=headers)
        for body in (body, body | {"values": {"employer": "别的公司"}})
    )
    assert (first.status_code, second.status_code) == (200, 409)
    party.refresh_from_db()
    assert party.employer == "安心科技"


def test_a_wrong_body_is_told_without_repeating_it(cast: Cast) -> None:
    secret = token(cast.manager, "customers.create")
    answer = post(secret, {"values": {"name": "赵新", "birth_date": "110101199003071234"}})
    assert answer.status_code == 422
    assert "110101199003071234" not in answer.content.decode()


def test_the_same_call_again_gets_the_first_answer_and_another_body_is_refused(cast: Cast) -> None:
    secret = token(cast.manager, "customers.create")
    first = post(secret, {"values": {"name": "赵新"}}, key="k-1")
    again = post(secret, {"values": {"name": "赵新"}}, key="k-1")
    other = post(secret, {"values": {"name": "钱新"}}, key="k-1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
    assert Party.objects.count() == 1


@pytest.mark.parametrize("key", ["same", ""])
def test_twenty_at_once_make_one_customer_with_a_key_and_twenty_without(transactional_db: None, key: str) -> None:
    """The second case is the negative control: without a key every call acts."""
    cast = build.make_cast()
    secret = token(cast.manager, "customers.create")
    start = threading.Barrier(20)
    answers: list[int] = []

    def call() -> None:
        start.wait()
        try:
            answers.append(post(secret, {"values": {"name": "赵新"}}, key=key).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Party.objects.count() == (1 if key else 20)
    assert set(answers) <= {201, 409}
    assert answers.count(201) >= 1


def test_an_expired_or_revoked_token_is_nobody(cast: Cast) -> None:
    secret = token(cast.manager, "customers.view", lifetime=timedelta(seconds=-1) + timedelta(days=1))
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert get(secret, "/api/v1/customers").status_code == 401


def test_the_description_of_the_api_is_published(client: Client, db: None) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/customers/{ref}" in description["paths"]


def test_search_finds_by_one_character_and_keeps_to_the_reach(cast: Cast) -> None:
    mine = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    build.person(name="王大方", manager=cast.outsider, unit=cast.nanjing)
    secret = token(cast.manager, "customers.view", "portfolio.view")
    found = get(secret, "/api/v1/search?q=王").json()
    assert [hit["ref"] for hit in found["customers"]] == [mine.ref]


def test_policies_and_claims_come_by_pages_within_the_reach(cast: Cast) -> None:
    holder = build.person(name="王小明", manager=cast.manager, unit=cast.pudong)
    other = build.person(name="李大方", manager=cast.outsider, unit=cast.nanjing)
    numbers = [policy.policy_no for policy in (build_policy(holder) for _ in range(3))]
    build_policy(other)
    secret = token(cast.manager, "portfolio.view", "customers.view")
    first = get(secret, "/api/v1/policies?limit=2").json()
    second = get(secret, f"/api/v1/policies?limit=2&after={first['next']}").json()
    assert [item["policy_no"] for item in first["items"] + second["items"]] == numbers
    assert second["next"] is None
    assert len(get(secret, f"/api/v1/customers/{holder.ref}/policies").json()) == 3
    assert get(secret, f"/api/v1/customers/{other.ref}/policies").status_code == 404
    assert get(secret, "/api/v1/claims").json() == {"items": [], "next": None}


def build_policy(holder: Party) -> Policy:
    return Policy.objects.create(
        source="test", policy_no=f"P{Policy.objects.count():06}", holder=holder, product_name="安心百万医疗",
        line="health", status="in_force", effective_date=build.TODAY, digest=b"",
        created_at=build.NOW, updated_at=build.NOW,
    )  # fmt: skip
