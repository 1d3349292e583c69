"""What an Asterisk tells of a call from outside to the telephone of an agent, in both protocols."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

NUMBER = "13812348000"
CALL, AGENT = "1791770400.12", "1791770412.13"


def ami_call(at: datetime, *, call: str = CALL, agent: str = AGENT, number: str = NUMBER) -> dict[str, dict[str, str]]:
    """Events by what happens: in at 0 s, "2" at 4 s, queue at 6 s, rings at 8 s, answered at 15 s, over at 105 s."""
    caller = {"Channel": "PJSIP/trunk-0000002a", "CallerIDNum": number, "Uniqueid": call, "Linkedid": call}
    telephone = {"DestChannel": "PJSIP/8001-0000002b", "DestUniqueid": agent, "DestLinkedid": call}

    def event(name: str, seconds: float, **more: str) -> dict[str, str]:
        stamp = (at + timedelta(seconds=seconds)).timestamp()
        return {"Event": name, "Privilege": "call,all", "Timestamp": f"{stamp:.6f}", **more}

    own = {"Channel": "PJSIP/8001-0000002b", "Uniqueid": agent, "Linkedid": call}
    return {
        "in": event("Newchannel", 0, **caller, ChannelStateDesc="Ring", Exten="95518"),
        "key": event("UserEvent", 4, **caller, UserEvent="AnxinMenu", Choice="2"),
        "key 2": event("UserEvent", 5, **caller, UserEvent="AnxinMenu", Choice="0"),
        "queue": event("QueueCallerJoin", 6, **caller, Queue="claims", Position="1", Count="1"),
        "telephone": event("Newchannel", 8, **own, CallerIDNum="8001", ChannelStateDesc="Down"),
        "rings": event("DialBegin", 8, **caller, **telephone, DialString="8001/sip:8001@10.0.0.9"),
        "lifted": event("DialEnd", 15, **caller, **telephone, DialStatus="ANSWER"),
        "agent": event("AgentConnect", 15, **caller, **telephone, Queue="claims", HoldTime="9", RingTime="7"),
        "bridge": event("BridgeEnter", 15, **own, BridgeUniqueid="b1"),
        "file": event("VarSet", 16, **caller, Variable="MIXMONITOR_FILENAME", Value="rec/2026/c12.wav"),
        "hold": event("Hold", 40, **own), "unhold": event("Unhold", 52, **own),
        "telephone gone": event("Hangup", 105, **own, Cause="16"),
        "gone": event("Hangup", 105, **caller, Cause="16", **{"Cause-txt": "Normal Clearing"}),
    }  # fmt: skip


def ari_call(at: datetime, *, call: str = CALL, agent: str = AGENT, number: str = NUMBER) -> dict[str, dict[str, Any]]:
    """The same call through a Stasis application that dials and bridges."""
    caller = {"id": call, "name": "PJSIP/trunk-0000002a", "state": "Ring", "caller": {"number": number, "name": ""}}
    own = {"id": agent, "name": "PJSIP/8001-0000002b", "state": "Down", "caller": {"number": "8001", "name": ""}}

    def event(name: str, seconds: float, **more: Any) -> dict[str, Any]:
        moment = (at + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
        return {"type": name, "timestamp": moment, "application": "anxin", "asterisk_id": "02:42", **more}

    def key(choice: str) -> dict[str, Any]:
        return {"eventname": "AnxinMenu", "userevent": {"eventname": "AnxinMenu", "Choice": choice}}

    recording = {"name": "rec/2026/c12", "format": "wav", "state": "done", "target_uri": f"channel:{call}"}
    return {
        "in": event("ChannelCreated", 0, channel=caller),
        "key": event("ChannelUserevent", 4, channel=caller, **key("2")),
        "key 2": event("ChannelUserevent", 5, channel=caller, **key("0")),
        "queue": event("StasisStart", 6, channel=caller, args=["queue=claims"]),
        "telephone": event("ChannelCreated", 8, channel=own),
        "rings": event("Dial", 8, caller=caller, peer=own, dialstring="8001", dialstatus=""),
        "lifted": event("Dial", 15, caller=caller, peer=own, dialstring="8001", dialstatus="ANSWER"),
        "bridge": event("ChannelEnteredBridge", 15, bridge={"id": "b1", "channels": [call, agent]}, channel=own),
        "file": event("RecordingFinished", 16, recording=recording),
        "hold": event("ChannelHold", 40, channel=own), "unhold": event("ChannelUnhold", 52, channel=own),
        "telephone gone": event("ChannelDestroyed", 105, channel=own, cause=16),
        "gone": event("ChannelHangupRequest", 105, channel=caller, cause=16),
        "gone for good": event("ChannelDestroyed", 105.2, channel=caller, cause=16),
    }  # fmt: skip
