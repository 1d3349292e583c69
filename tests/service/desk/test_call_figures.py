"""A day of calls in figures; who may see them; what an agent is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import StaleState
from anxin.service.desk import data
from anxin.service.desk.data import CtiEvent
from anxin.service.desk.models import Call, Profile, SeatSpell
from anxin.service.desk.queries import call_figures, profiles, routing
from anxin.service.desk.rules import calling
from anxin.service.desk.rules.promising import SERVICE_DEFAULT
from anxin.service.desk.rules.routing import Agent, Request, best, best_for_call
from anxin.service.desk.rules.telephony import AgentState
from anxin.service.desk.services import profiles as services
from anxin.service.desk.services import telephony
from tests import build
from tests.build import NOW, TODAY, Cast, portfolio

SYSTEM = Actor.system("telephone")
NUMBER = "13812348000"
MEASURES = calling.measures(calling.CALL_DEFAULT)


def tell(call: str, kind: str, at: float, **more: Any) -> UUID:
    moment = NOW + timedelta(seconds=at)
    values: dict[str, Any] = {"event_id": f"{call}-{kind}-{at}", "number": NUMBER, "extension": "8001", **more}
    return telephony.take_event(
        actor=SYSTEM, now=moment, event=CtiEvent(system="pbx", call_id=call, kind=kind, at=moment, **values)
    )  # fmt: skip


@pytest.fixture
def day(cast: Cast) -> Cast:
    """One call answered after 10 s and written up in 20 s; one given up; one that stayed in the menu."""
    build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    agent = build.actor(cast.agent)
    telephony.sit_down(actor=agent, now=NOW - timedelta(seconds=100), extension="8001")
    tell("c1", "menu", -5, extension="", menu=("2",))
    tell("c1", "menu", -3, extension="", menu=("2", "0"))
    tell("c1", "queued", 0, extension="", queue="claims", menu=("2", "0"))
    tell("c1", "ringing", 4, queue="claims")
    tell("c1", "answered", 10)
    key = tell("c1", "ended", 110, hold_seconds=10)
    call = Call.objects.get(pk=key)
    telephony.wrap_up(
        actor=agent, now=NOW + timedelta(seconds=130), call_id=key, version=call.version, code="claim", note=""
    )
    tell("c2", "queued", 200, extension="", queue="claims")
    tell("c2", "ended", 230, extension="")
    tell("c3", "menu", 300, extension="", menu=("3",))
    tell("c3", "ended", 320, extension="")
    return cast


def read(actor: Actor, now: datetime = NOW + timedelta(hours=1), **more: Any) -> call_figures.CallFigures:
    return call_figures.read(actor, first=TODAY, last=TODAY, now=now, measures=MEASURES, **more)


def test_a_day_is_counted_from_what_was_told(day: Cast, django_assert_num_queries: Any) -> None:
    actor = build.actor(day.head_office)
    with django_assert_num_queries(3):
        found = read(actor)
    total = found.total
    assert (total.offered, total.answered, total.abandoned, total.in_menu) == (2, 1, 1, 1)
    assert (total.asa.value, total.aht.value, total.after_work.value) == (10, 120, 20)
    assert (total.service_level.numerator, total.service_level.denominator) == (1, 2)
    # Sat down 100 s before; busy from 10 to 130 s, free before and after until the end of the hour looked at.
    assert found.occupancy.numerator == 120
    assert found.occupancy.denominator == 100 + 3_600
    assert [(keys, count, asked) for keys, count, asked in found.paths] == [(("2", "0"), 1, 1), (("3",), 1, 0)]
    assert list(found.codes) == [("claim", 1)]
    assert [(code, one.offered) for code, one in found.queues] == [("claims", 2)]
    ((agent,), (slot,)) = found.agents, [one for one in found.half_hours if one.metrics.offered]
    assert (agent.metrics.answered, agent.occupancy.numerator) == (1, 120)
    assert slot.need is not None and slot.need.need.agents >= 1
    assert (found.young, found.solved.value) == (1, None)


def test_a_matter_is_solved_when_nobody_comes_back_within_seven_days(day: Cast) -> None:
    later = NOW + timedelta(days=8)
    actor = build.actor(day.head_office)
    assert read(actor, now=later).solved.value == 1
    customer = Call.objects.get(external_id="c1").party
    assert customer is not None
    portfolio.touchpoint(party=customer, topic="理赔进度", at=NOW + timedelta(days=3), direction="inbound")
    found = read(actor, now=later)
    assert (found.solved.numerator, found.solved.denominator, found.young) == (0, 1, 0)


def test_an_end_that_nobody_saw_is_no_handling_time(day: Cast) -> None:
    tell("c4", "ringing", 400)
    tell("c4", "answered", 401)
    tell("c4", "ended", 401, is_witnessed=False)
    found = read(build.actor(day.head_office))
    assert (found.unknown_ends, found.total.answered, found.total.aht.value) == (1, 2, 120)
    tell("c4", "ended", 460)  # the exchange tells after all
    call = Call.objects.get(external_id="c4")
    assert call.is_end_seen and call.ended_at == NOW + timedelta(seconds=460)


def test_figures_end_where_the_reach_ends(day: Cast, client: Client) -> None:
    with pytest.raises(NotPermitted):
        read(build.actor(day.agent))
    assert read(build.actor(day.branch_manager)).total.answered == 1
    assert read(build.actor(day.team_lead)).total.answered == 0
    client.force_login(day.head_office)
    page = client.get("/desk/calls/figures/", {"first": TODAY.isoformat(), "last": TODAY.isoformat()}).content.decode()
    assert "50.0%" in page and "理赔进度" in page and "转人工" in page
    assert client.get("/desk/calls/figures/", {"first": "nonsense"}).status_code == 200
    assert client.get("/desk/calls/figures/", {"queue": "claims", "share": 90}).status_code == 200
    client.force_login(day.agent)
    assert client.get("/desk/calls/figures/").status_code == 403


def test_every_state_of_a_seat_is_kept_once(day: Cast) -> None:
    spells = list(SeatSpell.objects.order_by("began_at").values_list("state", "began_at", "ended_at"))
    assert [state for state, _began, _ended in spells] == ["available", "on_call", "wrap_up", "available"]
    assert all(one[2] == following[1] for one, following in pairwise(spells))
    assert [ended for _state, _began, ended in spells].count(None) == 1


def test_whoever_takes_over_has_the_call_and_the_other_is_free(cast: Cast) -> None:
    other = build.people.user(username="other", name="别人", role=build.people.Role.CALL_AGENT, unit=cast.shanghai)
    for user, extension in ((cast.agent, "8001"), (other, "8002")):
        telephony.sit_down(actor=build.actor(user), now=NOW, extension=extension)
    tell("c1", "ringing", 0)
    tell("c1", "answered", 5)
    tell("c1", "answered", 60, extension="8002")
    call = Call.objects.get()
    assert (call.agent_id, call.answered_at) == (other.pk, NOW + timedelta(seconds=5))
    states = dict(SeatSpell.objects.filter(ended_at=None).values_list("user_id", "state"))
    assert states == {cast.agent.pk: AgentState.WRAP_UP, other.pk: AgentState.ON_CALL}


VALUES: dict[str, Any] = {
    "queues": ["claims"], "skills": ["motor"], "languages": ["en"], "level": 4, "most_open": 12, "is_available": True,
}  # fmt: skip


def test_a_leader_says_what_an_agent_is_given(cast: Cast, client: Client) -> None:
    leader = build.actor(cast.branch_manager)
    services.set_profile(actor=leader, now=NOW, user_id=cast.agent.pk, version=0, **VALUES)
    row = Profile.objects.get()
    assert (row.queues, row.level, row.version) == (["claims"], 4, 1)
    with pytest.raises(StaleState):
        services.set_profile(actor=leader, now=NOW, user_id=cast.agent.pk, version=0, **VALUES)
    services.set_profile(actor=leader, now=NOW, user_id=cast.agent.pk, version=1, **{**VALUES, "level": 3})
    assert Entry.objects.filter(action="desk.set_profile", object_id=str(cast.agent.pk)).count() == 2
    assert routing.agents_of([cast.agent.pk])[0].level == 3
    client.force_login(cast.branch_manager)
    page = client.get("/desk/agents/").content.decode()
    assert cast.agent.display_name in page and "理赔" in page
    url = reverse("desk:agent", args=[cast.agent.pk])
    assert client.get(url).status_code == 200
    told = {**VALUES, "is_available": "on", "level": "2", "version": 2}
    assert client.post(url, told).status_code == 302
    assert client.post(url, told).status_code == 409
    assert client.post(url, {**told, "level": "9", "version": 3}).status_code == 422


def test_profiles_beyond_reach_do_not_exist(cast: Cast, client: Client) -> None:
    url = reverse("desk:agent", args=[cast.agent.pk])
    client.force_login(cast.team_lead)  # of another unit
    assert client.get(url).status_code == 404
    assert client.post(url, {**VALUES, "level": "2", "version": 0}).status_code == 404
    client.force_login(cast.auditor)  # sees, and sets nothing
    assert client.get("/desk/agents/").status_code == 200
    assert client.get(url).status_code == 403
    client.force_login(cast.agent)
    assert client.get("/desk/agents/").status_code == 403
    with pytest.raises(data.AgentNotFound):
        profiles.get_profile(build.actor(cast.team_lead), cast.agent.pk)


def test_the_list_of_agents_asks_as_much_for_many_as_for_one(cast: Cast, django_assert_num_queries: Any) -> None:
    actor = build.actor(cast.head_office)
    for number in range(5):
        user = build.people.user(
            username=f"a{number}", name=f"坐席{number}", role=build.people.Role.CALL_AGENT, unit=cast.shanghai
        )
        Profile.objects.create(user=user, queues=["claims"])
        with django_assert_num_queries(7):
            profiles.list_profiles(actor)


def agent(number: int, **more: Any) -> Agent:
    return Agent(id=UUID(int=number), **more)


def test_experts_come_first_for_what_is_urgent_and_nowhere_else() -> None:
    staff = [agent(1, level=1), agent(2, level=4)]
    assert [one.agent_id.int for one in best(staff, Request(queue="claims"), SERVICE_DEFAULT)] == [1, 2]
    urgent = best(staff, Request(queue="claims", is_urgent=True), SERVICE_DEFAULT)
    assert urgent[0].agent_id.int == 2 and ("level", 15) in urgent[0].reasons


def test_a_call_goes_to_who_fits_and_has_waited_longest() -> None:
    staff = [agent(3, open_count=30), agent(1, languages=frozenset({"en"})), agent(2, queues=frozenset({"claims"}))]
    order: Callable[[Request], list[int]] = lambda wanted: [  # noqa: E731
        one.agent_id.int for one in best_for_call(staff, wanted, SERVICE_DEFAULT)
    ]
    assert order(Request(queue="general", language="en")) == [1, 3]
    assert order(Request(queue="claims")) == [3, 1, 2]
    assert order(Request(queue="")) == [3, 1, 2]


def test_the_exchange_is_told_whose_telephone_to_ring(cast: Cast) -> None:
    build.person(manager=cast.agent, unit=cast.shanghai, mobile=NUMBER)
    other = build.people.user(username="other", name="别人", role=build.people.Role.CALL_AGENT, unit=cast.shanghai)
    for seconds, user, extension in ((0, other, "8002"), (1, cast.agent, "8001")):
        telephony.sit_down(actor=build.actor(user), now=NOW + timedelta(seconds=seconds), extension=extension)
    Profile.objects.create(user=other, queues=["claims"])

    def route(number: str, menu: tuple[str, ...]) -> data.Route:
        return profiles.route_call(SYSTEM, number=number, menu=menu, queue="", language="", now=NOW)

    assert route(NUMBER, ("1",)) == data.Route(extensions=("8001", "8002"), queue="claims", tier="")
    assert route("", ("1", "0")).extensions == ("8002", "8001")
    assert route("", ("4",)) == data.Route(extensions=("8001",), queue="voice", tier="")
    with pytest.raises(NotPermitted):
        profiles.route_call(build.actor(cast.agent), number="", menu=(), queue="", language="", now=NOW)


def test_a_period_is_a_month_at_most(cast: Cast) -> None:
    found = call_figures.read(
        build.actor(cast.head_office), first=date(2026, 1, 1), last=TODAY, now=NOW, measures=MEASURES
    )
    assert found.days == call_figures.MOST_DAYS
