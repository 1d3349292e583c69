"""What leaves this room: contacts, tickets, and what may be permitted in it."""

from anxin.service.desk.data.contacts import CHANNELS, DIRECTIONS, RESULTS, TouchpointItem
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
    "CHANNELS",
    "DIRECTIONS",
    "KINDS",
    "OPEN_STATES",
    "PERMISSIONS",
    "PERSONAL_DATA",
    "PRIORITIES",
    "PROMISES",
    "RESULTS",
    "STATES",
    "Action",
    "Lane",
    "MessageKind",
    "NewTicket",
    "PromiseKind",
    "TicketFilter",
    "TicketKind",
    "TicketRow",
    "TicketState",
    "TouchpointItem",
]
