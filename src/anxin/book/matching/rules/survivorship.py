"""Which value survives when several files become one: per field, by the scheme `matching.survivorship`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anxin.book.matching.data import Chosen, Said
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

SCHEME: Final = "matching.survivorship"
STAFF: Final = "staff"
MOST_TRUST: Final = 100
# Where a customer belongs is a matter of who manages them, not of who knows better.
OWN: Final = frozenset({"unit_id", "manager_id"})
ORDERS: Final = ("verified", "trusted", "recent", "complete", "earliest", "any")

FIELDS: Final = (
    SchemeField(
        code="sources",
        label=_("How far a source is trusted"),
        kind=FieldKind.ROWS,
        hint=_("0 to 100; a source that is not named here has the trust of “other”."),
        columns=(
            SchemeField(code="source", label=_("Source"), kind=FieldKind.TEXT),
            SchemeField(code="trust", label=_("Trust"), kind=FieldKind.INTEGER),
        ),
    ),
    SchemeField(
        code="orders",
        label=_("What decides, field by field"),
        kind=FieldKind.ROWS,
        hint=_("verified, trusted, recent, complete, earliest or any; a field that is not named here is “trusted”."),
        columns=(
            SchemeField(code="field", label=_("Field"), kind=FieldKind.TEXT),
            SchemeField(code="order", label=_("Rule"), kind=FieldKind.TEXT),
        ),
    ),
)
DEFAULT: Final[Content] = {
    "sources": [{"source": STAFF, "trust": 100}, {"source": "other", "trust": 50}],
    "orders": [
        {"field": "name", "order": "verified"},
        {"field": "sex", "order": "verified"},
        {"field": "birth_date", "order": "verified"},
        {"field": "uscc", "order": "verified"},
        {"field": "is_deceased", "order": "any"},
        {"field": "customer_since", "order": "earliest"},
        {"field": "employer", "order": "recent"},
        {"field": "department", "order": "recent"},
        {"field": "position", "order": "recent"},
        {"field": "occupation", "order": "recent"},
        {"field": "marital_status", "order": "recent"},
        {"field": "annual_income_fen", "order": "recent"},
        {"field": "legal_representative", "order": "recent"},
        {"field": "headcount", "order": "recent"},
        {"field": "native_place", "order": "complete"},
    ],
}


def problems(content: Content) -> list[Problem]:
    found = []
    rows: Any = content["sources"]
    for number, row in enumerate(rows, 1):
        if not 0 <= row["trust"] <= MOST_TRUST:
            found.append(Problem(path=f"sources.{number}.trust", message=_("Trust lies between 0 and 100.")))
    rows = content["orders"]
    for number, row in enumerate(rows, 1):
        if row["order"] not in ORDERS:
            found.append(Problem(path=f"orders.{number}.order", message=_("This rule is not known.")))
    return found


@dataclass(frozen=True, kw_only=True)
class Order:
    """The scheme, read once for many files: source → trust, and field → rule."""

    trust: Callable[[str], int]
    rules: Mapping[str, str]

    @classmethod
    def of(cls, content: Content) -> Order:
        return cls(trust=_trust(content), rules=_orders(content))


def undisputed(field: str, values: Sequence[Any]) -> str:
    """The rule by which the first of the values stays without asking who said what; "" where that must be asked."""
    if len(values) == 1:
        return "only"
    if field in OWN:
        return "own"
    return "same" if all(one == values[0] for one in values) else ""


def survive(field: str, said: Sequence[Said], by: Order, *, by_hand: str = "") -> Chosen:
    """The value of `field` among what the files say, the file that stays first. At least one must say something.

    Equal in all respects, the file that stays wins, then the earlier one in `said`. `by_hand`: the file whose value
    somebody chose.
    """
    first = said[0]
    if by_hand:
        chosen = next((one for one in said if one.party == by_hand), None)
        if chosen is not None:
            return Chosen(said=chosen, rule="by_hand")
    if rule := undisputed(field, [one.value for one in said]):
        return Chosen(said=first, rule=rule)
    order = by.rules.get(field, "trusted")
    rank = _RANKS[order]
    trust = by.trust
    # max keeps the first of equals.
    best = max(said, key=lambda one: rank(one, trust))
    # What decided: the first thing in which the best differs from the next best.
    others = [rank(one, trust) for one in said if one is not best]
    next_best = max(others)
    for at, (one, other) in enumerate(zip(rank(best, trust), next_best, strict=True)):
        if one != other:
            return Chosen(said=best, rule=_DECIDES[order][min(at, len(_DECIDES[order]) - 1)])
    return Chosen(said=best, rule="own")


Rank = tuple[Any, ...]


def _trusted(one: Said, trust: Callable[[str], int]) -> Rank:
    return trust(one.source), one.day


def _verified(one: Said, trust: Callable[[str], int]) -> Rank:
    return one.is_verified, trust(one.source), one.day


def _recent(one: Said, trust: Callable[[str], int]) -> Rank:
    return one.day, trust(one.source)


def _complete(one: Said, trust: Callable[[str], int]) -> Rank:
    return len(str(one.value)), trust(one.source), one.day


def _earliest(one: Said, trust: Callable[[str], int]) -> Rank:
    # The smaller text is the earlier day: complemented, so that the greatest wins.
    return (tuple(-ord(sign) for sign in str(one.value)),)


def _any(one: Said, trust: Callable[[str], int]) -> Rank:
    return bool(one.value), trust(one.source), one.day


_RANKS: Final[Mapping[str, Callable[[Said, Callable[[str], int]], Rank]]] = {
    "trusted": _trusted,
    "verified": _verified,
    "recent": _recent,
    "complete": _complete,
    "earliest": _earliest,
    "any": _any,
}


# What the parts of each rank stand for.
_DECIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "trusted": ("trusted", "recent"),
    "verified": ("verified", "trusted", "recent"),
    "recent": ("recent", "trusted"),
    "complete": ("complete", "trusted", "recent"),
    "earliest": ("earliest",),
    "any": ("any", "trusted", "recent"),
}


def _trust(content: Content) -> Callable[[str], int]:
    rows: Any = content["sources"]
    given: dict[str, int] = {row["source"]: row["trust"] for row in rows}
    other = given.get("other", 50)
    return lambda source: given.get(source, other)


def _orders(content: Content) -> dict[str, str]:
    rows: Any = content["orders"]
    return {row["field"]: row["order"] for row in rows}
