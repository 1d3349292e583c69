"""The line to an exchange over real sockets: signing in, storms, cuts, a database that is away, dialling."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from anxin.config import exchange as configured
from anxin.foundation.channels import services
from anxin.foundation.channels.data import (
    CallNews,
    DialRefused,
    DialUnsure,
    Exchange,
    LineDown,
    NotAdmitted,
    PauseRefused,
    Protocol,
)
from anxin.foundation.channels.rules.switchboard import Switchboard
from anxin.foundation.channels.services import bridge, dialling
from tests.calls import AGENT, CALL, NUMBER, ami_call, ari_call
from tests.exchanges import SECRET, USER, AmiPeer, AriPeer, Peer

T0 = datetime(2026, 10, 12, 1, tzinfo=UTC)
LATER = T0 + timedelta(hours=1)
PEERS: dict[Protocol, Callable[[], Any]] = {Protocol.AMI: AmiPeer, Protocol.ARI: AriPeer}
CALLS: dict[Protocol, Callable[..., dict[str, dict[str, Any]]]] = {Protocol.AMI: ami_call, Protocol.ARI: ari_call}
BOTH = pytest.mark.parametrize("protocol", list(Protocol))


@pytest.fixture
def peer(protocol: Protocol) -> Iterator[Any]:
    one = PEERS[protocol]()
    yield one
    one.close()


def to(peer: Any, protocol: Protocol, secret: str = SECRET) -> Exchange:
    return Exchange(protocol=protocol, host="127.0.0.1", port=peer.port, user=USER, secret=secret)


class Listener:
    """Takes news; `broken` times it says that the database is away."""

    def __init__(self, broken: int = 0) -> None:
        self.news: list[CallNews] = []
        self.changed = threading.Condition()
        self._broken = broken

    def take(self, one: CallNews) -> None:
        if self._broken:
            self._broken -= 1
            raise OperationalError
        with self.changed:
            self.news.append(one)
            self.changed.notify_all()

    def until(self, count: int) -> list[CallNews]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.news) >= count, 10), self.news
        return self.news

    def kinds(self) -> list[str]:
        return [str(one.kind) for one in self.news]


@contextmanager
def running(
    where: Exchange, listener: Listener, filed: Callable[[], dict[str, datetime]] = dict, wait: float = 0.05
) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=bridge.run, args=(where,),
        kwargs={"take": listener.take, "open_calls": filed, "now": lambda: LATER, "stop": stop, "first_wait": wait},
    )  # fmt: skip
    thread.start()
    try:
        yield
    finally:
        stop.set()
        began = time.monotonic()
        thread.join(10)
        assert not thread.is_alive() and time.monotonic() - began < 3, "the bridge did not stop"


def signed_in(peer: Peer, times: int = 1) -> None:
    peer.until(lambda: peer.sign_ins >= times and bool(peer.listeners))


@BOTH
def test_a_whole_call_comes_through(peer: Any, protocol: Protocol) -> None:
    listener = Listener()
    with running(to(peer, protocol), listener):
        signed_in(peer)
        peer.tell(*CALLS[protocol](T0).values())
        listener.until(8)
    assert listener.kinds() == ["menu"] * 3 + ["queued", "ringing", "answered", "recording", "ended"]


@BOTH
def test_after_a_cut_the_call_that_ended_meanwhile_is_ended(peer: Any, protocol: Protocol) -> None:
    listener = Listener()
    events = CALLS[protocol](T0)
    with running(to(peer, protocol), listener):
        signed_in(peer)
        peer.tell(*[events[name] for name in ("in", "queue", "telephone", "rings", "lifted")])
        listener.until(4)
        peer.cut()
        (*_, end) = listener.until(5)
        assert (end.kind, end.call_id, end.is_witnessed) == ("ended", CALL, False)
        signed_in(peer, 2)
        peer.tell(*CALLS[protocol](T0, call="2.1", agent="2.2").values())
        listener.until(13)
    assert [one.kind for one in listener.news if one.call_id == "2.1"][-1] == "ended"


@BOTH
def test_a_call_filed_while_the_exchange_is_asked_what_goes_on_is_not_ended(peer: Any, protocol: Protocol) -> None:
    def filed() -> dict[str, datetime]:
        time.sleep(0.05)  # for the exchange to note that it was asked
        return {"9.1": T0} if peer.sign_ins else {}

    listener = Listener()
    with running(to(peer, protocol), listener, filed):
        signed_in(peer)
        peer.tell(*CALLS[protocol](T0).values())
        listener.until(8)
    assert {one.call_id for one in listener.news} == {CALL}


@BOTH
def test_what_went_on_during_a_cut_goes_on(peer: Any, protocol: Protocol) -> None:
    listener = Listener()
    events = CALLS[protocol](T0)
    with running(to(peer, protocol), listener):
        signed_in(peer)
        peer.tell(events["in"])
        listener.until(1)
        if protocol is Protocol.AMI:
            common = {"Linkedid": CALL, "ChannelStateDesc": "Up", "BridgeId": "b1"}
            peer.channels = [
                {"Channel": "PJSIP/trunk-2a", "Uniqueid": CALL, "CallerIDNum": NUMBER, **common},
                {"Channel": "PJSIP/8001-2b", "Uniqueid": AGENT, "CallerIDNum": "8001", **common},
            ]
        else:
            peer.channels = [
                {"id": CALL, "name": "PJSIP/trunk-2a", "state": "Up", "caller": {"number": NUMBER}},
                {"id": AGENT, "name": "PJSIP/8001-2b", "state": "Up", "caller": {"number": "8001"}},
            ]
            peer.bridges = [{"id": "b1", "channels": [CALL, AGENT]}]
        peer.cut()
        assert [one.kind for one in listener.until(2)] == ["menu", "answered"]
        signed_in(peer, 2)
        peer.tell(events["gone"])
        listener.until(3)
    assert (listener.news[1].extension, listener.news[2].is_witnessed) == ("8001", True)


@pytest.mark.parametrize("protocol", [Protocol.AMI])
def test_a_storm_in_torn_pieces_loses_nothing_while_the_database_is_away(peer: AmiPeer, protocol: Protocol) -> None:
    listener = Listener(broken=2)
    noise = [{"Event": "RTCPSent", "Channel": f"PJSIP/x-{number}", "SSRC": "0x1"} for number in range(2_000)]
    with running(to(peer, protocol), listener):
        signed_in(peer)
        for number in range(50):
            peer.tell(
                *noise[number * 40 : number * 40 + 40], *ami_call(T0, call=f"{number}.1", agent=f"{number}.2").values()
            )
        peer.tell(*ami_call(T0, call="last.1", agent="last.2").values(), size=7)
        listener.until(51 * 8)
    calls: dict[str, list[str]] = {}
    for one in listener.news:
        calls.setdefault(one.call_id, []).append(str(one.kind))
    assert len(calls) == 51 and all(len(kinds) == 8 and kinds[-1] == "ended" for kinds in calls.values())


@BOTH
def test_what_cannot_be_read_or_filed_is_told_and_the_calls_after_it_come_through(
    peer: Any, protocol: Protocol, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener()

    def take(one: CallNews) -> None:
        if one.call_id == "bad.1":
            raise KeyError("of the one who files")
        Listener.take(listener, one)

    def queued(self: Switchboard, call_id: str, queue: str, at: datetime) -> list[CallNews]:
        if call_id == "odd.1":
            raise TypeError("of the one who reads")
        return was(self, call_id, queue, at)

    was = Switchboard.queued
    monkeypatch.setattr(Switchboard, "queued", queued)
    monkeypatch.setattr(listener, "take", take)
    with running(to(peer, protocol), listener):
        signed_in(peer)
        for call in ("bad", "odd", "good"):
            peer.tell(*CALLS[protocol](T0, call=f"{call}.1", agent=f"{call}.2").values())
        listener.until(15)
    assert [one.call_id for one in listener.news].count("good.1") == 8
    assert "could not be filed" in caplog.text and "could not be read" in caplog.text


@pytest.mark.parametrize("protocol", [Protocol.AMI])
def test_a_bridge_that_ends_by_itself_ends_whole(peer: AmiPeer, protocol: Protocol) -> None:
    def broken() -> dict[str, datetime]:
        raise KeyError("open calls")

    with pytest.raises(KeyError):
        bridge.run(
            to(peer, protocol), take=Listener().take, open_calls=broken, now=lambda: LATER, stop=threading.Event()
        )
    assert "calls" not in {one.name for one in threading.enumerate()}


@BOTH
def test_a_wrong_secret_is_told_and_never_written_down(
    peer: Any, protocol: Protocol, caplog: pytest.LogCaptureFixture
) -> None:
    where = to(peer, protocol, secret="wrong secret")
    assert "wrong secret" not in repr(where)
    line = bridge.line_to(where)
    with pytest.raises(NotAdmitted):
        line.open()
    line.close()
    with running(where, Listener()):
        peer_knows = threading.Event()
        peer_knows.wait(0.3)
    assert "does not take this user" in caplog.text and "wrong secret" not in caplog.text
    assert not any("wrong secret" in str(one) or SECRET in str(one) for one in peer.asked)


@BOTH
def test_an_exchange_that_comes_later_is_found(protocol: Protocol, caplog: pytest.LogCaptureFixture) -> None:
    absent = PEERS[protocol]()
    absent.close()
    listener = Listener()
    where = to(absent, protocol)
    with running(where, listener, wait=0.02):
        threading.Event().wait(0.2)
    assert "Trying again" in caplog.text and listener.news == []


@pytest.mark.parametrize("protocol", [Protocol.AMI])
def test_a_silent_exchange_is_pinged_and_then_given_up(
    peer: AmiPeer, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anxin.foundation.channels.services import ami

    monkeypatch.setattr(ami, "PING_EVERY", 0.05)
    line = ami.AmiLine(to(peer, protocol))
    line.open()
    for _ in range(4):
        line.receive(0.06)
    peer.until(lambda: any(one.get("Action") == "Ping" for one in peer.asked))
    monkeypatch.setattr(ami, "PING_EVERY", 60)
    monkeypatch.setattr(ami, "SILENT", 0.05)
    with pytest.raises(LineDown, match="silent"):
        [line.receive(0.06) for _ in range(4)]
    line.close()


@BOTH
def test_the_exchange_is_asked_to_dial(peer: Any, protocol: Protocol) -> None:
    where = to(peer, protocol)
    services.dial(where, extension="8001", number=NUMBER, call_id="anxin-1")
    (asked,) = [one for one in peer.asked if one["Action"] in {"Originate", "/ari/channels"}]
    names = {"Channel": "ChannelId", "endpoint": "channelId"}
    (where_to,) = names.keys() & asked.keys()
    assert (asked[where_to], asked[names[where_to]]) == ("PJSIP/8001", "anxin-1")
    assert asked.get("Exten", asked.get("extension")) == NUMBER
    peer.refuses = True
    with pytest.raises(DialRefused):
        services.dial(where, extension="8001", number=NUMBER, call_id="anxin-2")
    for extension, number in (("8001\r\nAction: Command", NUMBER), ("8001", "1;x"), ("", NUMBER)):
        with pytest.raises(DialRefused):
            services.dial(where, extension=extension, number=number, call_id="anxin-3")
    peer.close()
    with pytest.raises(LineDown):
        services.dial(where, extension="8001", number=NUMBER, call_id="anxin-4")


@BOTH
def test_an_exchange_that_does_not_answer_in_time_may_have_dialled(
    peer: Any, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialling, "PATIENCE", 0.6)
    peer.is_mute = True
    with pytest.raises(DialUnsure):
        services.dial(to(peer, protocol), extension="8001", number=NUMBER, call_id="anxin-1")
    assert len(peer.asked) >= 1
    peer.close()
    with pytest.raises(LineDown) as error:
        services.dial(to(peer, protocol), extension="8001", number=NUMBER, call_id="anxin-2")
    assert not isinstance(error.value, DialUnsure)


@pytest.mark.parametrize("protocol", [Protocol.AMI])
def test_the_queues_are_asked_to_leave_an_agent_alone(peer: Any, protocol: Protocol) -> None:
    where = to(peer, protocol)
    for is_paused in (True, False):
        services.pause(where, extension="8001", is_paused=is_paused, reason="break")
    asked = [one for one in peer.asked if one["Action"] == "QueuePause"]
    assert [(one["Interface"], one["Paused"], one["Reason"]) for one in asked] == [
        ("PJSIP/8001", "true", "break"), ("PJSIP/8001", "false", "break"),
    ]  # fmt: skip
    peer.refuses = True
    with pytest.raises(PauseRefused):
        services.pause(where, extension="8001", is_paused=True)


def test_the_address_of_the_exchange_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANXIN_TELEPHONE_URL", raising=False)
    assert configured.from_environment() is None
    monkeypatch.setenv("ANXIN_TELEPHONE_URL", "ari+https://anxin:p%40ss@pbx.example/?seats=8%5Cd%7B3%7D&application=a")
    found = configured.from_environment()
    assert found is not None
    assert (found.protocol, found.port, found.is_tls, found.secret) == (Protocol.ARI, 8089, True, "p@ss")
    assert (found.seats, found.application) == (r"8\d{3}", "a")
    for bad in ("sip://a:hidden1@b", "ami://host", "ami://a:hidden1@b?colour=red", "ami://a:hidden1@b?seats=("):
        monkeypatch.setenv("ANXIN_TELEPHONE_URL", bad)
        with pytest.raises(Exception, match="must look like") as error:
            configured.from_environment()
        assert "hidden1" not in str(error.value)
