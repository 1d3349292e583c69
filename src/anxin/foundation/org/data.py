"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="org.view",
        label=_("See the organisation"),
        defaults={
            Role.CALL_AGENT: Scope.ALL,
            Role.COUNTER_STAFF: Scope.ALL,
            Role.LOBBY_MANAGER: Scope.ALL,
            Role.CUSTOMER_MANAGER: Scope.ALL,
            Role.TEAM_LEAD: Scope.ALL,
            Role.COMPLAINT_HANDLER: Scope.ALL,
            Role.COMPLAINT_REVIEWER: Scope.ALL,
            Role.BRANCH_MANAGER: Scope.ALL,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
            Role.DATA_STEWARD: Scope.ALL,
        },
    ),
    Permission(
        code="org.edit",
        label=_("Change the organisation"),
        defaults={
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Unit.code": NOT_PERSONAL,
    "Unit.name": NOT_PERSONAL,
    "Unit.level": NOT_PERSONAL,
    "Unit.path": NOT_PERSONAL,
    "Unit.division_code": NOT_PERSONAL,
    "WorkingCalendar.code": NOT_PERSONAL,
    "WorkingCalendar.name": NOT_PERSONAL,
    "WorkingCalendar.weekly_hours": NOT_PERSONAL,
    "WorkingCalendar.timezone": NOT_PERSONAL,
    "CalendarDay.hours": NOT_PERSONAL,
    "CalendarDay.name": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "org.create_unit": _("Created a unit"),
    "org.change_unit": _("Changed a unit"),
    "org.move_unit": _("Moved a unit"),
    "org.give_post": _("Gave a post"),
    "org.end_post": _("Ended a post"),
    "org.create_calendar": _("Created a calendar"),
    "org.change_calendar": _("Changed the hours of a calendar"),
    "org.set_day": _("Set a day of a calendar"),
    "org.remove_day": _("Removed a day of a calendar"),
    "org.fill_year": _("Filled the holidays of a year in"),
}
THINGS: dict[str, str] = {"unit": _("Unit"), "calendar": _("Calendar")}


@dataclass(frozen=True, kw_only=True)
class PostLine:
    """One post of a user, in words."""

    unit: str
    role_zh: str
    role_en: str


@dataclass(frozen=True, kw_only=True)
class SignedOn:
    """A user at work: what they may do, and the posts it comes from."""

    actor: Actor
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, kw_only=True)
class UnitChange:
    """What a unit was until somebody changed it."""

    at: datetime
    by: str
    name: str
    path: str
    is_active: bool


class UnitNotFound(Exception):
    """There is no such unit."""


class PostNotFound(Exception):
    """There is no such post, or it has ended."""


class CalendarNotFound(Exception):
    """There is no such calendar, or no such day in it."""


class IllegalMove(ValueError):
    """A unit cannot come to lie under itself."""


class CodeTaken(Exception):
    """There is a unit or calendar with this code already."""


class RoleTooWide(Exception):
    """The actor may not hand out a role that can do what they cannot."""
