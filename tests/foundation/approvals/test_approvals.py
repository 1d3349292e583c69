"""Two people decide: never the asker, once, in time, and nobody else hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from anxin.foundation.approvals import queries, rules, services
from anxin.foundation.approvals.data import (
    AlreadyAsked,
    ApprovalKind,
    OwnRequest,
    ReasonMissing,
    RequestNotFound,
    RequestView,
    State,
)
from anxin.foundation.approvals.models import Request
from anxin.foundation.approvals.services import deciding
from anxin.foundation.audit.models import Entry
from anxin.foundation.notices.models import Notice
from anxin.kernel import clock, events
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.states import IllegalTransition, StaleState
from tests import build
from tests.build import NOW, Cast

pytestmark = pytest.mark.django_db
DONE: list[UUID] = []


def _effect(_actor: Actor, _now: Any, request: RequestView) -> None:
    if request.payload.get("fails"):
        raise RuntimeError("cannot be done")
    DONE.append(request.id)


KIND = ApprovalKind(code="test.give_up", label="Give up", decide="customers.assign", on_approved=_effect)
services.register_kind(KIND)


@pytest.fixture(autouse=True)
def _nothing_done() -> Iterator[None]:
    DONE.clear()
    yield
    DONE.clear()


def ask(cast: Cast, **more: Any) -> RequestView:
    return services.ask(
        **{
            "actor": build.actor(cast.branch_manager), "now": NOW, "kind": KIND.code, "subject_kind": "party",
            "subject_id": uuid7(), "subject_ref": "C7K2-9QF4", "summary": "Give up", "reason": "长期亏损",
            "unit_id": cast.pudong.id, **more,
        }
    )  # fmt: skip


def test_another_person_approves_and_it_is_done(cast: Cast) -> None:
    asked = ask(cast)
    done = services.approve(
        actor=build.actor(cast.head_office), now=NOW, request_id=asked.id, version=asked.version, note="同意"
    )
    assert (done.state, done.decided_by, DONE) == (State.APPROVED, "唐敏", [asked.id])
    assert set(Entry.objects.values_list("action", flat=True)) >= {"approvals.ask", "approvals.approve"}
    told = dict(Notice.objects.values_list("user__username", "title_en"))
    assert told["tang"] == "A request waits for your decision"
    assert told["lin"] == "Your request was approved"
    assert "gu" not in told


def test_the_asker_never_decides_even_with_the_permission(cast: Cast) -> None:
    asked = ask(cast)
    with pytest.raises(OwnRequest):
        services.approve(actor=build.actor(cast.branch_manager), now=NOW, request_id=asked.id, version=asked.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=asked.id).update(decided_by=cast.branch_manager)
    assert DONE == []


def test_a_request_does_not_exist_for_those_who_may_not_decide_it(cast: Cast) -> None:
    asked = ask(cast)
    for stranger in (cast.manager, cast.steward):
        with pytest.raises(RequestNotFound):
            queries.get_request(build.actor(stranger), asked.id, now=NOW)
        assert queries.count_waiting(build.actor(stranger), now=NOW) == 0


def test_scope_unit_decides_below_its_own_units_only(cast: Cast) -> None:
    here = ask(cast, actor=build.actor(cast.head_office))
    there = ask(cast, actor=build.actor(cast.head_office), unit_id=cast.nanjing.id)
    anywhere = ask(cast, actor=build.actor(cast.head_office), unit_id=None)
    lin = build.actor(cast.branch_manager)
    assert [row.pk for row in queries.list_waiting(lin, now=NOW)] == [here.id]
    for beyond in (there, anywhere):
        with pytest.raises(RequestNotFound):
            services.approve(actor=lin, now=NOW, request_id=beyond.id, version=1)


def test_the_same_is_asked_once_at_a_time(cast: Cast) -> None:
    key = uuid7()
    first = ask(cast, subject_id=key)
    with pytest.raises(AlreadyAsked):
        ask(cast, subject_id=key)
    services.withdraw(actor=build.actor(cast.branch_manager), now=NOW, request_id=first.id, version=1)
    assert ask(cast, subject_id=key).state is State.PENDING


def test_a_request_and_a_refusal_need_their_reason(cast: Cast) -> None:
    with pytest.raises(ReasonMissing):
        ask(cast, reason="  ")
    asked = ask(cast)
    with pytest.raises(ReasonMissing):
        services.reject(actor=build.actor(cast.head_office), now=NOW, request_id=asked.id, version=1, note=" ")
    assert Request.objects.get(pk=asked.id).state == State.PENDING


def test_the_system_cannot_ask(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        ask(cast, actor=Actor.system("night"))


def test_when_the_effect_fails_nothing_was_decided(cast: Cast) -> None:
    asked = ask(cast, payload={"fails": 1})
    with pytest.raises(RuntimeError):
        services.approve(actor=build.actor(cast.head_office), now=NOW, request_id=asked.id, version=1)
    assert Request.objects.get(pk=asked.id).state == State.PENDING


def test_what_is_over_cannot_be_decided_again(cast: Cast) -> None:
    asked, tang = ask(cast), build.actor(cast.head_office)
    services.reject(actor=tang, now=NOW, request_id=asked.id, version=1, note="不同意")
    with pytest.raises(StaleState):
        services.approve(actor=tang, now=NOW, request_id=asked.id, version=1)
    assert DONE == []


def test_a_request_expires_and_the_asker_hears_of_it(cast: Cast) -> None:
    asked = ask(cast)
    late = NOW + timedelta(days=15)
    with pytest.raises(IllegalTransition):
        services.approve(actor=build.actor(cast.head_office), now=late, request_id=asked.id, version=1)
    assert services.expire_old(now=late) == 1
    assert services.expire_old(now=late) == 0
    assert Request.objects.get(pk=asked.id).state == State.EXPIRED
    assert Notice.objects.filter(user=cast.branch_manager, title_en__contains="expired").exists()


def test_an_event_tells_of_the_decision(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[events.Event] = []
    monkeypatch.setattr(deciding.outbox, "publish", sent.append)
    asked = ask(cast)
    services.approve(actor=build.actor(cast.head_office), now=NOW, request_id=asked.id, version=1)
    (event,) = sent
    assert event.to_json()["state"] == "approved"
    assert events.event_type(event.name).from_json(event.to_json()) == event


def _race(cast: Cast, asked: RequestView) -> list[str]:
    """Two who may decide press at the same moment, both having seen the same version."""
    people = [build.actor(cast.head_office), build.actor(cast.branch_manager)]
    gate, answers = threading.Barrier(2), []

    def press(actor: Actor) -> None:
        gate.wait()
        try:
            services.approve(actor=actor, now=NOW, request_id=asked.id, version=1)
            answers.append("done")
        except StaleState:
            answers.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_is_first(cast: Cast) -> None:
    from anxin.foundation.accounts import services as accounts

    accounts.ensure_shipped_roles()
    for _ in range(5):
        asked = ask(cast, actor=build.actor(cast.team_lead), reason="请审批")
        DONE.clear()
        assert _race(cast, asked) == ["done", "stale"]
        assert [asked.id] == DONE


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_both_would_decide(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the same race against look-then-write does it twice."""
    from anxin.foundation.accounts import services as accounts

    accounts.ensure_shipped_roles()
    looked = threading.Barrier(2)

    def naive(row: Request, _version: int, action: str, **changes: Any) -> None:
        assert Request.objects.get(pk=row.pk).state == State.PENDING
        looked.wait(timeout=20)
        Request.objects.filter(pk=row.pk).update(state=rules.WORKFLOW.move(State.PENDING, action).to_state, **changes)
        row.refresh_from_db()

    monkeypatch.setattr(deciding, "_move", naive)
    asked = ask(cast, actor=build.actor(cast.team_lead), reason="请审批")
    assert _race(cast, asked) == ["done", "done"]
    assert len(DONE) == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_what_waits_and_decides(client: Client, cast: Cast, language: str) -> None:
    asked = ask(cast)
    client.cookies["django_language"] = language
    client.force_login(cast.head_office)
    with clock.frozen(NOW):
        assert [row["one"].id for row in client.get("/approvals/").context["rows"]] == [asked.id]
        page = client.get(f"/approvals/{asked.id}/")
        assert page.context["one"].may_decide
        refused = client.post(f"/approvals/{asked.id}/", {"version": 1, "do": "reject", "note": ""})
        assert refused.status_code == 422
        assert client.post(f"/approvals/{asked.id}/", {"version": 1, "do": "approve"}).status_code == 302
        assert client.post(f"/approvals/{asked.id}/", {"version": 1, "do": "approve"}).status_code == 409
        assert len(client.get("/approvals/?show=done").context["rows"]) == 1
        client.force_login(cast.branch_manager)
        assert len(client.get("/approvals/?show=mine").context["rows"]) == 1
        client.force_login(cast.steward)
        assert client.get(f"/approvals/{asked.id}/").status_code == 404


def test_the_list_costs_the_same_with_many(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        ask(cast)
    client.force_login(cast.head_office)
    with clock.frozen(NOW):
        client.get("/approvals/")
        with django_assert_max_num_queries(14):
            assert len(client.get("/approvals/").context["rows"]) == 5
