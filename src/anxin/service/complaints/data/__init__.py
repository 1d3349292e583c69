"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anxin.kernel.words import mark as _
from anxin.service.complaints.data.deeds import DEEDS as DEEDS
from anxin.service.complaints.data.deeds import THINGS as THINGS
from anxin.service.complaints.data.permitted import PERMISSIONS
from anxin.service.complaints.data.personal import PERSONAL_DATA

__all__ = [
    "BEARINGS", "CAPACITIES", "DEGREES", "EVIDENCE_KINDS", "MOODS", "OUTCOMES", "PENALTIES", "PERMISSIONS",
    "PERSONAL_DATA", "RATER", "REGULATION_KINDS", "SEVERITIES", "SITUATIONS", "SOURCE_HERE", "STATES",
    "STEPS", "TALKS", "VALIDITIES", "WAYS",
    "ComplaintNotFound", "Refused", "ReportRow", "State",
]  # fmt: skip

# The source of complaints registered here; those of files bear the source of their profile.
SOURCE_HERE: Final = ""


class State(StrEnum):
    REGISTERED = "registered"
    INCOMPLETE = "incomplete"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    FED_BACK = "fed_back"
    PLANNED = "planned"
    APPROVED = "approved"
    NOTIFIED = "notified"
    EXECUTED = "executed"
    CALLED_BACK = "called_back"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REFUSED = "refused"


