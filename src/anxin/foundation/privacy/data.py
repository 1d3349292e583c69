"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="privacy.view",
        label=_("See the personal-data register"),
        defaults={
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.DATA_PROTECTION: Scope.ALL,
        },
    ),
)

_WRITES = Permission(
    code="privacy.edit",
    label=_("Keep privacy notices, activities, impact assessments and breaches"),
    defaults={Role.HEAD_OFFICE: Scope.ALL, Role.DATA_PROTECTION: Scope.ALL},
)
PERMISSIONS = (*PERMISSIONS, _WRITES)

PERSONAL_DATA: dict[str, PersonalData] = {
    "KeyProof.sealed": PersonalData(Kind.NOT_PERSONAL, Protection.ENCRYPTED, purpose=""),
    "KeyProof.blind": PersonalData(Kind.NOT_PERSONAL, Protection.BLIND_INDEX, purpose=""),
    **dict.fromkeys(
        (
            "PrivacyNotice.code",
            "PrivacyNotice.title",
            "PrivacyNotice.text",
            "PrivacyNotice.published_by_name",
            "ProcessingActivity.name",
            "ProcessingActivity.purpose",
            "ProcessingActivity.legal_basis",
            "ProcessingActivity.kinds",
            "ProcessingActivity.recipients",
            "ProcessingActivity.retention",
            "ImpactAssessment.necessity",
            "ImpactAssessment.impact",
            "ImpactAssessment.risk",
            "ImpactAssessment.measures",
            "ImpactAssessment.conclusion",
            "ImpactAssessment.assessor_name",
            "Breach.what",
            "Breach.cause",
            "Breach.kinds",
            "Breach.harm",
            "Breach.measures",
            "Breach.why_people_not_told",
            "Breach.recorded_by_name",
        ),
        NOT_PERSONAL,
    ),
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "privacy.publish_notice": _("Published a privacy notice"),
    "privacy.save_activity": _("Recorded a processing activity"),
    "privacy.assess": _("Recorded an impact assessment"),
    "privacy.save_breach": _("Recorded a data breach"),
    "privacy.rotate_keys": _("Took a new encryption key into use"),
    "privacy.retire_keys": _("Retired old encryption keys"),
}
THINGS: dict[str, str] = {
    "publish_notice": _("Privacy notice"),
    "save_activity": _("Processing activity"),
    "assess": _("Impact assessment"),
    "save_breach": _("Data breach"),
    "key_ring": _("Encryption keys"),
}


class WrongKeys(Exception):
    """The keys of this process are not those this database was sealed with. The text never holds a key."""


@dataclass(frozen=True, kw_only=True)
class RegisterLine:
    """One column of the register, with the room and table it stands in."""

    room: str
    room_name: str
    model: str
    column: str
    table: str
    entry: PersonalData

    @property
    def is_personal(self) -> bool:
        return self.entry.kind is not Kind.NOT_PERSONAL


Plain = str | int | bool | None


class Mode(StrEnum):
    """RESTRICT: stop working with the person (open tasks, reminders), keep what is stored. ERASE: for good."""

    RESTRICT = "restrict"
    ERASE = "erase"


@dataclass(frozen=True, kw_only=True)
class Records:
    """One table of the copy a person gets. `title` and the values of `labels` are English, marked for translation.

    Rows hold codes and fen, for machines; `words` says how people read the codes of a column: code → English, marked.
    """

    code: str
    title: str
    labels: Mapping[str, str]
    rows: Sequence[Mapping[str, Plain]]
    words: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Something that forbids erasing for a time. `since`: when its time began to run; None: it still runs.

    `ground` is a code the retention scheme knows (`contract_short`, `claim` …); `what` names the thing without personal
    data, such as a policy number.
    """

    ground: str
    since: date | None
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What became of the rows of one table: `removed` are gone, `blanked` stand without anything that says who."""

    table: str
    removed: int = 0
    blanked: int = 0
    kept: int = 0
    why_kept: str = ""  # English, marked


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What a room holds of a person, and how it is handed out and erased.

    `covers`: names of its models that `export` and `erase` speak for. `keeps`: model → why neither does (English,
    marked): a legal duty, or because it holds staff, not customers. `erase` runs in the caller's transaction, may be
    called again with the same end, and removes the history rows too (`services.holdings.forget_history`). `holds`
    answers for many people at once what forbids erasing them: the night asks for the whole book.
    """

    room: str
    covers: frozenset[str] = frozenset()
    keeps: Mapping[str, str] = field(default_factory=dict)
    export: Callable[[UUID], Iterable[Records]] | None = None
    erase: Callable[[UUID, Mode, datetime], Iterable[Erased]] | None = None
    holds: Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Hold]]] | None = None
