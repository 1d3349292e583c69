"""Tickets as they leave the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.words import mark as _


class TicketKind(StrEnum):
    """What a customer comes for, on the top level; types are below."""

    CONSULT = "consult"
    CLAIM_REPORT = "claim_report"
    ENDORSEMENT = "endorsement"
    QUERY = "query"
    SUGGESTION = "suggestion"
    OBJECTION = "objection"
    PICK_UP = "pick_up"
    SERVICE = "service"


class TicketState(StrEnum):
    NEW = "new"
    WORKING = "working"
    WAITING = "waiting"  # for the customer: the promises stand still
    REFERRED = "referred"  # with another department: the promises run
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Action(StrEnum):
    OPEN = "open"
    TAKE = "take"
    ASK = "ask"
    REFER = "refer"
    RESUME = "resume"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    HAND_OVER = "hand_over"
    RETURN = "return"


class MessageKind(StrEnum):
    FROM_CUSTOMER = "in"
    TO_CUSTOMER = "out"
    NOTE = "note"  # for colleagues only


class PromiseKind(StrEnum):
    ANSWER = "answer"  # first answer, by the sunset rule
    RESOLVE = "resolve"  # standard time of the type
    CUSTOMER = "customer"  # the time somebody promised to this customer
    CYCLE = "cycle"  # green channel for claims


class Lane(StrEnum):
    """Parts of the inbox."""

    MINE = "mine"
    CUSTOMERS = "customers"  # of the customers one manages
    WATCHED = "watched"
    QUEUE = "queue"  # nobody's yet
    REACH = "reach"
    DONE = "done"


OPEN_STATES: Final = (TicketState.NEW, TicketState.WORKING, TicketState.WAITING, TicketState.REFERRED)

KINDS: Final = {
    TicketKind.CONSULT: (_("Consultation"), "message-2"),
    TicketKind.CLAIM_REPORT: (_("Claim report"), "alert-octagon"),
    TicketKind.ENDORSEMENT: (_("Policy change"), "file-text"),
    TicketKind.QUERY: (_("Query"), "search"),
    TicketKind.SUGGESTION: (_("Suggestion"), "sparkles"),
    TicketKind.OBJECTION: (_("Objection"), "message-report"),
    TicketKind.PICK_UP: (_("Pick-up of documents"), "map-pin"),
    TicketKind.SERVICE: (_("Service request"), "ticket"),
}
STATES: Final = {
    TicketState.NEW: (_("To be taken"), "warn"),
    TicketState.WORKING: (_("In progress"), "info"),
    TicketState.WAITING: (_("Waiting for the customer"), ""),
    TicketState.REFERRED: (_("With another department"), "vio"),
    TicketState.RESOLVED: (_("Resolved"), "ok"),
    TicketState.CLOSED: (_("Case closed"), "ok"),
    TicketState.WITHDRAWN: (_("Taken back"), ""),
    TicketState.MERGED: (_("Merged into another"), ""),
}
ACTIONS: Final = {
    Action.OPEN: _("Ticket opened"),
    Action.TAKE: _("Take the ticket"),
    Action.ASK: _("Ask the customer"),
    Action.REFER: _("Refer to another department"),
    Action.RESUME: _("Go on"),
    Action.RESOLVE: _("Resolve"),
    Action.CLOSE: _("Close the case"),
    Action.REOPEN: _("Reopen"),
    Action.WITHDRAW: _("Withdraw the ticket"),
    Action.MERGE: _("Merge tickets"),
    Action.HAND_OVER: _("Hand over"),
    Action.RETURN: _("Return to the queue"),
}
PROMISES: Final = {
    PromiseKind.ANSWER: _("First answer"),
    PromiseKind.RESOLVE: _("Standard time"),
    PromiseKind.CUSTOMER: _("Promised to the customer"),
    PromiseKind.CYCLE: _("Green channel"),
}
PRIORITIES: Final = {1: _("Urgent"), 2: _("High"), 3: _("Ordinary"), 4: _("Low")}


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """What is known of a request when it comes in. `answers`: field code of the type → value."""

    type: str
    subject: str
    body: str = ""
    channel: str = "phone"
    party_ref: str = ""
    policy_no: str = ""
    language: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    priority: int | None = None
    promised_at: datetime | None = None
    amount_fen: int | None = None
    parent: str = ""
    take: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketFilter:
    lane: Lane = Lane.MINE
    queue: str = ""
    kinds: tuple[TicketKind, ...] = ()
    states: tuple[TicketState, ...] = ()
    is_late: bool = False
    tag: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    """One line of the inbox."""

    id: UUID
    number: str
    kind: TicketKind
    type: str
    subject: str
    queue: str
    channel: str
    priority: int
    state: TicketState
    is_green: bool
    party_ref: str
    party_name: str
    tier: str
    policy_no: str
    owner_id: UUID | None
    owner_name: str
    opened_at: datetime
    due_at: datetime
    amber_at: datetime
    ended_at: datetime | None
    version: int

    @property
    def total_seconds(self) -> int:
        return max(int((self.due_at - self.opened_at).total_seconds()), 60)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None
