"""Which promises of time a ticket makes, and the green channel for claims (D09)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.promises import Clock, Measure, Term
from anxin.kernel.words import mark as _
from anxin.service.desk.data.tickets import PromiseKind, TicketKind
from anxin.service.desk.rules.types import TicketType

SERVICE: Final = "desk.service"


def _whole(code: str, label: str, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.INTEGER, hint=hint)


SERVICE_FIELDS = (
    _whole("amber_percent", _("About to be late from per cent of the time")),
    SchemeField(
        code="green_fen", label=_("Green channel: claims up to"), kind=FieldKind.MONEY,
        hint=_("No survey on the spot up to this amount."),
    ),
    _whole("green_count", _("Green channel: times in twelve months")),
    _whole("green_days", _("Green channel: working days to close")),
    SchemeField(
        code="steps", label=_("Standard time for each step"), kind=FieldKind.ROWS,
        columns=(
            SchemeField(code="state", label=_("Step"), kind=FieldKind.TEXT),
            _whole("minutes", _("Working minutes")),
        ),
    ),
    _whole("handling_minutes", _("Work on one ticket, minutes"), _("For the forecast of broken promises.")),
    SchemeField(
        code="weights", label=_("Who gets a ticket: points"), kind=FieldKind.ROWS,
        columns=(SchemeField(code="code", label=_("Reason"), kind=FieldKind.TEXT), _whole("points", _("Points"))),
    ),
    SchemeField(
        code="manager_tiers", label=_("Tiers whose tickets go to the manager"), kind=FieldKind.TEXT,
        hint=_("Codes with commas; none where nobody’s do."),
    ),
)  # fmt: skip
WEIGHTS: Final = ("manager", "first_contact", "skill", "language", "tier", "load", "level")
SERVICE_DEFAULT: Content = {
    "amber_percent": 80,
    "green_fen": 300_000,
    "green_count": 2,
    "green_days": 1,
    "steps": [
        {"state": "new", "minutes": 30},
        {"state": "working", "minutes": 240},
        {"state": "referred", "minutes": 960},
    ],
    "handling_minutes": 20,
    "weights": [
        {"code": "manager", "points": 50},
        {"code": "first_contact", "points": 40},
        {"code": "skill", "points": 30},
        {"code": "language", "points": 20},
        {"code": "tier", "points": 10},
        {"code": "load", "points": 20},
        {"code": "level", "points": 15},
    ],
    "manager_tiers": "supreme, diamond",
}


def service_problems(content: Content) -> list[Problem]:
    rows: Any = content
    found = []
    if not 1 <= rows["amber_percent"] <= 99:
        found.append(Problem(path="amber_percent", message=_("Choose between 1 and 99 per cent.")))
    for code in ("green_fen", "green_count"):
        if rows[code] < 0:
            found.append(Problem(path=code, message=_("This cannot be below zero.")))
    if not 1 <= rows["green_days"] <= 60:
        found.append(Problem(path="green_days", message=_("Choose between 1 and 60 days.")))
    if not 1 <= rows["handling_minutes"] <= 10_000:
        found.append(Problem(path="handling_minutes", message=_("A standard time is at least 1.")))
    for number, one in enumerate(rows["weights"], 1):
        if one["code"] not in WEIGHTS:
            found.append(Problem(path=f"weights.{number}.code", message=_("There is no such reason.")))
    return found


def clocks_for(
    kind: TicketType, *, now: datetime, is_green: bool, service: Content, promised_minutes: int | None = None
) -> dict[PromiseKind, Clock]:
    """The promises a new ticket makes. `promised_minutes`: what was promised to the customer, around the clock."""
    rules: Any = service
    clocks = {PromiseKind.RESOLVE: standard_clock(kind, now)}
    if kind.is_sunset:
        clocks[PromiseKind.ANSWER] = Clock(Term(Measure.SUNSET, 0), now)
    if is_green:
        clocks[PromiseKind.CYCLE] = Clock(Term(Measure.WORKING_DAYS, rules["green_days"]), now)
    if promised_minutes is not None:
        clocks[PromiseKind.CUSTOMER] = Clock(Term(Measure.MINUTES, max(promised_minutes, 1)), now)
    return clocks


def is_green(kind: TicketKind, amount_fen: int | None, used: int, service: Content) -> bool:
    """Whether a claim goes through the green channel: a known amount within the limit, and not too often before."""
    rules: Any = service
    return (
        kind is TicketKind.CLAIM_REPORT
        and amount_fen is not None
        and 0 <= amount_fen <= rules["green_fen"]
        and used < rules["green_count"]
    )


def customer_clock(now: datetime, minutes: int) -> Clock:
    """What somebody promises to a customer counts around the clock."""
    return Clock(Term(Measure.MINUTES, minutes), now)


def standard_clock(kind: TicketType, opened_at: datetime) -> Clock:
    """The standard time of a type."""
    return Clock(Term(Measure(kind.measure), kind.amount), opened_at)
