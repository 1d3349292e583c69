from anxin.service.desk.models.calls import Call, CallEvent, Seat
from anxin.service.desk.models.counters import CounterDay, CounterTicket
from anxin.service.desk.models.promises import Promise
from anxin.service.desk.models.staff import Presence, Profile
from anxin.service.desk.models.tickets import Series, Ticket, TicketFile, TicketMessage, TicketMove, Watcher
from anxin.service.desk.models.touchpoints import Touchpoint

__all__ = [
    "Call",
    "CallEvent",
    "CounterDay",
    "CounterTicket",
    "Presence",
    "Profile",
    "Promise",
    "Seat",
    "Series",
    "Ticket",
    "TicketFile",
    "TicketMessage",
    "TicketMove",
    "Touchpoint",
    "Watcher",
]
