"""How a request moves, how long it may take, and when a person may be forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.book.rights.data import HOLD_GROUNDS, KINDS, RequestKind, State, Verdict, VerdictLine
from anxin.foundation.privacy.data import Hold
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.identifiers.codes import ShortCodes
from anxin.kernel.states import Transition, Workflow
from anxin.kernel.words import mark as _

REQUEST_CODES: Final = ShortCodes(b"anxin", "subject-request")
CERTIFICATE_CODES: Final = ShortCodes(b"anxin", "erasure-certificate")
REQUEST_NUMBER: Final = "rights_request_number"
_CHINA: Final = ZoneInfo("Asia/Shanghai")
OPEN: Final = (State.RECEIVED, State.WORKING)

WORKFLOW: Final = Workflow(
    State,
    State.RECEIVED,
    (
        Transition("verify", State.RECEIVED, State.WORKING, "rights.handle"),
        Transition("answer", State.WORKING, State.ANSWERED, "rights.handle"),
        Transition("refuse", [State.RECEIVED, State.WORKING], State.REFUSED, "rights.handle"),
        Transition("withdraw", [State.RECEIVED, State.WORKING], State.WITHDRAWN, "rights.handle"),
    ),
)

# Internal targets: the law says "in good time" (PIPL article 50).
CLOCKS: Final = "rights.clocks"
_DAYS: Final = _("natural days")
CLOCK_FIELDS: Final = (
    *(SchemeField(code=code, label=label, kind=FieldKind.INTEGER, hint=_DAYS) for code, label in KINDS.items()),
    SchemeField(code="extension", label=_("Longest extension"), kind=FieldKind.INTEGER, hint=_DAYS),
    SchemeField(code="warning", label=_("Warn before the end"), kind=FieldKind.INTEGER, hint=_DAYS),
)
CLOCK_DEFAULT: Final[Content] = {**dict.fromkeys(map(str, RequestKind), 15), "extension": 15, "warning": 3}

RETENTION: Final = "rights.retention"
_COUNTED: Final = {
    "contract_short": _("years from its end; insurance law, article 87: 5"),
    "contract_long": _("years from its end; insurance law, article 87: 10"),
    "claim": _("years from its end"),
    "aml": _("years from the end of the relation; anti-money-laundering law, article 34: 10"),
    "recording": _("years from the end of the contract"),
    "complaint": _("years from its end"),
    "attention": _("years from its end"),
    "rights": _("years from the answer"),
    "file": _("years from the last change"),
}
RETENTION_FIELDS: Final = tuple(
    SchemeField(code=code, label=HOLD_GROUNDS[code], kind=FieldKind.INTEGER, hint=hint)
    for code, hint in _COUNTED.items()
)
RETENTION_DEFAULT: Final[Content] = {
    "contract_short": 5, "contract_long": 10, "claim": 5, "aml": 10, "recording": 10, "complaint": 5, "attention": 5,
    "rights": 3, "file": 2,
}  # fmt: skip
# The floors of the law: a site may keep longer, not shorter.
_AT_LEAST: Final = {"contract_short": 5, "contract_long": 10, "aml": 10, "rights": 3}
_CONTRACTS: Final = ("contract_short", "contract_long")


def clock_problems(content: Content) -> list[Problem]:
    return [
        Problem(path=name, message=_("Enter a number of days from 1 to 90."))
        for name, value in content.items()
        if not isinstance(value, int) or not 1 <= value <= 90
    ]


def retention_problems(content: Content) -> list[Problem]:
    found = []
    for name, value in content.items():
        least = _AT_LEAST.get(name, 0)
        if not isinstance(value, int) or not least <= value <= 100:
            message = _("The law demands at least %(least)s years.") if least else _("Enter years from 0 to 100.")
            found.append(Problem(path=name, message=message, values={"least": least}))
    return found


def due_date(received: datetime, kind: str, content: Mapping[str, Any]) -> date:
    """The last day for an answer; the day of receipt is not counted."""
    return day_of(received) + timedelta(days=int(content[kind]))


def judge(holds: Sequence[Hold], content: Mapping[str, Any], *, version: int) -> Verdict:
    """The latest end of all grounds. Due diligence counts from the end of the relation: that of the last contract.

    A file with contracts is not judged by its last change: that ground is for prospects.
    """
    contracts = [hold for hold in holds if hold.ground in _CONTRACTS]
    relation_runs = any(hold.since is None for hold in contracts)
    relation_end = max((hold.since for hold in contracts if hold.since is not None), default=None)
    lines = []
    for hold in holds:
        if hold.ground == "file" and contracts:
            continue
        since = hold.since
        if hold.ground == "aml" and contracts:
            since = None if relation_runs else relation_end
        years = int(content.get(hold.ground, content["contract_long"]))
        until = None if since is None else years_after(since, years)
        lines.append(VerdictLine(ground=hold.ground, what=hold.what, since=since, years=years, until=until))
    running = next((line for line in lines if line.until is None), None)
    if running is not None:
        return Verdict(due=None, ground=running.ground, lines=tuple(lines), scheme_version=version)
    last = max(lines, key=lambda line: line.until or date.min, default=None)
    return Verdict(
        due=last.until if last else date.min, ground=last.ground if last else "", lines=tuple(lines),
        scheme_version=version,
    )  # fmt: skip


def years_after(day: date, years: int) -> date:
    """The same day of a later year; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def day_of(now: datetime) -> date:
    return now.astimezone(_CHINA).date()
