"""Calls and counters as others see them, and what may be permitted with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

CALL_PERMISSIONS: Final[tuple[Permission, ...]] = (
    Permission(code="desk.calls", label=_("Take calls"), defaults={Role.CALL_AGENT: Scope.OWN}),
    Permission(
        code="desk.profiles", label=_("Set what agents are given"),
        defaults={Role.TEAM_LEAD: Scope.TEAM, Role.BRANCH_MANAGER: Scope.UNIT, Role.HEAD_OFFICE: Scope.ALL},
    ),
    Permission(
        code="desk.cti", label=_("Send events of the telephone system"), defaults={Role.ADMINISTRATOR: Scope.ALL}
    ),
    Permission(
        code="desk.lobby", label=_("Lead the lobby: windows, mode of the outlet"),
        defaults={Role.LOBBY_MANAGER: Scope.UNIT, Role.BRANCH_MANAGER: Scope.UNIT},
    ),
    Permission(
        code="desk.counter", label=_("Serve at the counter"),
        defaults={
            Role.COUNTER_STAFF: Scope.UNIT, Role.LOBBY_MANAGER: Scope.UNIT, Role.BRANCH_MANAGER: Scope.UNIT,
        },
    ),
)  # fmt: skip
CALL_COLUMNS: Final[dict[str, PersonalData]] = {
    "Seat.extension": NOT_PERSONAL,
    "Seat.state": NOT_PERSONAL,
    "SeatSpell.state": NOT_PERSONAL,
    "SeatSpell.source": NOT_PERSONAL,
    "SeatSpell.source_key": NOT_PERSONAL,
    "SeatSpell.digest": NOT_PERSONAL,
    "Call.system": NOT_PERSONAL,
    "Call.external_id": NOT_PERSONAL,
    "Call.direction": NOT_PERSONAL,
    "Call.purpose": NOT_PERSONAL,
    "Call.digest": NOT_PERSONAL,
    "Call.number_sealed": PersonalData(Kind.MOBILE, Protection.ENCRYPTED),
    "Call.menu": NOT_PERSONAL,
    "Call.queue": NOT_PERSONAL,
    "Call.state": NOT_PERSONAL,
    "Call.ended_why": NOT_PERSONAL,
    "Call.recording": NOT_PERSONAL,
    "Call.wrap_code": NOT_PERSONAL,
    "Call.note": PersonalData(Kind.FREE_TEXT),
    "CallEvent.system": NOT_PERSONAL,
    "CallEvent.event_id": NOT_PERSONAL,
    "CallEvent.kind": NOT_PERSONAL,
    "CounterTicket.series": NOT_PERSONAL,
    "CounterTicket.business": NOT_PERSONAL,
    "CounterTicket.state": NOT_PERSONAL,
    "CounterTicket.window": NOT_PERSONAL,
    "CounterDay.series": NOT_PERSONAL,
}
# What a call of ours is for. Who is left in peace, or agreed to nothing, is still called about what they have with us.
CALL_PURPOSES: Final = {
    "service": _("Service"),
    "claim": _("Claim at work"),
    "complaint": _("Complaint"),
    "welcome": _("New-business call-back"),
    "renewal": _("Reminder of renewal"),
    "satisfaction": _("Satisfaction"),
    "care": _("Care"),
    "sales": _("Sales"),
}
SALES: Final = "sales"
# Not while a complaint is open: for the next sale and for our own good opinion.
QUIET_PURPOSES: Final = frozenset({"renewal", "satisfaction", "care", SALES})
# Why a customer is not called, by the word of `customers.permissions.Use`.
NOT_CALLED: Final = {
    "silence": _(
        "A complaint of this customer is open, or was closed lately: no sales, care or satisfaction calls now."
    ),
    "refused": _("The customer does not want to be called about this."),
    "no_consent": _("The customer has not agreed to sales calls. Ask for consent first."),
    "ended": _("The consent to sales calls has ended. Ask anew first."),
    "no_guardian": _("A child: the guardian has not agreed."),
    "attention": _("By an instruction of the house this customer is not called for sales."),
    "deceased": _("The customer has died: only the family may be called, by hand."),
    "closed": _("The file is closed."),
}
# Why a call was closed whose end nobody told.
ENDED_WHY: Final = {
    "silent": _("Closed: nothing was heard of it any more"),
    "undialled": _("Closed: the exchange did not dial"),
}
AGENT_STATES: Final = {
    "offline": (_("Offline"), ""),
    "available": (_("Available"), "ok"),
    "on_call": (_("On a call"), "info"),
    "wrap_up": (_("Writing up"), "warn"),
    "break": (_("On a break"), ""),
}


@dataclass(frozen=True, kw_only=True)
class CtiEvent:
    """A message of a telephone system. `kind`: menu, queued, ringing, unanswered, answered, ended, recording; `menu`:
    the keys pressed so far; `wanted_human`: whether a person was asked for, where the system knows; `is_witnessed`
    False: an end that nobody saw."""

    system: str
    event_id: str
    call_id: str
    kind: str
    at: datetime
    direction: str = "inbound"
    number: str = ""
    extension: str = ""
    queue: str = ""
    menu: tuple[str, ...] = ()
    wanted_human: bool | None = None
    hold_seconds: int = 0
    recording: str = ""
    is_witnessed: bool = True


@dataclass(frozen=True, kw_only=True)
class CallView:
    """A call as its agent sees it. `number` is masked; `party_ref` blank while nobody is found."""

    id: UUID
    direction: str
    number: str
    state: str
    menu: Sequence[str]
    queue: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    party_id: UUID | None
    party_ref: str
    party_name: str
    wrap_code: str
    note: str
    recording: str
    version: int
    purpose: str = ""
    ended_why: str = ""
    is_mine: bool = True  # False: it rings here, and elsewhere too


@dataclass(frozen=True, kw_only=True)
class Profiled:
    """Somebody at the desk and what they can be given; empty queues, skills or languages: any. `open_count`: tickets in
    hand; `seat_state` is blank for who sits at no telephone."""

    id: UUID
    name: str
    unit: str
    queues: tuple[str, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    level: int
    most_open: int
    is_available: bool
    version: int
    open_count: int
    extension: str
    seat_state: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a call should go. `extensions`: agents who are free, best first; `queue`: where to wait without one."""

    extensions: tuple[str, ...]
    queue: str
    tier: str


