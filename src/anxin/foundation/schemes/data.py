"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="schemes.view",
        label=_("See business rules"),
        defaults={
            Role.BRANCH_MANAGER: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.TEAM_LEAD: Scope.ALL,
        },
    ),
    Permission(
        code="schemes.edit",
        label=_("Change business rules"),
        defaults={
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "SchemeVersion.kind": NOT_PERSONAL,
    "SchemeVersion.state": NOT_PERSONAL,
    "SchemeVersion.content": NOT_PERSONAL,
    "SchemeVersion.note": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "schemes.draft": _("Drafted a version of a scheme"),
    "schemes.edit": _("Edited a draft of a scheme"),
    "schemes.activate": _("Put a scheme into force"),
    "schemes.retire": _("Took a scheme out of force"),
}
THINGS: dict[str, str] = {"scheme": _("Scheme")}

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"
Content: TypeAlias = Mapping[str, Plain]


class FieldKind(StrEnum):
    """How a value of a scheme is written down and asked for."""

    INTEGER = "integer"
    MONEY = "money"  # fen; asked for in yuan
    SHARE = "share"  # basis points; asked for in per cent
    TEXT = "text"
    YES_NO = "yes_no"
    ROWS = "rows"
    INTEGERS = "integers"  # a list, asked for with commas
    CHOICE = "choice"  # one of the field's choices
    CHOICES = "choices"  # several of them in their order, parted by commas: kept as codes, written and read as words


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value that may be chosen. `label` is English, marked for translation; what has no catalogue brings `zh` along.

    `sign` and `level` (ok, info, warn, danger, brand) make it a mark: all of few choices are shown side by side.
    """

    code: str
    label: str
    zh: str = ""
    sign: str = ""
    level: str = ""


@dataclass(frozen=True, kw_only=True)
class SchemeField:
    """One value of a scheme's content under `code`. `columns` are the fields of each row of ROWS."""

    code: str
    label: str  # English, marked for translation
    kind: FieldKind
    hint: str = ""
    columns: tuple[SchemeField, ...] = ()
    choices: tuple[Choice, ...] = ()
    # A number that is money (fen; asked for in yuan) in rows whose column `[0]` has one of the values `[1]`.
    money_when: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a content cannot stand. `path` is `tiers.2.from_fen`; `message` English of the catalogue with `values`."""

    path: str
    message: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One line of a dry run: how many are in a class now, and how many would be."""

    label: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class SchemeKind:
    """One kind of business rules: what it is called, what its content looks like, what it is when nobody changed it."""

    code: str
    label: str
    help: str
    fields: tuple[SchemeField, ...]
    default: Content
    validate: Callable[[Content], Sequence[Problem]]
    preview: Callable[[Content], Sequence[Effect]] | None = None
    trial_url: str = ""  # name of the page with a dry run that takes long; it gets the id of the version


@dataclass(frozen=True, kw_only=True)
class SchemeView:
    """One version of the rules of a kind. Version 0 is what is shipped."""

    kind: str
    version: int
    content: Content
    effective_from: date | None = None
    id: UUID | None = None
    state: str = "active"
    note: str = ""
    edition: int = 0
    created_at: datetime | None = None
    activated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A value that differs between two contents; "" for one that is not there."""

    path: str
    before: Plain
    after: Plain
