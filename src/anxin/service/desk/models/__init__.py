from anxin.service.desk.models.calls import Call, CallEvent, Ring, Seat, SeatSpell
from anxin.service.desk.models.counters import CounterDay, CounterOutlet, CounterTicket, CounterWindow, DutyRecord
from anxin.service.desk.models.macros import Macro
from anxin.service.desk.models.promises import Promise
from anxin.service.desk.models.staff import Presence, Profile
from anxin.service.desk.models.tickets import (
    Series,
    Ticket,
    TicketFile,
    TicketMessage,
    TicketMove,
    TicketTag,
    Watcher,
)
from anxin.service.desk.models.touchpoints import Touchpoint, TouchpointFile

__all__ = [
    "Call",
    "CallEvent",
    "CounterDay",
    "CounterOutlet",
    "CounterTicket",
    "CounterWindow",
    "DutyRecord",
    "Macro",
    "Presence",
    "Profile",
    "Promise",
    "Ring",
    "Seat",
    "SeatSpell",
    "Series",
    "Ticket",
    "TicketFile",
    "TicketMessage",
    "TicketMove",
    "TicketTag",
    "Touchpoint",
    "TouchpointFile",
    "Watcher",
]