STATES: Final[Mapping[str, tuple[str, str]]] = {
    State.REGISTERED: (_("To be reviewed"), "warn"),
    State.INCOMPLETE: (_("To be completed"), "warn"),
    State.ACCEPTED: (_("To be dispatched"), "warn"),
    State.INVESTIGATING: (_("Under investigation"), "info"),
    State.FED_BACK: (_("Findings fed back"), "info"),
    State.PLANNED: (_("Plan waits for approval"), "warn"),
    State.APPROVED: (_("Decision to be notified"), "warn"),
    State.NOTIFIED: (_("Decision to be carried out"), "info"),
    State.EXECUTED: (_("To be called back"), "info"),
    State.CALLED_BACK: (_("To be archived"), "info"),
    State.ARCHIVED: (_("Archived"), "ok"),
    State.WITHDRAWN: (_("Withdrawn by the complainant"), ""),
    State.MERGED: (_("Merged into another complaint"), ""),
    State.REFUSED: (_("Not accepted"), ""),
}
# The stepper: label, the states in which it is the current step, and the action that ends it.
STEPS: Final = (
    (_("Registration"), (State.REGISTERED, State.INCOMPLETE), "register"),
    (_("Review"), (), "review"),
    (_("Dispatch"), (State.ACCEPTED,), "dispatch"),
    (_("Investigation"), (State.INVESTIGATING,), "feed_back"),
    (_("Plan and approval"), (State.FED_BACK, State.PLANNED), "approve_plan"),
    (_("Decision notice"), (State.APPROVED,), "notify"),
    (_("Execution"), (State.NOTIFIED,), "execute"),
    (_("Call-back"), (State.EXECUTED,), "call_back"),
    (_("Archiving"), (State.CALLED_BACK,), "archive"),
)
SEVERITIES: Final[Mapping[str, str]] = {
    "plain": _("Ordinary complaint"),
    "repeated": _("Repeated complaint"),
    "difficult": _("Difficult complaint"),
    "major": _("Major complaint"),
}
VALIDITIES: Final[Mapping[str, str]] = {
    "": _("Validity not judged yet"),
    "valid": _("Well-founded, with responsibility"),
    "partly": _("Partly well-founded"),
    "invalid": _("Without responsibility"),
    "unclear": _("Not to be found out"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "": _("No outcome yet"),
    "met": _("Request met"),
    "partly_met": _("Request partly met"),
    "not_met": _("Request not met"),
    "goodwill": _("Goodwill settlement"),
    "surrender": _("Surrender by agreement"),
    "withdrawn": _("Complaint withdrawn"),
    "mediated": _("Settled by mediation"),
    "lawsuit": _("Gone to court or arbitration"),
    "forwarded": _("Passed on to the competent body"),
    "other": _("Other outcome"),
}
CAPACITIES: Final[Mapping[str, str]] = {
    "self": _("The customer"),
    "agent": _("Agent with authority"),
    "heir": _("Heir"),
    "legal_rep": _("Legal representative or guardian"),
    "third_party": _("Third party to the claim"),
    "provider": _("Provider of services"),
    "other": _("Other person"),
}
WAYS: Final[Mapping[str, str]] = {
    "handed": _("Handed over on paper"),
    "post": _("Posted"),
    "sms": _("Text message"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
}
TALKS: Final[Mapping[str, str]] = {
    "first": _("First contact"),
    "talk": _("Negotiation"),
    "told": _("Progress told"),
    "internal": _("Between units"),
    "call_back": _("Call-back"),
}
MOODS: Final[Mapping[str, str]] = {
    "calm": _("Calm"), "neutral": _("Neutral"), "unhappy": _("Dissatisfied"), "angry": _("Angry"),
}  # fmt: skip
DEGREES: Final[Mapping[str, str]] = {
    "main": _("Main responsibility"), "shared": _("Shared responsibility"),
    "leading": _("Responsibility of leadership"),
}  # fmt: skip
PENALTIES: Final[Mapping[str, str]] = {
    "talk": _("Admonition"), "notice": _("Notice of criticism"), "fine": _("Deduction from pay"),
    "training": _("Training and re-examination"), "demotion": _("Transfer or demotion"), "none": _("No penalty"),
}  # fmt: skip
EVIDENCE_KINDS: Final[Mapping[str, str]] = {
    "complaint": _("Complaint material"), "identity": _("Identity or authority"), "recording": _("Sound recording"),
    "business": _("Business file"), "report": _("Investigation report"), "notice": _("Decision notice"),
    "delivery": _("Proof of delivery"), "other": _("Other evidence"),
}  # fmt: skip
BEARINGS: Final[Mapping[str, str]] = {
    "": _("None"), "disaster": _("Major disaster, safety or public health event"),
    "joint": _("Twenty or more people together"), "designated": _("Designated by the regulator"),
}  # fmt: skip
# What brings a dispute about, after the house rules: three groups.
SITUATIONS: Final[Mapping[str, str]] = {
    "contract": _("Dispute about the terms of the contract"),
    "business": _("Dispute about sale, underwriting, surrender, servicing or claims"),
    "other": _("Dispute about other activities"),
}
# The dimension of service quality that failed.
RATER: Final[Mapping[str, str]] = {
    "reliability": _("Reliability of the service"), "assurance": _("Assurance of the service"),
    "tangibles": _("Tangibles of the service"), "empathy": _("Empathy of the service"),
    "responsiveness": _("Responsiveness of the service"),
}  # fmt: skip
REGULATION_KINDS: Final[Mapping[str, str]] = {
    "management": _("Rules on complaint management"),
    "procedure": _("Working rules on handling complaints"),
    "appraisal": _("Appraisal of complaint work"),
    "liability": _("Accountability for complaints"),
    "archive": _("Archives of complaints"),
    "rectification": _("Rectification at the root"),
}


class ComplaintNotFound(Exception):
    """No such complaint within the actor's reach."""


class Refused(ValueError):
    """What cannot be done like this. `field` names the input; the message is an English text of the catalogue."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One line of a report over closed complaints. Money in fen of `currency`; None where it cannot be told apart."""

    key: str
    label: str
    closed: int
    confirmed: int
    recovered_fen: int | None
    currency: str
    mean_days: float | None

    @property
    def share(self) -> float | None:
        return self.confirmed / self.closed if self.closed else None
