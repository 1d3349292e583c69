"""Numbers at the counters: each once, in order, by window; the lobby, the hall, the rating."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.accounts.models import User
from anxin.foundation.org.models import Unit
from anxin.kernel.actor import NotPermitted
from anxin.kernel.permissions import Role
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.desk import data
from anxin.service.desk.models import CounterTicket
from anxin.service.desk.queries import counters as queries
from anxin.service.desk.rules import counters as rules
from anxin.service.desk.rules.counters import Side
from anxin.service.desk.services import counters as services
from tests import build
from tests.build import NOW, Cast


@pytest.fixture
def teller(cast: Cast) -> User:
    return build.people.user(username="teller", name="柜员", role=Role.COUNTER_STAFF, unit=cast.pudong)


def draw(teller: User, business: str = "consult", after: int = 0, **more: Any) -> CounterTicket:
    return services.draw(actor=build.actor(teller), now=NOW + timedelta(minutes=after), business=business, **more)


def label(row: CounterTicket) -> str:
    return queries.label_of(row.series, row.number)


def call(teller: User, side: Side = Side.ALL) -> str:
    return label(services.call_next(actor=build.actor(teller), now=NOW, window="3", side=side))


def test_numbers_follow_one_another_in_their_series(teller: User) -> None:
    drawn = [draw(teller), draw(teller, "claim"), draw(teller, "payment"), draw(teller, is_internal=True)]
    assert [label(one) for one in drawn] == ["A001", "B001", "A002", "N001"]


def test_who_goes_first_is_called_first_then_by_waiting(teller: User) -> None:
    draw(teller)
    draw(teller, after=1)
    draw(teller, "claim", after=2, is_first=True)
    assert [call(teller) for _ in range(3)] == ["B001", "A001", "A002"]
    with pytest.raises(data.NobodyWaits):
        call(teller)


def test_a_window_of_a_small_outlet_takes_one_side_only(teller: User) -> None:
    draw(teller)
    draw(teller, after=1, is_internal=True)
    assert call(teller, Side.INSIDERS) == "N001"
    with pytest.raises(data.NobodyWaits):
        call(teller, Side.INSIDERS)
    assert call(teller, Side.CUSTOMERS) == "A001"


def test_a_number_is_served_step_by_step_and_rated_once(teller: User) -> None:
    actor = build.actor(teller)
    draw(teller)
    row = services.call_next(actor=actor, now=NOW, window="3")
    with pytest.raises(IllegalTransition):
        services.move(actor=actor, now=NOW, ticket_id=row.pk, version=row.version, action="finish")
    with pytest.raises(StaleState):
        services.move(actor=actor, now=NOW, ticket_id=row.pk, version=0, action="start")
    row = services.move(actor=actor, now=NOW, ticket_id=row.pk, version=row.version, action="start")
    row = services.move(actor=actor, now=NOW, ticket_id=row.pk, version=row.version, action="finish")
    services.rate(actor=actor, ticket_id=row.pk, rating=5)
    services.rate(actor=actor, ticket_id=row.pk, rating=1)
    with pytest.raises(ValueError, match="between 1 and 5"):
        services.rate(actor=actor, ticket_id=row.pk, rating=6)
    row.refresh_from_db()
    assert (row.state, row.rating) == ("done", 5)
    found = queries.hall(actor, row.unit_id, now=NOW)
    assert (found.done, found.rating, found.waiting, found.is_small) == (1, 5.0, [], True)


def test_a_small_outlet_takes_insiders_and_customers_apart_by_its_windows(teller: User) -> None:
    """E06: the window decides, not the teller; and each side waits for its own windows only."""
    lobby = build.people.user(username="lobby", name="大堂", role=Role.LOBBY_MANAGER, unit=teller_unit(teller))
    sides = {"1": Side.CUSTOMERS, "2": Side.INSIDERS}
    services.set_up(actor=build.actor(lobby), now=NOW, mode="small", windows=sides)
    draw(teller)
    draw(teller, "claim", after=1)
    draw(teller, after=2, is_internal=True)
    called = services.call_next(actor=build.actor(teller), now=NOW, window="2", side=Side.CUSTOMERS)
    assert label(called) == "N001"
    found = queries.hall(build.actor(teller), called.unit_id, now=NOW)
    assert found.is_small and (found.expected, found.expected_insiders) == (25, 0)
    services.set_up(actor=build.actor(lobby), now=NOW, mode="full", windows=sides)
    assert label(services.call_next(actor=build.actor(teller), now=NOW, window="2", side=Side.CUSTOMERS)) == "A001"
    with pytest.raises(NotPermitted):
        services.set_up(actor=build.actor(teller), now=NOW, mode="full", windows=sides)


def teller_unit(teller: User) -> Unit:
    return Unit.objects.get(pk=services.outlet_of(build.actor(teller)))


def test_windows_nobody_has_set_are_divided_by_themselves() -> None:
    assert rules.sides_of_small(["1"]) == {"1": Side.ALL}
    assert rules.sides_of_small(["1", "2", "3"]) == {"1": Side.CUSTOMERS, "2": Side.CUSTOMERS, "3": Side.INSIDERS}
    one = {"1": Side.CUSTOMERS}
    assert rules.side_of("1", one, small=True, wanted=Side.INSIDERS) is Side.ALL
    assert rules.side_of("1", one, small=False, wanted=Side.INSIDERS) is Side.INSIDERS


def test_the_five_steps_follow_one_another(teller: User) -> None:
    actor = build.actor(teller)
    draw(teller)
    row = services.call_next(actor=actor, now=NOW, window="3")
    steps = [row.step]
    for action in ("start", "step", "step", "step", "finish"):
        row = services.move(actor=actor, now=NOW, ticket_id=row.pk, version=row.version, action=action)
        steps.append(row.step)
    assert steps == [1, 2, 3, 4, 4, 5]


def test_a_duty_of_the_lobby_is_kept_with_who_saw_to_it(teller: User, client: Client) -> None:
    services.see_to(actor=build.actor(teller), now=NOW, duty=3, note="咨询高峰")
    services.see_to(actor=build.actor(teller), now=NOW + timedelta(minutes=5), duty=3)
    found = queries.duties(services.outlet_of(build.actor(teller)), now=NOW)
    assert [(one.number, one.count, one.by) for one in found if one.count] == [(3, 2, "柜员")]
    with pytest.raises(ValueError, match="six duties"):
        services.see_to(actor=build.actor(teller), now=NOW, duty=7)
    client.force_login(teller)
    assert client.post("/desk/counters/duties/2/", {"note": "引导"}).status_code == 302
    assert client.post("/desk/counters/duties/9/", {}).status_code == 404
    assert "引导" in client.get("/desk/counters/").content.decode()


def test_the_windows_are_set_up_by_who_leads_the_lobby(teller: User, client: Client) -> None:
    lobby = build.people.user(username="lobby", name="大堂", role=Role.LOBBY_MANAGER, unit=teller_unit(teller))
    client.force_login(lobby)
    assert client.post("/desk/counters/set-up/", {"mode": "small", "windows": "1 nobody"}).status_code == 422
    assert client.post("/desk/counters/set-up/", {"mode": "small", "windows": "1\n2"}).status_code == 302
    assert "小型网点" in client.get("/desk/counters/window/").content.decode()
    client.force_login(teller)
    assert client.get("/desk/counters/set-up/").status_code == 403


def test_another_outlet_does_not_see_the_number(cast: Cast, teller: User, client: Client) -> None:
    row = draw(teller)
    other = build.people.user(username="far", name="外地柜员", role=Role.COUNTER_STAFF, unit=cast.nanjing)
    with pytest.raises(data.NumberNotFound):
        services.move(actor=build.actor(other), now=NOW, ticket_id=row.pk, version=row.version, action="start")
    client.force_login(other)
    assert client.get(f"/desk/counters/{row.pk}/rating/").status_code == 404
    assert client.post(f"/desk/counters/{row.pk}/start/", {"version": "1"}).status_code == 404
    client.force_login(teller)
    assert client.get(f"/desk/counters/{row.pk}/rating/").status_code == 200


def test_the_expected_wait_is_shared_by_the_open_windows(teller: User) -> None:
    assert rules.expected_minutes([5, 20, 10], 2) == 18
    assert rules.expected_minutes([], 0) == 0
    draw(teller, "claim")
    draw(teller, "claim", after=1)
    found = queries.hall(build.actor(teller), services.outlet_of(build.actor(teller)), now=NOW + timedelta(minutes=30))
    assert found.expected == 40
    assert [one.minutes for one in found.waiting] == [30, 29]


def test_the_pages_lead_from_a_number_to_a_rating(teller: User, client: Client) -> None:
    client.force_login(teller)
    assert client.post("/desk/counters/draw/", {"business": "surrender"}).status_code == 302
    assert "A001" in client.get("/desk/counters/").content.decode()
    assert client.post("/desk/counters/draw/", {"business": "nothing"}).status_code == 422
    assert client.post("/desk/counters/draw/", {"business": "claim", "party_ref": "C000-0000"}).status_code == 422
    assert client.post("/desk/counters/next/", {"window": "3", "side": "all"}).status_code == 302
    row = CounterTicket.objects.get()
    window = client.get("/desk/counters/window/").content.decode()
    assert "A001" in window and "15 分钟" in window
    hall = client.get("/desk/counters/hall/", headers={"HX-Request": "true"}).content.decode()
    assert "A001" in hall and "<html" not in hall
    assert client.get("/desk/counters/hall/").status_code == 200
    assert client.post(f"/desk/counters/{row.pk}/start/", {"version": row.version}).status_code == 302
    row.refresh_from_db()
    done = client.post(f"/desk/counters/{row.pk}/finish/", {"version": row.version})
    assert done.headers["Location"] == f"/desk/counters/{row.pk}/rating/"
    assert client.post(f"/desk/counters/{row.pk}/rating/", {"rating": "4"}).status_code == 302
    assert CounterTicket.objects.get().rating == 4
    assert client.post(f"/desk/counters/{row.pk}/start/", {"version": "1"}).status_code == 409
