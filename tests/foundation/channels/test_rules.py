"""What AMI and ARI tell of channels becomes what happened to calls: the same from both, however often it is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.foundation.channels.data import BadProtocol, CallNews, LiveChannel, Message
from anxin.foundation.channels.rules import ami, ami_events, ari_events, switchboard
from anxin.foundation.channels.rules.switchboard import Switchboard
from tests.calls import AGENT, CALL, NUMBER, ami_call, ari_call

T0 = datetime(2026, 10, 12, 1, tzinfo=UTC)
LATER = T0 + timedelta(hours=1)


def hear(events: Iterable[Message], board: Switchboard | None = None) -> list[CallNews]:
    board = board or Switchboard(r"\d{3,6}")
    apply = {True: ami_events.apply, False: ari_events.apply}
    return [news for one in events for news in apply["Event" in one](board, one, LATER)]


def told(news: Iterable[CallNews]) -> list[tuple[str, float]]:
    return [(str(one.kind), (one.at - T0).total_seconds()) for one in news]


WHOLE = [
    ("menu", 0), ("menu", 4), ("menu", 5), ("queued", 6), ("ringing", 8), ("answered", 15), ("recording", 16),
    ("ended", 105),
]  # fmt: skip


@pytest.mark.parametrize("events", [ami_call(T0), ari_call(T0)], ids=["ami", "ari"])
def test_a_call_is_told_the_same_by_both_protocols(events: dict[str, Message]) -> None:
    news = hear(events.values())
    assert told(news) == WHOLE
    assert {one.call_id for one in news} == {CALL} and {one.number for one in news} == {NUMBER}
    assert news[2].menu == ("2", "0") and news[3].queue == "claims"
    assert news[4].extension == "8001" and news[6].recording == "rec/2026/c12.wav"
    assert (news[-1].hold_seconds, news[-1].extension, news[-1].is_witnessed) == (12, "8001", True)


def test_keys_survive_a_restart_and_differ_between_happenings() -> None:
    first, second = hear(ami_call(T0).values()), hear(ami_call(T0).values())
    assert [one.key for one in first] == [one.key for one in second]
    assert len({one.key for one in first}) == len(first)
    assert all(len(one.key) <= 80 for one in first)


def test_what_is_told_twice_happens_once() -> None:
    events = [one for one in ami_call(T0).values() for _ in range(2)]
    assert told(hear(events)) == WHOLE


def test_a_colleague_who_takes_over_answers_too() -> None:
    events = ami_call(T0)
    other = {"Channel": "PJSIP/8002-0000002c", "Uniqueid": "x.1", "Linkedid": CALL}
    over = {**events["bridge"], **other}
    news = hear([*list(events.values())[:10], over, events["gone"]])
    assert [(one.kind, one.extension) for one in news][-3:] == [
        ("recording", "8001"), ("answered", "8002"), ("ended", "8002"),
    ]  # fmt: skip


@pytest.mark.parametrize("events", [ami_call(T0), ari_call(T0)], ids=["ami", "ari"])
def test_a_telephone_that_rings_no_more_is_told_and_the_one_that_was_lifted_is_not(events: dict[str, Message]) -> None:
    ended = {"DialStatus": "NOANSWER"} if "Event" in events["lifted"] else {"dialstatus": "NOANSWER"}
    news = hear([*list(events.values())[:6], {**events["lifted"], **ended}])
    assert [(one.kind, one.extension) for one in news][-2:] == [("ringing", "8001"), ("unanswered", "8001")]
    assert not [one for one in hear(events.values()) if one.kind == "unanswered"]


def test_queues_may_dial_by_local_channels() -> None:
    events = ami_call(T0)
    local = {**events["rings"], "DestChannel": "Local/8001@agents-00000003;1", "DestUniqueid": "l.1"}
    lifted = {**events["lifted"], "DestChannel": "Local/8001@agents-00000003;1", "DestUniqueid": "l.1"}
    news = hear([events["in"], local, events["rings"], lifted, events["lifted"], events["gone"]])
    assert [one.kind for one in news].count("answered") == 1
    assert {one.extension for one in news[1:]} == {"8001"}


def test_a_call_out_shows_whom_it_goes_to() -> None:
    own = {"Channel": "PJSIP/8001-0000002b", "CallerIDNum": "8001", "Uniqueid": "anxin-7", "Linkedid": "anxin-7"}
    trunk = {"DestChannel": "PJSIP/trunk-0000002c", "DestUniqueid": "t.1", "DestLinkedid": "anxin-7"}
    dialled = {"Event": "DialBegin", **own, **trunk, "DialString": f"{NUMBER}@trunk"}
    lifted = {"Event": "DialEnd", **own, **trunk, "DialStatus": "ANSWER"}
    news = hear([{"Event": "Newchannel", **own}, dialled, lifted, {"Event": "Hangup", **own}])
    assert [(one.kind, one.direction, one.number, one.extension) for one in news] == [
        (kind, "outbound", NUMBER, "8001") for kind in ("ringing", "answered", "ended")
    ]


def test_agents_who_call_each_other_are_nobodys_business() -> None:
    own = {"Channel": "PJSIP/8001-01", "CallerIDNum": "8001", "Uniqueid": "a.1", "Linkedid": "a.1"}
    to = {"DestChannel": "PJSIP/8002-02", "DestUniqueid": "a.2", "DestLinkedid": "a.1"}
    begin = {"Event": "DialBegin", **own, **to, "DialString": "8002"}
    events = [{"Event": "Newchannel", **own}, begin, {**begin, "Event": "DialEnd", "DialStatus": "ANSWER"}]
    assert hear([*events, {"Event": "Hangup", **own}]) == []


def test_a_call_that_is_gone_after_a_cut_ended_when_it_was_last_known() -> None:
    board = Switchboard(r"\d{3,6}")
    events = ami_call(T0)
    hear([events[name] for name in ("in", "queue", "rings", "lifted")], board)
    cut = T0 + timedelta(seconds=60)
    filed = {CALL: T0 + timedelta(seconds=15), "old.1": T0 + timedelta(seconds=90)}
    news = board.resync([], filed, now=LATER, lost_at=cut)
    assert [(one.call_id, one.kind, (one.at - T0).seconds, one.is_witnessed) for one in news] == [
        (CALL, "ended", 60, False), ("old.1", "ended", 90, False),
    ]  # fmt: skip
    assert board.resync([], {}, now=LATER, lost_at=cut) == []
    # After a restart nothing is known but what is filed.
    (again,) = Switchboard(r"\d+").resync([], {CALL: T0}, now=LATER, lost_at=None)
    assert (again.key, again.at) == (news[0].key, T0)


def test_a_call_that_went_on_during_a_cut_goes_on() -> None:
    board = Switchboard(r"\d{3,6}")
    hear([ami_call(T0)["in"]], board)
    live = [
        LiveChannel(id=CALL, name="PJSIP/trunk-1", call_id=CALL, number=NUMBER, is_up=True, bridge="b"),
        LiveChannel(id=AGENT, name="PJSIP/8001-1", call_id=CALL, is_up=True, bridge="b"),
        LiveChannel(id="n.1", name="PJSIP/trunk-2", call_id="n.1", number="13900000000"),
        LiveChannel(id="n.2", name="PJSIP/8002-1", call_id="n.1"),
    ]
    news = board.resync(live, {CALL: T0}, now=LATER, lost_at=T0)
    assert [(one.call_id, one.kind, one.extension) for one in news] == [
        ("n.1", "menu", ""), (CALL, "answered", "8001"), ("n.1", "ringing", "8002"),
    ]  # fmt: skip
    assert [one.kind for one in hear([ami_call(T0)["gone"]], board)] == ["ended"]
    # ARI does not say whose call a channel is; the bridge they share does.
    bare = [LiveChannel(id=one.id, name=one.name, number=one.number, is_up=True, bridge=one.bridge) for one in live[:2]]
    fresh = Switchboard(r"\d{3,6}").resync(bare, {}, now=LATER, lost_at=None)
    assert [(one.call_id, one.kind) for one in fresh] == [(CALL, "menu"), (CALL, "answered")]


def test_what_is_no_manager_is_refused() -> None:
    with pytest.raises(BadProtocol):
        ami.Reader().feed(b"HTTP/1.1 400 Bad Request\r\n")
    greeted = ami.Reader()
    assert greeted.feed(b"Asterisk Call Manager/5.0.2\r\n") == [] and greeted.greeting.endswith("5.0.2")
    with pytest.raises(BadProtocol):
        greeted.feed(b"x" * (ami.LONGEST_LINE + 1))


def test_a_value_cannot_smuggle_a_second_header() -> None:
    with pytest.raises(ValueError, match="line break"):
        ami.compose({"Action": "Originate", "Exten": "1\r\nAction: Command"})


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
HEADERS = st.dictionaries(TEXT.filter(lambda name: ":" not in name), TEXT, min_size=1, max_size=4)


@given(st.lists(HEADERS, max_size=4), st.integers(1, 9))
def test_messages_are_the_same_in_pieces_of_any_size(messages: list[dict[str, str]], size: int) -> None:
    data = b"Asterisk Call Manager/5.0.2\r\n" + b"".join(map(ami.compose, messages))
    reader = ami.Reader()
    found = [one for begin in range(0, len(data), size) for one in reader.feed(data[begin : begin + size])]
    assert found == messages


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("13800138000@trunk", "13800138000"), ("trunk/sip:13800138000@10.0.0.1", "13800138000"), ("8001", "8001"),
        ("gw/+8613800138000", "+8613800138000"), ("s@ivr", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_found_in_what_was_dialled(dialled: str, number: str) -> None:
    assert switchboard.number_in(dialled) == number
