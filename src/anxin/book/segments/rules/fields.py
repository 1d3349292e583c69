"""What schemes of this room are built of: fields of their contents, and judgements of what may stand in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from anxin.foundation.schemes.data import Choice, Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

WHOLE_BP = 10_000


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One scheme: see `foundation.schemes.services.register_kind`."""

    code: str
    label: str
    help: str
    fields: tuple[SchemeField, ...]
    default: Content
    validate: Callable[[Content], Sequence[Problem]]


def field(code: str, label: str, kind: FieldKind = FieldKind.INTEGER, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=kind, hint=hint)


def rows(code: str, label: str, *columns: SchemeField, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.ROWS, columns=columns, hint=hint)


def text(code: str, label: str) -> SchemeField:
    return field(code, label, FieldKind.TEXT)


def money(code: str, label: str, hint: str = "") -> SchemeField:
    return field(code, label, FieldKind.MONEY, hint)


def share(code: str, label: str, hint: str = "") -> SchemeField:
    return field(code, label, FieldKind.SHARE, hint)


def anything(_content: Content) -> list[Problem]:
    """What the fields let pass is right."""
    return []


def sums_to_whole(*names: str) -> Callable[[Content], list[Problem]]:
    """Shares that together must be 100 %, none below zero."""

    def judge(content: Content) -> list[Problem]:
        values: list[Any] = [content[name] for name in names]
        if min(values) >= 0 and sum(values) == WHOLE_BP:
            return []
        return [Problem(path=names[-1], message=_("These shares must add up to 100 %."))]

    return judge


def not_negative(content: Content) -> list[Problem]:
    """Every number from 0 on."""
    return [
        Problem(path=name, message=_("Enter a number from 0 on."))
        for name, value in content.items()
        if isinstance(value, int) and value < 0
    ]


def rising(*names: str) -> Callable[[Content], list[Problem]]:
    """Each value above the one before."""

    def judge(content: Content) -> list[Problem]:
        values: list[Any] = [content[name] for name in names]
        if all(one < other for one, other in pairwise(values)) and values[0] >= 0:
            return []
        return [Problem(path=names[-1], message=_("Each of these values must be above the one before."))]

    return judge


def together(*judges: Callable[[Content], Sequence[Problem]]) -> Callable[[Content], list[Problem]]:
    def judge(content: Content) -> list[Problem]:
        return [problem for one in judges for problem in one(content)]

    return judge


def choice(code: str, label: str, choices: Sequence[Choice]) -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.CHOICE, choices=tuple(choices))


def choices_in_order(code: str, label: str, choices: Sequence[Choice]) -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.CHOICES, choices=tuple(choices))
