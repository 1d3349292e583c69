"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.personal import Kind as Personal
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="callbacks.view",
        label=_("See call-backs"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.COMPLAINT_HANDLER: Scope.UNIT,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    # Not for customer managers: who sold a policy does not ask whether it was sold rightly.
    Permission(
        code="callbacks.work",
        label=_("Call customers back"),
        defaults={Role.CALL_AGENT: Scope.ALL, Role.TEAM_LEAD: Scope.TEAM},
    ),
    Permission(
        code="callbacks.plan",
        label=_("Plan call-backs"),
        defaults={Role.CALL_AGENT: Scope.ALL, Role.CUSTOMER_MANAGER: Scope.OWN, Role.TEAM_LEAD: Scope.TEAM},
    ),
    Permission(
        code="callbacks.lead",
        label=_("Hand call-backs over, leave them out"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="callbacks.report",
        label=_("See and export call-back figures"),
        defaults={
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "CallBack.kind": NOT_PERSONAL,
    "CallBack.occurrence": NOT_PERSONAL,
    "CallBack.state": NOT_PERSONAL,
    "CallBack.policy_no": NOT_PERSONAL,
    "CallBack.subject_kind": NOT_PERSONAL,
    "CallBack.line": NOT_PERSONAL,
    "CallBack.channel": NOT_PERSONAL,
    "CallBack.way": NOT_PERSONAL,
    "CallBack.success_way": NOT_PERSONAL,
    "CallBack.why": NOT_PERSONAL,
    "CallBack.note": PersonalData(Personal.FREE_TEXT),
    "CallBack.source": NOT_PERSONAL,
    "CallBack.source_key": NOT_PERSONAL,
    "CallBack.digest": NOT_PERSONAL,
    "Answer.question": NOT_PERSONAL,
    "Answer.value": NOT_PERSONAL,
    "Answer.remark": PersonalData(Personal.FREE_TEXT),
    "Attempt.outcome": NOT_PERSONAL,
    "Attempt.way": NOT_PERSONAL,
    "Attempt.note": PersonalData(Personal.FREE_TEXT),
    "Found.questions": NOT_PERSONAL,
    "Found.description": PersonalData(Personal.FREE_TEXT),
    "Found.ticket_number": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "callbacks.plan": _("Planned a call-back"),
    "callbacks.take": _("Took a call-back"),
    "callbacks.return": _("Gave a call-back back"),
    "callbacks.no_answer": _("Called a customer, nobody answered"),
    "callbacks.again": _("Agreed on another time with a customer"),
    "callbacks.wrong_number": _("Called a wrong number"),
    "callbacks.refused": _("Called a customer who refused"),
    "callbacks.succeed": _("Ended a call-back"),
    "callbacks.find": _("Found a problem in a call-back"),
    "callbacks.fail": _("Gave a call-back up"),
    "callbacks.exclude": _("Left a call-back out"),
    "callbacks.hand_over": _("Handed a call-back over"),
    "callbacks.outside": _("Took the result of a call from outside"),
    "callbacks.export": _("Exported call-backs"),
}
THINGS: dict[str, str] = {"call_back": _("Call-back"), "call_backs": _("Call-backs")}


class Kind(StrEnum):
    NEW_BUSINESS = "new_business"
    RENEWAL = "renewal"
    SATISFACTION = "satisfaction"
    CLAIM = "claim"
    CARE = "care"


class State(StrEnum):
    WAITING = "waiting"
    CALLING = "calling"
    FALLBACK = "fallback"  # not reached by telephone: by letter, mail or visit
    SUCCEEDED = "succeeded"
    PROBLEM = "problem"  # over, with a problem that others solve
    FAILED = "failed"
    EXCLUDED = "excluded"


class Action(StrEnum):
    TAKE = "take"
    RETURN = "return"
    FALL_BACK = "fall_back"
    SUCCEED = "succeed"
    FIND = "find"
    FAIL = "fail"
    EXCLUDE = "exclude"


class Outcome(StrEnum):
    """How one attempt ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    AGAIN = "again"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"


class Way(StrEnum):
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    VISIT = "visit"


class Lane(StrEnum):
    """Parts of the list."""

    QUEUE = "queue"  # nobody's, may be called now
    MINE = "mine"
    COOLING = "cooling"  # new business, by the end of the cooling-off period
    LATE = "late"
    PUT_OFF = "put_off"
    FALLBACK = "fallback"
    PROBLEMS = "problems"
    DONE = "done"


# Made for the customer's good opinion and the next sale: these wait while a complaint is open. What the law wants does
# not.
QUIET_KINDS: Final = (Kind.RENEWAL, Kind.SATISFACTION, Kind.CLAIM, Kind.CARE)
OPEN_STATES: Final = (State.WAITING, State.CALLING, State.FALLBACK)
FALLBACK_WAYS: Final = (Way.LETTER, Way.EMAIL, Way.VISIT)

KINDS: Final = {
    Kind.NEW_BUSINESS: (_("New business"), "file-text"),
    Kind.RENEWAL: (_("Renewal"), "refresh-dot"),
    Kind.SATISFACTION: (_("Satisfaction with service"), "star"),
    Kind.CLAIM: (_("Satisfaction with a claim"), "shield"),
    Kind.CARE: (_("Care"), "heart-handshake"),
}
STATES: Final = {
    State.WAITING: (_("To be called"), "warn"),
    State.CALLING: (_("Being called"), "info"),
    State.FALLBACK: (_("Not by telephone"), "vio"),
    State.SUCCEEDED: (_("Call-back done"), "ok"),
    State.PROBLEM: (_("Problem found"), "danger"),
    State.FAILED: (_("Call-back failed"), "danger"),
    State.EXCLUDED: (_("Not needed"), ""),
}
OUTCOMES: Final = {
    Outcome.REACHED: _("Customer reached"),
    Outcome.NO_ANSWER: _("No answer"),
    Outcome.AGAIN: _("Call again at another time"),
    Outcome.WRONG_NUMBER: _("Wrong number"),
    Outcome.REFUSED: _("Customer refuses"),
}
WAYS: Final = {
    Way.PHONE: _("By telephone"),
    Way.LETTER: _("By letter"),
    Way.EMAIL: _("By e-mail"),
    Way.VISIT: _("By visit"),
}
# Why a call-back failed or is not needed.
REASONS: Final = {
    "refused": _("Customer refuses"),
    "unreachable": _("Nobody reached on any way"),
    "no_contact": _("No usable contact"),
    "cancelled": _("Policy ended within the cooling-off period"),
    "paid": _("Done on another way"),
    "person": _("Customer file restricted or closed"),
    "other": _("Other reason"),
}


class CallBackNotFound(Exception):
    """No such call-back within the actor's reach."""


class NothingToCall(Exception):
    """No call-back waits that the actor may take now."""


class SellerMayNot(Exception):
    """Who sold the policy neither calls back nor solves what the call-back found."""


class CustomerIsSilent(Exception):
    """Nobody calls for care or to sell while a complaint of the customer is open, or was closed lately."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a questionnaire. `problem`: the answers that are one; `form`: yes_no, score or text."""

    code: str
    form: str
    text_zh: str
    text_en: str
    problem: frozenset[str]
    channels: frozenset[str]
    is_identity: bool = False

    def is_asked(self, channel: str) -> bool:
        return not self.channels or channel in self.channels


@dataclass(frozen=True, kw_only=True)
class CallBackFilter:
    lane: Lane = Lane.QUEUE
    kinds: tuple[Kind, ...] = ()
    unit_id: UUID | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class CallBackRow:
    """One line of the list."""

    id: UUID
    kind: Kind
    state: State
    round: int
    party_ref: str
    party_name: str
    tier: str
    policy_no: str
    product_name: str
    line: str
    channel: str
    unit_name: str
    owner_id: UUID | None
    owner_name: str
    receipt_date: date | None
    is_assumed: bool
    cooling_ends: date | None
    starts_at: datetime
    due_at: datetime
    not_before: datetime
    attempts: int
    ended_at: datetime | None
    score: int | None
    version: int

    @property
    def total_seconds(self) -> int:
        return max(int((self.due_at - self.starts_at).total_seconds()), 60)


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    number: int
    at: datetime
    outcome: str
    way: str
    by: str
    again_at: datetime | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question on the page, with the answer kept so far."""

    question: Question
    value: str
    remark: str
    is_problem: bool


@dataclass(frozen=True, kw_only=True)
class FoundView:
    """A problem a call-back found: until when it is to be solved, by the ticket, and whether it is."""

    questions: Sequence[str]
    description: str
    ticket_id: UUID | None
    ticket_number: str
    due_at: datetime
    solved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CallBackView:
    """One call-back with its questionnaire, attempts and facts of the policy."""

    row: CallBackRow
    asked: Sequence[Asked]
    attempts: Sequence[AttemptView]
    found: FoundView | None
    party_id: UUID
    seller_name: str
    policy_id: UUID | None
    facts: Mapping[str, object] = field(default_factory=dict)
    opening_zh: str = ""
    opening_en: str = ""
    underwritten_date: date | None = None
    why: str = ""
    note: str = ""
    way: str = ""
    is_mine: bool = False
    is_seller: bool = False
    is_silent: bool = False  # a complaint: see `CustomerIsSilent`
    may_call_now: bool = True
    previous_id: UUID | None = None

    @property
    def is_identified(self) -> bool:
        """Nothing else is asked before the person is the right one."""
        first = next((one for one in self.asked if one.question.is_identity), None)
        return first is None or first.value == "yes"

    @property
    def left(self) -> int:
        return sum(1 for one in self.asked if not one.value and one.question.form != "text")

    @property
    def problems(self) -> Sequence[Asked]:
        return [one for one in self.asked if one.is_problem]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a run did."""

    new_business: int = 0
    renewal: int = 0
    claim: int = 0
    moved: int = 0  # a receipt came, and with it another clock
    excluded: int = 0
