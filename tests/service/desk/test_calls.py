"""From a message of the telephone system to the caller's file on the screen; what is written down; who sees it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.models import AttentionEntry, Consent
from anxin.config.live import Screens
from anxin.foundation.accounts import services as accounts
from anxin.foundation.privacy.data import Mode
from anxin.kernel import clock
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.permissions import Role
from anxin.kernel.states import StaleState
from anxin.service.desk import data
from anxin.service.desk import services as desk
from anxin.service.desk.data import CtiEvent
from anxin.service.desk.models import Call, CallEvent, Ring, Seat, Touchpoint
from anxin.service.desk.queries import calls as queries
from anxin.service.desk.rules.telephony import AgentState
from anxin.service.desk.services import closing, dialling, holdings
from anxin.service.desk.services import telephony as services
from tests import build
from tests.build import NOW, Cast, complaints, contracts

SYSTEM = Actor.system("telephone")
NUMBER = "13812348000"


def event(kind: str, *, at: int = 0, **more: Any) -> CtiEvent:
    values: dict[str, Any] = {
        "system": "pbx", "event_id": f"{kind}-{at}", "call_id": "c1", "number": NUMBER, "extension": "8001",
        "menu": ("1", "0"), **more,
    }  # fmt: skip
    return CtiEvent(kind=kind, at=NOW + timedelta(seconds=at), **values)


def tell(*events: CtiEvent) -> Call:
    for one in events:
        services.take_event(actor=SYSTEM, now=NOW, event=one)
    return Call.objects.get()


def seated(cast: Cast) -> Actor:
    agent = build.actor(cast.agent)
    services.sit_down(actor=agent, now=NOW, extension="8001")
    return agent


def test_a_call_shows_the_file_of_whoever_calls(cast: Cast, client: Client) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    agent = seated(cast)
    tell(event("ringing"))
    seen = queries.current_call(agent)
    assert seen is not None
    assert (seen.party_ref, seen.number, seen.state) == (customer.ref, "138****8000", "ringing")
    assert list(seen.menu) == ["1", "0"]
    client.force_login(cast.agent)
    panel = client.get("/desk/calls/panel/").content.decode()
    assert customer.name in panel and "138****8000" in panel and NUMBER not in panel
    assert client.get("/desk/calls/").status_code == 200


def test_a_number_of_two_customers_or_nobody_shows_the_number_alone(cast: Cast) -> None:
    agent = seated(cast)
    for _ in range(2):
        build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    tell(event("ringing"))
    seen = queries.current_call(agent)
    assert seen is not None and (seen.party_ref, seen.number) == ("", "138****8000")


def test_messages_count_once_and_in_any_order(cast: Cast) -> None:
    seated(cast)
    told = [
        event("ringing"), event("answered", at=8), event("ended", at=98, hold_seconds=10),
        event("recording", at=99, recording="rec/1.wav"),
    ]  # fmt: skip
    for order in list(permutations(told))[::3]:
        Call.objects.all().delete()
        call = tell(*order, order[0], order[-1])
        assert (call.state, call.recording, call.hold_seconds) == ("ended", "rec/1.wav", 10)
        assert call.rang_at == NOW and call.answered_at == NOW + timedelta(seconds=8)
        assert CallEvent.objects.count() == 4


def test_an_agent_is_busy_writes_up_and_is_free_again(cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    agent = seated(cast)

    def state() -> str:
        return Seat.objects.get().state

    call = tell(event("ringing"))
    assert state() == AgentState.AVAILABLE
    tell(event("answered", at=8))
    assert state() == AgentState.ON_CALL
    services.set_state(actor=agent, now=NOW, state=AgentState.BREAK)
    assert state() == AgentState.ON_CALL  # a call does not end by pressing a button
    call = tell(event("ended", at=98))
    assert state() == AgentState.WRAP_UP
    with pytest.raises(StaleState):
        services.wrap_up(actor=agent, now=NOW, call_id=call.pk, version=1, code="advice", note="")
    services.wrap_up(actor=agent, now=NOW, call_id=call.pk, version=call.version, code="advice", note="问犹豫期")
    assert state() == AgentState.AVAILABLE
    contact = Touchpoint.objects.get()
    assert (contact.party_id, contact.channel, contact.duration_seconds, contact.summary) == (
        customer.pk, "phone", 90, "问犹豫期",
    )  # fmt: skip
    assert queries.current_call(agent) is None


def test_an_answer_that_is_told_after_the_end_does_not_keep_the_seat_busy(cast: Cast) -> None:
    agent = seated(cast)
    call = tell(event("ringing"), event("ended", at=98), event("answered", at=8))
    assert call.state == "ended" and Seat.objects.get().state == AgentState.AVAILABLE
    shown = queries.current_call(agent)
    assert shown is not None and shown.id == call.pk  # still to be written up


def test_who_lost_the_seat_and_sits_down_again_is_told_of_the_next_call(cast: Cast) -> None:
    next_shift = build.people.user(username="next", name="晚班", role=build.people.Role.CALL_AGENT, unit=cast.shanghai)
    agent, other = seated(cast), build.actor(next_shift)
    screens = Screens()
    screens._listener = threading.current_thread()  # nobody listens here: the numbers are handed over below
    for number in range(5):
        tell(event("ringing", at=number))
    hear(screens)
    services.sit_down(actor=other, now=NOW + timedelta(hours=8), extension="8001")
    services.sit_down(actor=agent, now=NOW + timedelta(hours=9), extension="8002")
    hear(screens)
    before = screens.number(cast.agent.pk.hex)
    tell(event("ringing", at=9, extension="8002"))
    hear(screens)
    assert screens.number(cast.agent.pk.hex) > before


def _second(cast: Cast) -> Actor:
    user = build.people.user(username="second", name="同事", role=build.people.Role.CALL_AGENT, unit=cast.shanghai)
    agent = build.actor(user)
    services.sit_down(actor=agent, now=NOW, extension="8002")
    return agent


def test_every_telephone_that_rings_shows_the_call_and_the_one_that_is_lifted_keeps_it(cast: Cast) -> None:
    one, two = seated(cast), _second(cast)
    pushed = dict(queries.pushed())
    call = tell(event("ringing"), event("ringing", at=1, extension="8002"))
    for agent in (one, two):
        shown = queries.current_call(agent)
        assert shown is not None and (shown.id, shown.state) == (call.pk, "ringing")
    tell(event("answered", at=5))
    first = queries.current_call(one)
    assert first is not None and first.state == "answered" and first.is_mine
    assert queries.current_call(two) is None and not Ring.objects.exists()
    now = dict(queries.pushed())
    assert all(now[key] >= pushed[key] + 2 for key in now), "both screens were told twice"
    assert Seat.objects.get(extension="8002").state == AgentState.AVAILABLE


def test_who_let_it_ring_sees_it_no_more(cast: Cast) -> None:
    one, two = seated(cast), _second(cast)
    tell(event("ringing"), event("unanswered", at=9), event("ringing", at=10, extension="8002"))
    assert queries.current_call(one) is None
    assert (shown := queries.current_call(two)) is not None and shown.state == "ringing" and shown.is_mine
    tell(event("ended", at=20))
    assert queries.current_call(two) is None


def test_a_call_whose_end_nobody_told_is_closed_and_says_so(cast: Cast) -> None:
    agent = seated(cast)
    tell(event("ringing"), event("answered", at=60))
    heard = NOW + timedelta(seconds=60)
    assert closing.close_lost(now=heard + timedelta(minutes=239)) == 0
    assert closing.close_lost(now=heard + timedelta(minutes=241)) == 1
    call = Call.objects.get()
    assert (call.state, call.ended_at, call.is_end_seen, call.ended_why) == ("ended", heard, False, "silent")
    assert Seat.objects.get().state == AgentState.WRAP_UP
    shown = queries.current_call(agent)
    assert shown is not None and shown.ended_why == "silent"
    # The end comes after all, and counts.
    call = tell(event("ended", at=16_000))
    assert (call.ended_at, call.is_end_seen, call.ended_why) == (NOW + timedelta(seconds=16_000), True, "")
    assert closing.close_lost(now=NOW + timedelta(days=9)) == 0


def hear(screens: Screens) -> None:
    for user_id, number in queries.pushed():
        screens.hear(f"{user_id.hex}:{number}")


def test_nobody_sees_or_writes_up_the_call_of_a_colleague(cast: Cast, client: Client) -> None:
    seated(cast)
    call = tell(event("ringing"), event("answered", at=1), event("ended", at=9))
    other = build.people.user(username="other", name="别人", role=build.people.Role.CALL_AGENT, unit=cast.shanghai)
    with pytest.raises(data.CallNotFound):
        services.wrap_up(actor=build.actor(other), now=NOW, call_id=call.pk, version=call.version, code="x", note="")
    client.force_login(other)
    values = {"code": "advice", "version": call.version}
    assert client.post(f"/desk/calls/{call.pk}/wrap-up/", values).status_code == 404
    client.force_login(cast.agent)
    assert client.post(f"/desk/calls/{call.pk}/wrap-up/", {}).status_code == 422
    assert client.post(f"/desk/calls/{call.pk}/wrap-up/", {**values, "party_ref": "C000-0000"}).status_code == 404
    assert client.post(f"/desk/calls/{call.pk}/wrap-up/", values).status_code == 302
    client.force_login(cast.manager)
    assert client.get("/desk/calls/").status_code == 403


def signed(body: bytes, *, secret: str, timestamp: int) -> dict[str, str]:
    made = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Anxin-System": "pbx", "X-Anxin-Timestamp": str(timestamp), "X-Anxin-Signature": made}


def test_only_signed_and_fresh_messages_are_taken(cast: Cast, client: Client) -> None:
    _, token = accounts.create_token(
        actor=build.actor(cast.administrator), now=clock.now(), user_id=cast.administrator.pk, name="pbx",
        codes=["desk.cti"], lifetime=timedelta(days=1),
    )  # fmt: skip
    seated(cast)
    body = json.dumps(
        {"event_id": "e1", "call_id": "c1", "kind": "ringing", "at": NOW.isoformat(), "extension": "8001"}
    ).encode()
    secret, moment = services.secret_of("pbx"), int(clock.now().timestamp())

    def send(headers: dict[str, str]) -> int:
        return client.post(
            "/api/v1/cti/events", body, content_type="application/json",
            headers={"Authorization": f"Bearer {token}", **headers},
        ).status_code  # fmt: skip

    assert send({}) == 422
    assert send(signed(body, secret="other", timestamp=moment)) == 422
    assert send(signed(body, secret=secret, timestamp=moment - 301)) == 422
    assert send(signed(body + b" ", secret=secret, timestamp=moment)) == 422
    assert Call.objects.count() == 0
    assert send(signed(body, secret=secret, timestamp=moment)) == 200
    assert send(signed(body, secret=secret, timestamp=moment)) == 200
    assert (Call.objects.count(), CallEvent.objects.count()) == (1, 1)
    with pytest.raises(NotPermitted):
        services.take_event(actor=build.actor(cast.agent), now=NOW, event=event("ringing"))


def test_erasing_a_person_leaves_the_figures_of_a_call(cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    agent = seated(cast)
    call = tell(event("ringing"), event("answered", at=1), event("ended", at=9))
    services.wrap_up(actor=agent, now=NOW, call_id=call.pk, version=call.version, code="advice", note="note")
    assert any(one.rows for one in holdings.export(customer.pk) if one.code == "calls")
    list(holdings.erase(customer.pk, Mode.ERASE, NOW))
    call.refresh_from_db()
    assert (call.number_sealed, call.note, call.party_id, call.state) == (None, "", None, "ended")


def test_a_screen_is_told_at_the_commit(cast: Cast) -> None:
    seated(cast)
    before = dict(queries.pushed())[cast.agent.pk]
    tell(event("ringing"))
    assert dict(queries.pushed())[cast.agent.pk] == before + 1


def test_the_panel_asks_as_much_for_much_that_is_open_as_for_little(cast: Cast, client: Client) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    agent = seated(cast)
    tell(event("ringing", menu=("2", "0")))
    client.force_login(cast.agent)
    client.get("/desk/calls/panel/")
    asked = []
    for round_ in range(2):
        for number in range(1 + 2 * round_):
            contracts.policy(holder=customer, policy_no=f"PDAA{round_}{number}", product_name="家用车商业险")
            new = data.NewTicket(type="query_policy", subject=f"查询{round_}{number}", party_ref=customer.ref)
            desk.open_ticket(actor=agent, now=clock.now(), new=new)
        with CaptureQueriesContext(connection) as queries_made:
            panel = client.get("/desk/calls/panel/").content.decode()
        asked.append(len(queries_made))
    assert asked[0] == asked[1] <= 23
    for number in range(4):
        contracts.policy(holder=customer, policy_no=f"PDAX{number}", product_name="意外险")
    assert "另有 3 张" in client.get("/desk/calls/panel/").content.decode()
    assert "转人工" in panel and "家用车商业险" in panel and "保单查询" in panel


def test_a_caller_whom_the_number_does_not_name_is_said_by_the_agent(cast: Cast, client: Client) -> None:
    several = [
        build.person(name=name, manager=cast.manager, unit=cast.pudong, mobile=NUMBER) for name in ("王一", "王二")
    ]
    build.person(name="李四", manager=cast.manager, unit=cast.pudong)
    agent = seated(cast)
    call = tell(event("answered"))
    client.force_login(cast.agent)
    url = f"/desk/calls/{call.pk}/caller/"
    assert {one.name for one in queries.callers(agent, call.pk)} == {"王一", "王二"}
    page = client.get(url, {"find": "李四"}).content.decode()
    assert "李四" in page and "王一" not in page
    assert "王二" not in client.get("/desk/calls/panel/").content.decode()
    before = Seat.objects.get().pushed
    assert client.post(url, {"ref": several[1].ref}, headers={"HX-Request": "true"}).status_code == 204
    assert Seat.objects.get().pushed == before + 1, "the screen is told"
    assert "王二" in client.get("/desk/calls/panel/").content.decode()
    client.force_login(build.user(role=Role.CALL_AGENT, unit=cast.pudong))
    assert client.post(url, {"ref": several[0].ref}).status_code == 404, "a colleague's call"


def test_what_a_call_is_for_decides_whether_it_may_be_made(cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)

    def why(purpose: str) -> str:
        return dialling.why_not(customer.pk, purpose, NOW)

    assert [why(one) for one in ("service", "renewal", "satisfaction", "sales")] == ["", "", "", "no_consent"]
    Consent.objects.create(
        party=customer, purpose="marketing", channel="phone", is_given=True, given_at=NOW - timedelta(days=9)
    )
    assert why("sales") == ""
    entry = AttentionEntry.objects.create(
        party=customer, kind="fraud", state="active", reason="x", from_date=NOW.date(), created_at=NOW
    )
    assert (why("sales"), why("claim")) == ("attention", "")
    AttentionEntry.objects.filter(pk=entry.pk).update(kind="care")
    assert why("sales") == "", "who only needs special care may be offered something"
    complaints.registered(complaints.desk(cast), party_ref=customer.ref)
    assert [why(one) for one in ("sales", "renewal", "care", "satisfaction", "claim", "complaint", "welcome")] == [
        "silence", "silence", "silence", "silence", "", "", "",
    ]  # fmt: skip
    Consent.objects.create(party=customer, purpose="service", channel="phone", is_given=False, given_at=NOW)
    assert why("service") == "refused"
    assert set(data.QUIET_PURPOSES) < set(data.CALL_PURPOSES)
