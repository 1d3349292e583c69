"""Who a complaint goes to, and that none is lost between the first seat and the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from anxin.kernel.permissions import Role
from anxin.service.complaints import services
from anxin.service.complaints.data import State
from anxin.service.complaints.models import Move
from anxin.service.complaints.queries import board
from anxin.service.complaints.queries.board import BoardFilter
from anxin.service.complaints.rules import routing
from anxin.service.complaints.services import watching
from tests import build
from tests.build import NOW, Cast, complaints
from tests.build import portfolio as contracts
from tests.build.complaints import Desk


@dataclass(frozen=True)
class Post:
    path: str
    reaches_all: bool = False


HEAD, ABOVE, HERE, OTHER = Post("/00/", True), Post("/00/32/"), Post("/00/32/3201/"), Post("/00/37/")


def test_the_nearest_are_those_of_the_unit_or_right_above_and_head_office_only_without_them() -> None:
    assert routing.nearest([HEAD, ABOVE, HERE, OTHER], "/00/32/3201/320102/") == [HERE]
    assert routing.nearest([HEAD, ABOVE, OTHER], "/00/32/3201/") == [ABOVE]
    assert routing.nearest([HEAD, ABOVE], "/00/44/") == [HEAD] and routing.nearest([ABOVE], "") == []
    assert routing.reaching([HEAD, ABOVE, HERE, OTHER], "/00/32/3201/") == [HERE, ABOVE, HEAD]


@pytest.fixture
def who(cast: Cast) -> Desk:
    return complaints.desk(cast)


def test_what_nobody_sent_on_by_the_end_of_the_day_goes_to_the_handlers_of_its_unit(who: Desk, cast: Cast) -> None:
    sent = complaints.step(who, complaints.registered(who), "review", NOW)
    nowhere = complaints.registered(who, unit_id=cast.headquarters.pk)
    services.move(
        actor=build.actor(who.above), now=NOW, ref=nowhere.ref, action="review", version=1, facts={"severity": "plain"}
    )
    assert watching.dispatch(now=NOW) == 0
    later = NOW + timedelta(days=1)
    assert watching.dispatch(now=later) == 1 and watching.dispatch(now=later) == 0
    sent.refresh_from_db()
    nowhere.refresh_from_db()
    assert (sent.state, sent.handler, sent.unit_id) == (State.INVESTIGATING, who.handler, who.unit_id)
    # Head office has no handlers of its own: that one goes up instead, and stays on the list of what was not sent.
    assert nowhere.state == State.ACCEPTED
    waiting = board.list_complaints(build.actor(who.above), BoardFilter(show="waiting"), now=later)
    assert list(waiting) == [nowhere]
    assert Move.objects.get(complaint=sent, action="dispatch").actor_id is None


def test_the_unit_of_the_policy_goes_before_that_of_the_seat_and_the_page_says_whose_turn_it_is(
    client: Client, who: Desk, cast: Cast
) -> None:
    policy = contracts.policy(holder=build.person(manager=cast.manager, unit=cast.shanghai), unit=cast.shanghai)
    row = complaints.registered(who, unit_id=None, policy_no=policy.policy_no)
    assert row.unit == cast.shanghai
    client.force_login(who.seat)
    told = client.get(f"/complaints/{row.ref}/").content.decode()
    assert "沈予" in told and "上海分公司" in told
    # Sent to another branch, it is no longer the reviewer's to see.
    other = build.user(username="njh", name="南京处理", role=Role.COMPLAINT_HANDLER, unit=cast.nanjing)
    row = services.move(
        actor=build.actor(who.reviewer), now=NOW, ref=row.ref, action="review", version=1, facts={"severity": "plain"}
    )
    client.force_login(who.reviewer)
    given = {"do": "dispatch", "version": row.version, "unit_id": str(cast.nanjing.pk), "handler_id": str(other.pk)}
    answer = client.post(f"/complaints/{row.ref}/act/", given)
    assert answer.headers["Location"] == "/complaints/"
    client.force_login(other)
    assert "提交调查结论" in client.get(f"/complaints/{row.ref}/").content.decode()
