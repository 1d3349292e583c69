"""What leaves this room: contacts, tickets, and what may be permitted in it."""

from anxin.service.desk.data.calls import (
    AGENT_STATES,
    BadSignature,
    CallNotFound,
    CallView,
    CtiEvent,
    NobodyWaits,
    NumberNotFound,
    WaitingView,
)
from anxin.service.desk.data.contacts import CHANNELS, DIRECTIONS, RESULTS, STAGES, ContactNotFound, TouchpointItem
from anxin.service.desk.data.deeds import DEEDS as DEEDS
from anxin.service.desk.data.deeds import THINGS as THINGS
from anxin.service.desk.data.register import PERMISSIONS, PERSONAL_DATA
from anxin.service.desk.data.tickets import (
    ACTIONS,
    KINDS,
    OPEN_STATES,
    PRIORITIES,
    PROMISES,
    STATES,
    Action,
    Lane,
    MessageKind,
    NewTicket,
    PromiseKind,
    TicketFilter,
    TicketKind,
    TicketRow,
    TicketState,
)

__all__ = [
    "ACTIONS",
    "AGENT_STATES",
    "CHANNELS",
    "DIRECTIONS",
    "KINDS",
    "OPEN_STATES",
    "PERMISSIONS",
    "PERSONAL_DATA",
    "PRIORITIES",
    "PROMISES",
    "RESULTS",
    "STAGES",
    "STATES",
    "Action",
    "BadSignature",
    "CallNotFound",
    "CallView",
    "ContactNotFound",
    "CtiEvent",
    "Lane",
    "MessageKind",
    "NewTicket",
    "NobodyWaits",
    "NumberNotFound",
    "PromiseKind",
    "TicketFilter",
    "TicketKind",
    "TicketRow",
    "TicketState",
    "TouchpointItem",
    "WaitingView",
]
