"""How long things may take, and the parameters of estimates: versioned schemes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.promises import Measure, Term
from anxin.kernel.words import mark as _

TERMS: Final = "complaints.terms"
_NATURAL: Final = _("natural days; order no. 3 of 2020, article 18")
_REVIEW: Final = _("natural days; order no. 3 of 2020, article 20")
_WORKING: Final = _("working days; internal target")
# The law's own limits: a site may promise more, not less.
_LAW: Final = {"simple": 15, "complex": 30, "special": 60, "check_ask": 30, "check_decide": 30, "forwarded": 7,
               "dispatch_by_itself": 1}  # fmt: skip
_LEAST: Final = {"check_ask": 30}
TERM_FIELDS: Final = (
    SchemeField(code="simple", label=_("Decision on a simple complaint"), kind=FieldKind.INTEGER, hint=_NATURAL),
    SchemeField(code="complex", label=_("Decision after the first extension"), kind=FieldKind.INTEGER, hint=_NATURAL),
    SchemeField(code="special", label=_("Decision after the second extension"), kind=FieldKind.INTEGER, hint=_NATURAL),
    SchemeField(code="check_ask", label=_("Asking for a check of the decision"), kind=FieldKind.INTEGER, hint=_REVIEW),
    SchemeField(code="check_decide", label=_("Deciding the check"), kind=FieldKind.INTEGER, hint=_REVIEW),
    SchemeField(
        code="forwarded", label=_("Passing on by the regulator"), kind=FieldKind.INTEGER,
        hint=_("working days; order no. 3 of 2020, article 33"),
    ),
    SchemeField(code="review", label=_("Review"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(
        code="dispatch", label=_("Dispatch"), kind=FieldKind.INTEGER, hint=_("working days; 0: the same day")
    ),
    SchemeField(
        code="dispatch_by_itself", label=_("Dispatched by itself when the day is over"), kind=FieldKind.INTEGER,
        hint=_("1: to the handlers of the unit; 0: never"),
    ),
    SchemeField(code="feedback", label=_("Feedback of the unit"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="plan", label=_("Plan"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="approval", label=_("Approval of the plan"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="notify", label=_("Notifying the decision"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="execute", label=_("Carrying out the decision"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="call_back", label=_("Satisfaction call-back"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="archive", label=_("Archiving"), kind=FieldKind.INTEGER, hint=_WORKING),
    SchemeField(code="first_contact", label=_("First contact"), kind=FieldKind.INTEGER, hint=_("working hours")),
    SchemeField(
        code="escalate", label=_("A step that is late goes up by itself after"), kind=FieldKind.INTEGER,
        hint=_("working hours; internal target"),
    ),
    SchemeField(
        code="life_reply", label=_("Reply on individual life business"), kind=FieldKind.INTEGER,
        hint=_("working days; internal target, rules on basic services of 2010"),
    ),
    SchemeField(
        code="silence", label=_("No marketing after the end"), kind=FieldKind.INTEGER, hint=_("natural days")
    ),
    SchemeField(
        code="repeat_within", label=_("Same customer counts as repeated within"), kind=FieldKind.INTEGER,
        hint=_("natural days"),
    ),
    SchemeField(
        code="joint_people", label=_("People that make a joint complaint major"), kind=FieldKind.INTEGER,
        hint=_("order no. 3 of 2020, article 29"),
    ),
)  # fmt: skip
TERM_DEFAULT: Final[Content] = {
    "simple": 15, "complex": 30, "special": 60, "check_ask": 30, "check_decide": 30, "forwarded": 7, "review": 1,
    "dispatch": 0, "dispatch_by_itself": 1, "feedback": 3, "plan": 2, "approval": 2, "notify": 2, "execute": 10,
    "call_back": 3, "archive": 2,
    "first_contact": 4, "escalate": 4, "life_reply": 10, "silence": 30, "repeat_within": 180, "joint_people": 20,
}  # fmt: skip
AMBER: Final = 80

ICEBERG: Final = "complaints.iceberg"
_DECK: Final = _("from training material, not measured")
ICEBERG_FIELDS: Final = (
    SchemeField(code="direct", label=_("Complain to us"), kind=FieldKind.SHARE, hint=_DECK),
    SchemeField(code="indirect", label=_("Complain elsewhere"), kind=FieldKind.SHARE, hint=_DECK),
    SchemeField(code="silent", label=_("Say nothing"), kind=FieldKind.SHARE, hint=_DECK),
    SchemeField(code="tell_others", label=_("Silent ones who tell others"), kind=FieldKind.SHARE, hint=_DECK),
    SchemeField(code="small_ears", label=_("Hear of a small problem"), kind=FieldKind.INTEGER, hint=_("people each")),
    SchemeField(code="big_ears", label=_("Hear of a big problem"), kind=FieldKind.INTEGER, hint=_("people each")),
    SchemeField(code="behind_each", label=_("Silent behind each complaint, other source"), kind=FieldKind.INTEGER,
                hint=_("people each")),
    SchemeField(code="stay_fast", label=_("Buy again when solved fast"), kind=FieldKind.SHARE, hint=_DECK),
    SchemeField(code="stay_unsolved", label=_("Buy again when not solved"), kind=FieldKind.SHARE, hint=_DECK),
    SchemeField(code="stay_silent", label=_("Buy again without having complained"), kind=FieldKind.SHARE, hint=_DECK),
)  # fmt: skip
ICEBERG_DEFAULT: Final[Content] = {
    "direct": 800, "indirect": 2_300, "silent": 6_900, "tell_others": 5_000, "small_ears": 9, "big_ears": 16,
    "behind_each": 49, "stay_fast": 8_200, "stay_unsolved": 1_900, "stay_silent": 900,
}  # fmt: skip


def days(content: Mapping[str, Any], name: str) -> int:
    return int(content.get(name, TERM_DEFAULT[name]))


def working(content: Mapping[str, Any], name: str) -> Term:
    return Term(Measure.WORKING_DAYS, days(content, name))


def term_problems(content: Content) -> list[Problem]:
    found = []
    for name in TERM_DEFAULT:
        value, longest = content.get(name), _LAW.get(name, 365)
        least = _LEAST.get(name, 0 if name in ("dispatch", "dispatch_by_itself", "silence") else 1)
        if name == "joint_people":
            longest = 20
        if not isinstance(value, int) or not least <= value <= longest:
            found.append(
                Problem(
                    path=name, message=_("Enter a number from %(least)s to %(longest)s."),
                    values={"least": least, "longest": longest},
                )
            )  # fmt: skip
    if not found and not (days(content, "simple") < days(content, "complex") < days(content, "special")):
        found.append(Problem(path="complex", message=_("Each extension is longer than the one before.")))
    return found


def iceberg_problems(content: Content) -> list[Problem]:
    found = [
        Problem(path=name, message=_("Enter a number that is not below zero."))
        for name in ICEBERG_DEFAULT
        if not isinstance(content.get(name), int) or int(str(content[name])) < 0
    ]
    if not found and sum(int(str(content[name])) for name in ("direct", "indirect", "silent")) != 10_000:
        found.append(Problem(path="direct", message=_("The three shares must add up to 100 %.")))
    if not found and not content["direct"]:
        found.append(Problem(path="direct", message=_("Somebody complains to us.")))
    return found
