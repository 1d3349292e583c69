"""From the wire of an exchange to the row of a call: the same as by the webhook; and calling out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anxin.book.customers.models import Consent
from anxin.config.commands.telephone import _file
from anxin.foundation.channels.data import Exchange, Protocol
from anxin.foundation.channels.rules import switchboard
from anxin.foundation.channels.services import bridge
from anxin.foundation.channels.services import dialling as exchange_dialling
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.desk.data import CtiEvent, NoTelephone, NotToBeCalled
from anxin.service.desk.models import Call, CallEvent
from anxin.service.desk.queries import calls
from anxin.service.desk.rules.telephony import AgentState
from anxin.service.desk.services import closing, dialling, telephony
from tests import build, outbox
from tests.build import NOW, Cast
from tests.calls import CALL, NUMBER, ami_call, ari_call
from tests.exchanges import SECRET, USER, AmiPeer, AriPeer

PEERS: dict[Protocol, Callable[[], Any]] = {Protocol.AMI: AmiPeer, Protocol.ARI: AriPeer}
EVENTS: dict[Protocol, Callable[..., dict[str, Any]]] = {Protocol.AMI: ami_call, Protocol.ARI: ari_call}
BOTH = pytest.mark.parametrize("protocol", list(Protocol))
SAME = (
    "direction", "party_id", "agent_id", "menu", "queue", "wanted_human", "state", "rang_at", "asked_at", "answered_at",
    "ended_at", "is_end_seen", "hold_seconds", "recording",
)  # fmt: skip


@pytest.fixture
def peer(protocol: Protocol) -> Iterator[Any]:
    one = PEERS[protocol]()
    yield one
    one.close()


def to(peer: Any, protocol: Protocol) -> Exchange:
    return Exchange(protocol=protocol, host="127.0.0.1", port=peer.port, user=USER, secret=SECRET)


@contextmanager
def bridged(where: Exchange, count: int = 1) -> Iterator[None]:
    """So many bridges at once: on two machines, say."""
    stop = threading.Event()
    threads = [
        threading.Thread(
            target=bridge.run, args=(where,),
            kwargs={
                "take": lambda news: _file(news, where.system), "now": lambda: NOW + timedelta(seconds=120),
                "open_calls": lambda: calls.open_calls(where.system), "stop": stop, "first_wait": 0.05,
            },
        )
        for _number in range(count)
    ]  # fmt: skip
    for one in threads:
        one.start()
    try:
        yield
    finally:
        stop.set()
        for one in threads:
            one.join(10)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < deadline, list(Call.objects.values())
        time.sleep(0.02)


def by_webhook(system: str) -> None:
    """What an exchange that sends its messages itself would tell of the same call."""
    told: list[tuple[str, float, dict[str, Any]]] = [
        ("menu", 0, {}), ("menu", 4, {"menu": ("2",)}), ("menu", 5, {"menu": ("2", "0")}),
        ("queued", 6, {"queue": "claims"}), ("ringing", 8, {"extension": "8001"}),
        ("answered", 15, {"extension": "8001"}), ("recording", 16, {"recording": "rec/2026/c12.wav"}),
        ("ended", 105, {"hold_seconds": 12}),
    ]  # fmt: skip
    for number, (kind, at, more) in enumerate(told):
        moment = NOW + timedelta(seconds=at)
        values = {"number": NUMBER, "event_id": str(number), "call_id": CALL, **more}
        telephony.take_event(
            actor=Actor.system("x"), now=moment, event=CtiEvent(system=system, kind=kind, at=moment, **values)
        )


def seated(cast: Cast) -> Actor:
    agent = build.actor(cast.agent)
    telephony.sit_down(actor=agent, now=NOW, extension="8001")
    return agent


@BOTH
@pytest.mark.django_db(transaction=True)
def test_a_call_over_the_wire_is_the_call_of_the_webhook(peer: Any, protocol: Protocol) -> None:
    cast = build.make_cast()
    build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    seated(cast)
    # Two bridges hear everything: each happening counts once.
    with bridged(to(peer, protocol), count=2):
        peer.until(lambda: len(peer.listeners) == 2 and peer.sign_ins >= 2)
        peer.tell(*EVENTS[protocol](NOW).values())
        until(lambda: CallEvent.objects.count() == 8 and Call.objects.filter(state="ended").exists())
    assert CallEvent.objects.count() == 8
    by_webhook("other")
    wire, webhook = Call.objects.get(system="asterisk"), Call.objects.get(system="other")
    assert {name: getattr(wire, name) for name in SAME} == {name: getattr(webhook, name) for name in SAME}
    assert wire.party_id is not None and wire.agent_id == cast.agent.pk and wire.menu == ["2", "0"]


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [Protocol.AMI])
@pytest.mark.django_db(transaction=True)
def test_without_the_key_of_a_happening_two_bridges_count_it_twice(
    peer: Any, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(switchboard, "key_of", lambda *_what: uuid4().hex)
    seated(build.make_cast())
    with bridged(to(peer, protocol), count=2):
        peer.until(lambda: len(peer.listeners) == 2 and peer.sign_ins >= 2)
        peer.tell(*EVENTS[protocol](NOW).values())
        until(lambda: CallEvent.objects.count() == 16)


@pytest.mark.parametrize("protocol", [Protocol.AMI])
def test_an_agent_on_a_break_is_paused_in_the_queues_and_taken_back(
    peer: Any, protocol: Protocol, cast: Cast, settings: Any
) -> None:
    settings.TELEPHONE = to(peer, protocol)
    agent = seated(cast)

    def told() -> list[tuple[str, str, str]]:
        peer.asked.clear()
        outbox.deliver()
        return [(one["Interface"], one["Paused"], one["Reason"]) for one in peer.asked if one["Action"] == "QueuePause"]

    assert told() == [("PJSIP/8001", "false", "available")]
    telephony.set_state(actor=agent, now=NOW, state=AgentState.BREAK)
    assert told() == [("PJSIP/8001", "true", "break")]
    telephony.set_state(actor=agent, now=NOW, state=AgentState.AVAILABLE)
    assert told() == [("PJSIP/8001", "false", "available")]
    # Another telephone: nobody sits at the one that was left.
    telephony.sit_down(actor=agent, now=NOW, extension="8002")
    assert sorted(told()) == [("PJSIP/8001", "true", ""), ("PJSIP/8002", "false", "available")]
    peer.refuses = True
    telephony.set_state(actor=agent, now=NOW, state=AgentState.OFFLINE)
    assert told() == [("PJSIP/8002", "true", "offline")], "in no queue: told, and not told again"


@pytest.mark.parametrize("protocol", [Protocol.AMI])
def test_a_dial_that_was_taken_late_is_the_call_the_exchange_tells_of(
    peer: Any, protocol: Protocol, cast: Cast, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEPHONE = to(peer, protocol)
    monkeypatch.setattr(exchange_dialling, "PATIENCE", 0.6)
    peer.is_mute = True
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    seated(cast)
    client.force_login(cast.agent)
    for _time in range(2):
        client.post(f"/desk/of/{customer.ref}/call/", {"purpose": "service"}, headers={"HX-Request": "true"})
    heard, unheard = Call.objects.order_by("pk")
    assert {heard.state, unheard.state} == {"ringing"}
    at = heard.rang_at + timedelta(seconds=8)
    event = CtiEvent(
        system="asterisk", event_id="a", call_id=heard.external_id, kind="answered", at=at, direction="outbound",
        extension="8001",
    )  # fmt: skip
    telephony.take_event(actor=Actor.system("x"), now=at, event=event)
    assert closing.close_lost(now=heard.rang_at + timedelta(minutes=3)) == 1
    heard.refresh_from_db()
    unheard.refresh_from_db()
    assert (heard.state, unheard.state, unheard.ended_why) == ("answered", "ended", "undialled")


@BOTH
@pytest.mark.django_db(transaction=True)
def test_a_call_cut_off_in_the_middle_is_ended_and_the_seat_is_free(peer: Any, protocol: Protocol) -> None:
    cast = build.make_cast()
    agent = seated(cast)
    events = EVENTS[protocol](NOW)
    with bridged(to(peer, protocol)):
        peer.until(lambda: peer.sign_ins == 1 and bool(peer.listeners))
        peer.tell(*[events[name] for name in ("in", "queue", "telephone", "rings", "lifted")])
        until(lambda: Call.objects.filter(state="answered").exists())
        peer.cut()
        until(lambda: Call.objects.filter(state="ended").exists())
    call = Call.objects.get()
    assert not call.is_end_seen and call.ended_at is not None and call.ended_at >= NOW + timedelta(seconds=15)
    seat = calls.seat_of(agent)
    assert seat is not None and seat.state == "wrap_up"
    assert calls.open_calls("asterisk") == {}


@BOTH
def test_a_customer_is_called_by_one_press(
    peer: Any, protocol: Protocol, cast: Cast, client: Client, settings: Any
) -> None:
    settings.TELEPHONE = to(peer, protocol)
    customer = build.person(manager=cast.manager, unit=cast.pudong, mobile=NUMBER)
    client.force_login(cast.agent)
    url = f"/desk/of/{customer.ref}/call/"
    assert client.get(url).status_code == 200
    service = {"purpose": "service"}
    client.post(url, service, headers={"HX-Request": "true"})
    assert Call.objects.count() == 0, "nobody sits there"
    agent = seated(cast)
    answer = client.post(url, {"purpose": "sales"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and Call.objects.count() == 0, "the customer has not agreed to sales calls"
    answer = client.post(url, service, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and NUMBER not in answer.content.decode() + str(answer.headers)
    call = Call.objects.get()
    assert (call.direction, call.party_id, call.agent_id) == ("outbound", customer.pk, cast.agent.pk)
    assert call.purpose == "service"
    (asked,) = [one for one in peer.asked if one.get("Action") in {"Originate", "/ari/channels"}]
    assert {f"anxin-{call.pk.hex}", NUMBER, "PJSIP/8001"} <= set(asked.values())
    peer.refuses = True
    client.post(f"/desk/calls/{call.pk}/back/")
    assert Call.objects.exclude(pk=call.pk).get().state == "ended"
    Consent.objects.create(party=customer, purpose="service", channel="phone", is_given=False, given_at=clock.now())
    with pytest.raises(NotToBeCalled):
        dialling.call_customer(actor=agent, now=clock.now(), ref=customer.ref)
    settings.TELEPHONE = None
    Consent.objects.all().delete()
    with pytest.raises(NoTelephone):
        dialling.call_customer(actor=agent, now=clock.now(), ref=customer.ref)
    client.force_login(cast.manager)
    assert client.post(url).status_code == 403