LEVELS: Final = {1: _("Beginner"), 2: _("Trained"), 3: _("Experienced"), 4: _("Expert")}
LANGUAGES: Final = {
    "zh": _("Mandarin"), "yue": _("Cantonese"), "wuu": _("Shanghainese"), "en": _("Spoken English"), "bo": _("Tibetan"),
    "ug": _("Uyghur"), "mn": _("Mongolian"), "sgn": _("Sign language"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    """Somebody with a number at a counter. `minutes`: waited so far, or until called."""

    id: UUID
    label: str
    business: str
    is_internal: bool
    is_first: bool
    state: str
    window: str
    teller: str
    taken_at: datetime
    called_at: datetime | None
    minutes: int
    rating: int | None
    step: int
    version: int


@dataclass(frozen=True, kw_only=True)
class DutyView:
    """A duty of the lobby today: how often it was seen to, and the last time."""

    number: int
    label: str
    count: int
    last_at: datetime | None
    by: str
    note: str


class CallNotFound(Exception):
    """No such call of this agent."""


class UnknownCode(Exception):
    """No such code for what a call was about."""


class AgentNotFound(Exception):
    """No such agent within the actor's reach."""


class NoTelephone(Exception):
    """The agent sits at no telephone, the customer has no number, or no exchange is connected."""


class NotToBeCalled(Exception):
    """This customer is not called for this. `why`: a word of NOT_CALLED."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NumberNotFound(Exception):
    """No such number at the counters of this outlet."""


class NobodyWaits(Exception):
    """Nobody waits for this window."""


class BadSignature(Exception):
    """The message was not signed by the telephone system, or lies too far back."""
