"""How ties between persons become proposals of households, and who is who in one. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from anxin.book.households.data import MemberRole
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

_CHINA: Final = ZoneInfo("Asia/Shanghai")
SCHEME: Final = "households.inference"
# What can speak for a pair; each has its points in the scheme.
KINDS: Final = ("relation", "insured", "beneficiary", "address", "phone", "surname")
FIELDS = (
    SchemeField(code="relation", label=_("Points: family relation on file"), kind=FieldKind.INTEGER),
    SchemeField(code="insured", label=_("Points: insured on the other's policy"), kind=FieldKind.INTEGER),
    SchemeField(code="beneficiary", label=_("Points: beneficiary of the other's policy"), kind=FieldKind.INTEGER),
    SchemeField(code="address", label=_("Points: same home address"), kind=FieldKind.INTEGER),
    SchemeField(code="phone", label=_("Points: same phone"), kind=FieldKind.INTEGER),
    SchemeField(
        code="surname", label=_("Points: same surname"), kind=FieldKind.INTEGER,
        hint=_("Only beside other evidence."),
    ),
    SchemeField(code="propose_from", label=_("Propose from so many points"), kind=FieldKind.INTEGER),
    SchemeField(
        code="phone_at_most", label=_("A phone says nothing from more persons than"), kind=FieldKind.INTEGER,
        hint=_("Beyond that it is an agent's or a company's."),
    ),
    SchemeField(
        code="address_at_most", label=_("An address says nothing from more persons than"), kind=FieldKind.INTEGER
    ),
    SchemeField(code="largest", label=_("Largest household to propose"), kind=FieldKind.INTEGER),
)  # fmt: skip
DEFAULT: Content = {
    "relation": 100, "insured": 60, "beneficiary": 60, "address": 60, "phone": 45, "surname": 20, "propose_from": 60,
    "phone_at_most": 4, "address_at_most": 6, "largest": 8,
}  # fmt: skip
_GENERATION: Final = 16
_ADULT: Final = 18
# Two-character surnames: the first character alone would make strangers of one family.
COMPOUND: Final = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "司徒",
        "夏侯",
        "皇甫",
        "尉迟",
        "慕容",
        "端木",
        "令狐",
        "宇文",
        "长孙",
        "呼延",
        "东方",
        "南宫",
        "申屠",
        "公孙",
        "轩辕",
        "钟离",
    ]
)


def problems(content: Content) -> list[Problem]:
    found = [
        Problem(path=name, message=_("Points lie between 0 and 1,000."))
        for name in ("relation", "insured", "beneficiary", "address", "phone", "surname", "propose_from")
        if not 0 <= _int(content, name) <= 1_000
    ]
    if not 2 <= _int(content, "phone_at_most") <= 20:
        found.append(Problem(path="phone_at_most", message=_("Between 2 and 20 persons.")))
    if not 2 <= _int(content, "address_at_most") <= 20:
        found.append(Problem(path="address_at_most", message=_("Between 2 and 20 persons.")))
    if not 2 <= _int(content, "largest") <= 20:
        found.append(Problem(path="largest", message=_("Between 2 and 20 persons.")))
    return found


def _int(content: Content, name: str) -> int:
    value = content.get(name)
    return value if isinstance(value, int) else -1


@dataclass(frozen=True)
class Person:
    """What the rules need of a person."""

    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    policies: int = 0


Pair = tuple[UUID, UUID]


def pair_of(left: UUID, right: UUID) -> Pair:
    return (left, right) if left < right else (right, left)


def surname(name: str) -> str:
    """Of a Chinese name; "" for names in letters."""
    if not name or name[0].isascii():
        return ""
    return name[:2] if name[:2] in COMPOUND else name[:1]


def roles(
    members: Sequence[UUID], persons: Mapping[UUID, Person], relations: Mapping[Pair, str], *, today: date,
    head: UUID | None = None,
) -> dict[UUID, MemberRole]:  # fmt: skip
    """Who is who: as relations say it, else by age and sex. `relations`: what the first is to the second.

    `head`: of the household the members join; else the grown-up with most policies, then the oldest.
    """
    chosen = head or min(members, key=lambda one: _rank(one, persons.get(one, Person()), today))
    found = {one: _role(one, chosen, persons, relations) for one in members if one != chosen}
    for extra in [one for one, role in found.items() if role is MemberRole.SPOUSE][1:]:
        found[extra] = MemberRole.OTHER
    return found if chosen not in members else {chosen: MemberRole.HEAD, **found}


def _rank(one: UUID, person: Person, today: date) -> tuple[bool, int, int, UUID]:
    age = age_on(person.birth_date, today)
    return (age is not None and age < _ADULT, -person.policies, -(age or 0), one)


_BY_RELATION: Final = {
    "spouse": MemberRole.SPOUSE, "child": MemberRole.CHILD, "parent": MemberRole.PARENT,
    "sibling": MemberRole.SIBLING,
}  # fmt: skip
REVERSE: Final = {
    "child": "parent", "parent": "child", "grandchild": "grandparent", "grandparent": "grandchild", "ward": "guardian",
    "guardian": "ward",
}  # fmt: skip


def _role(one: UUID, head: UUID, persons: Mapping[UUID, Person], relations: Mapping[Pair, str]) -> MemberRole:
    said = relations.get((one, head)) or REVERSE.get(relations.get((head, one), ""), relations.get((head, one), ""))
    if said in _BY_RELATION:
        return _BY_RELATION[said]
    mine, theirs = persons.get(one, Person()), persons.get(head, Person())
    if mine.birth_date is None or theirs.birth_date is None:
        return MemberRole.OTHER
    gap = mine.birth_date.year - theirs.birth_date.year
    if gap >= _GENERATION:
        return MemberRole.CHILD
    if gap <= -_GENERATION:
        return MemberRole.PARENT
    if mine.sex and theirs.sex and mine.sex != theirs.sex and surname(mine.name) != surname(theirs.name):
        return MemberRole.SPOUSE
    return MemberRole.OTHER


def day_of(now: datetime) -> date:
    """The day in China at that moment."""
    return now.astimezone(_CHINA).date()


def age_on(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# --- The picture ------------------------------------------------------------------------------------------------------
WIDTH: Final = 860
HEIGHT: Final = 430


def places(first: Sequence[int]) -> tuple[list[tuple[int, int]], list[list[tuple[int, int]]]]:
    """Places for the first ring, and for those behind each of them. `first[i]`: how many stand behind the i-th.

    Every one of the first ring gets a stretch of the circle as wide as what stands behind it.
    """
    weights = [1 + 0.55 * count for count in first]
    total = sum(weights) or 1
    ring: list[tuple[int, int]] = []
    behind: list[list[tuple[int, int]]] = []
    at = 0.0
    # One stands to the right, two face one another; more begin at the top.
    start = -math.pi if len(weights) == 1 else -math.pi / 2
    for count, weight in zip(first, weights, strict=True):
        middle = (at + weight / 2) / total * 2 * math.pi + start
        ring.append(_point(middle, 0.5))
        stretch = weight / total * 2 * math.pi * 0.8
        behind.append(
            [
                _point(middle + stretch * ((number + 0.5) / count - 0.5), 0.98 if number % 2 == 0 else 0.84)
                for number in range(count)
            ]
        )
        at += weight
    return ring, behind


def _point(angle: float, radius: float) -> tuple[int, int]:
    x = WIDTH / 2 + radius * (WIDTH / 2 - 40) * math.cos(angle)
    y = HEIGHT / 2 + radius * (HEIGHT / 2 - 26) * math.sin(angle)
    return round(x), round(y)
