"""Reading the organisation: who acts with which reach, units, colleagues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from anxin.foundation.accounts import queries as accounts
from anxin.foundation.accounts.data import SignedInUser
from anxin.foundation.org import access, rules
from anxin.foundation.org.data import PostLine, SignedOn, UnitChange
from anxin.foundation.org.models import CalendarDay, Post, Unit, WorkingCalendar
from anxin.kernel import holidays
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.statements import Json, Statement
from anxin.kernel.worktime import Calendar


@dataclass(frozen=True, kw_only=True)
class StaffChoice:
    """A colleague as a picker shows them."""

    id: UUID
    name: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class UnitChoice:
    """A unit as a picker shows it."""

    id: UUID
    code: str
    name: str
    level: str
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody who holds a permission by a post: for everything, or for what is at or below `path`."""

    user_id: UUID
    name: str
    unit_id: UUID
    unit: str
    path: str
    reaches_all: bool


def actor_for(
    user: SignedInUser, *, today: date, channel: str = "web", address: str = "", request_ref: str = "",
    only: Iterable[str] | None = None,
) -> Actor:  # fmt: skip
    """The actor a user is today: one query. `only` cuts the grants to those codes (an API token's)."""
    return sign_on(
        user, today=today, channel=channel, address=address, request_ref=request_ref, only=only
    ).actor  # fmt: skip


def sign_on(
    user: SignedInUser, *, today: date, channel: str = "web", address: str = "", request_ref: str = "",
    only: Iterable[str] | None = None,
) -> SignedOn:  # fmt: skip
    """The actor a user is today, and the posts that make them so, in the same query."""
    held = [_HeldPost._make(post) for post in _POSTS.all(user=user.id, today=today)]
    grants = accounts.widest({post.role: post.grants for post in held}.values())
    if only is not None:
        allowed = set(only)
        grants = {code: scope for code, scope in grants.items() if code in allowed}
    actor = Actor(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        grants=grants,
        unit_ids=frozenset(post.unit_id for post in held),
        unit_paths=tuple(sorted({post.path for post in held})),
        channel=channel,
        address=address,
        request_ref=request_ref,
    )
    lines = tuple(PostLine(unit=post.unit, role_zh=post.role_zh, role_en=post.role_en) for post in held)
    return SignedOn(actor=actor, posts=lines)


class _HeldPost(NamedTuple):
    unit_id: UUID
    path: str
    unit: str
    role: str
    role_zh: str
    role_en: str
    grants: Mapping[str, str]


def _posts(user: Any, today: Any) -> QuerySet[Any, Any]:
    return (
        _held(today)
        .filter(user=user)
        .order_by("from_date", "id")
        .values_list(
            "unit_id", "unit__path", "unit__name", "role_id", "role__name_zh", "role__name_en",
            accounts.grants_of_role(OuterRef("role_id")),
        )
    )  # fmt: skip


def _held(today: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(until_date__isnull=True) | Q(until_date__gt=today), from_date__lte=today)


_POSTS: Final = Statement(_posts, user=UUID, today=date)


def units_within(paths: Iterable[str]) -> list[UUID]:
    """Ids of the units at or below any of `paths`."""
    reach = Q(pk__in=[])
    for path in paths:
        reach |= Q(path__startswith=path)
    return list(Unit.objects.filter(reach).values_list("id", flat=True))


def units_at_or_below(unit_id: UUID) -> list[UUID]:
    """Ids of the unit and of everything under it; empty when there is no such unit."""
    return units_within(Unit.objects.filter(pk=unit_id).values_list("path", flat=True))


def colleagues_of(actor: Actor) -> list[UUID]:
    """Ids of the users with a post in one of the actor's units: the team."""
    return list(Post.objects.filter(unit__in=actor.unit_ids, until_date__isnull=True).values_list("user_id", flat=True))


def work_within(actor: Actor, scope: Scope, mine: Q, *, held_by: Iterable[str] = ("owner_id",)) -> Q:
    """The rows of work (with columns `owner` and `unit`) that `scope` reaches.

    OWN: `mine`. TEAM: also what a colleague holds by one of the columns `held_by`, and what lies unowned in the actor's
    units. UNIT: also everything at or below those units. ALL: everything.
    """
    if scope is Scope.ALL:
        return Q()
    if scope is Scope.OWN:
        return mine
    if scope is Scope.UNIT:
        return mine | Q(unit_id__in=units_within(actor.unit_paths))
    team = colleagues_of(actor)
    for column in held_by:
        mine |= Q(**{f"{column}__in": team})
    return mine | Q(owner_id=None, unit_id__in=actor.unit_ids)


def find_staff(
    actor: Actor, text: str = "", *, permission: str | None = None, ids: Iterable[UUID] | None = None, limit: int = 20
) -> list[StaffChoice]:
    """Active users with a post, by part of name, log-in name or staff number. One row per user.

    `permission` keeps to those within the actor's scope of it: what a picker may offer. `ids` looks users up instead.
    """
    posts = Post.objects.filter(until_date__isnull=True, user__is_active=True)
    if permission is not None:
        scope = actor.require(permission)
        if scope is Scope.OWN:
            posts = posts.filter(user=actor.user_id)
        elif scope is Scope.TEAM:
            posts = posts.filter(unit__in=actor.unit_ids)
        elif scope is Scope.UNIT:
            posts = posts.filter(unit__in=units_within(actor.unit_paths))
    if ids is not None:
        posts = posts.filter(user__in=list(ids))
    if text:
        by_code = Q(user__username__startswith=text) | Q(user__staff_no__startswith=text)
        posts = posts.filter(Q(user__display_name__contains=text) | by_code)
    rows = posts.order_by("user", "unit__path").distinct("user").values("user_id", "user__display_name", "unit__name")
    found = [StaffChoice(id=row["user_id"], name=row["user__display_name"], unit=row["unit__name"]) for row in rows]
    return sorted(found, key=lambda choice: (choice.unit, choice.name))[:limit]


def find_units(actor: Actor, text: str = "", *, permission: str, limit: int = 30) -> list[UnitChoice]:
    """Active units within the actor's scope of `permission`, by part of name or beginning of code, top down."""
    scope = actor.require(permission)
    units = Unit.objects.filter(is_active=True)
    if scope is not Scope.ALL:
        units = units.filter(pk__in=units_within(actor.unit_paths))
    if text:
        units = units.filter(Q(name__contains=text) | Q(code__startswith=text))
    return [
        UnitChoice(id=u.id, code=u.code, name=u.name, level=u.level, path=u.path)
        for u in units.order_by("path")[:limit]
    ]


def holders_of(permission: str, *, unit_id: UUID | None, today: date, limit: int = 50) -> list[UUID]:
    """Active users who hold `permission` with scope ALL, or with scope UNIT in a unit at or above `unit_id`."""
    path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() if unit_id else None
    codes = path.strip("/").split("/") if path else []
    scopes = accounts.scopes_of(permission)
    reach = Q(role__in=[role for role, scope in scopes.items() if scope is Scope.ALL])
    reach |= Q(role__in=[role for role, scope in scopes.items() if scope is Scope.UNIT], unit__code__in=codes)
    rows = _held(today).filter(reach, user__is_active=True).order_by("user").distinct("user")
    return list(rows.values_list("user_id", flat=True)[:limit])


def list_holders(permission: str, *, today: date, limit: int = 1_000) -> list[Holder]:
    """Active users who hold `permission` with scope UNIT or ALL, once for each post, by unit from the top down."""
    scopes = accounts.scopes_of(permission)
    roles = [role for role, scope in scopes.items() if scope in (Scope.ALL, Scope.UNIT)]
    rows = _held(today).filter(role__in=roles, user__is_active=True).order_by("unit__path", "user__display_name")
    told = rows.values_list("user_id", "user__display_name", "unit_id", "unit__name", "unit__path", "role_id")
    return [
        Holder(
            user_id=user, name=name, unit_id=unit_id, unit=unit, path=path, reaches_all=scopes[role] is Scope.ALL
        )
        for user, name, unit_id, unit, path, role in told[:limit]
    ]  # fmt: skip


def path_of(unit_id: UUID | None) -> str:
    """The path of a unit; "" for none."""
    return Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() or "" if unit_id else ""


def has_role(user_id: UUID, roles: Iterable[str]) -> bool:
    """Whether the user holds an open post with one of these roles."""
    return Post.objects.filter(user=user_id, until_date__isnull=True, role__in=list(roles)).exists()


def unit_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of units by id."""
    return dict(Unit.objects.filter(pk__in=list(ids)).values_list("id", "name"))


def unit_of(user_id: UUID) -> UUID | None:
    """The unit a user's work belongs to: that of the highest open post, the first code among equals."""
    return (
        Post.objects.filter(user=user_id, until_date__isnull=True)
        .order_by("unit__path")
        .values_list("unit_id", flat=True)
        .first()
    )


def members_within(paths: Iterable[str]) -> list[UUID]:
    """Ids of the users with a post at or below any of these tree paths."""
    posts = Post.objects.filter(until_date__isnull=True, unit__in=units_within(paths))
    return list(posts.values_list("user_id", flat=True))


def find_example_holder(role: str, *, today: date) -> SignedInUser | None:
    """An active user who holds `role` today; of several the one who joined first. For demo instances."""
    post = (
        _held(today).filter(role=role, user__is_active=True).select_related("user").order_by("from_date", "id").first()
    )
    return post.user if post else None


def get_unit(actor: Actor, unit_id: UUID) -> Unit:
    """Raises UnitNotFound, also for a unit beyond reach."""
    return access.get_unit(actor, unit_id)


def list_roots(actor: Actor) -> QuerySet[Unit]:
    """The topmost units the actor reaches, with the number of units right under each."""
    mine = access.visible_units(actor)
    return _counted(mine.exclude(parent__in=mine))


def list_children(actor: Actor, unit_id: UUID) -> QuerySet[Unit]:
    return _counted(access.visible_units(actor).filter(parent=unit_id))


def search_units(actor: Actor, words: str, *, limit: int = 100) -> list[Unit]:
    """Units by part of name or beginning of code, from the top down."""
    found = access.visible_units(actor).filter(Q(name__icontains=words) | Q(code__istartswith=words))
    return list(_counted(found).order_by("path")[:limit])


def _counted(units: QuerySet[Unit]) -> QuerySet[Unit]:
    return units.annotate(child_count=Count("children")).order_by("code")


def ancestors_of(unit: Unit) -> list[Unit]:
    """From the root down to right above the unit."""
    codes = unit.path.strip("/").split("/")[:-1]
    return sorted(Unit.objects.filter(code__in=codes), key=lambda one: len(one.path))


def posts_in(unit_id: UUID, *, today: date) -> QuerySet[Post]:
    """Who holds a post in the unit today."""
    return _held(today).filter(unit=unit_id).select_related("user", "role").order_by("role_id", "user__display_name")


def list_staff(
    actor: Actor, *, today: date, words: str = "", role: str = "", unit_id: UUID | None = None
) -> QuerySet[Post]:
    """Posts held today within reach: by part of name, user name or staff number, by role, at or below a unit."""
    posts = _held(today).filter(unit__in=access.visible_units(actor)).select_related("user", "unit", "role")
    if words:
        posts = posts.filter(
            Q(user__display_name__icontains=words)
            | Q(user__username__istartswith=words)
            | Q(user__staff_no__istartswith=words)
            | Q(unit__name__icontains=words)
        )
    if role:
        posts = posts.filter(role=role)
    if unit_id is not None:
        posts = posts.filter(unit__in=units_at_or_below(unit_id))
    return posts


def history_of(unit_id: UUID, *, limit: int = 50) -> list[UnitChange]:
    """What the unit was before each change, newest first."""
    events = (
        apps.get_model("org", "UnitEvent")
        .objects.filter(pgh_obj_id=unit_id)
        .select_related("pgh_context")
        .order_by("-pgh_id")[:limit]
    )
    return [
        UnitChange(
            at=event.pgh_created_at,
            by=str((event.pgh_context.metadata if event.pgh_context else {}).get("name", "")),
            name=event.name, path=event.path, is_active=event.is_active,
        )
        for event in events
    ]  # fmt: skip


def working_calendar(unit_id: UUID | None = None) -> Calendar:
    """The calendar the unit works by: its own, else that of the nearest unit above, else the site's, else office hours.

    Years without any day in the table follow the normal week; `Calendar.warning_for` says so.
    """
    found = _CALENDAR.one(unit=unit_id) if unit_id else _SITE_CALENDAR.one()
    if found is None:
        years = sorted(holidays.published_years())
        return holidays.calendar_for(range(years[0], years[-1] + 1))
    days = [(date.fromisoformat(day["date"]), day) for day in found["days"] or ()]
    return rules.build_calendar(
        found["weekly_hours"],
        {at: (day["is_working"], day["hours"], day["name"]) for at, day in days},
        found["timezone"],
        frozenset(at.year for at, day in days if day["is_published"]),
    )


def _calendar_row(calendars: QuerySet[WorkingCalendar]) -> QuerySet[WorkingCalendar, Any]:
    days = CalendarDay.objects.filter(calendar=OuterRef("pk")).order_by("date")
    return calendars.order_by(Length("unit__path").desc(nulls_last=True), "code").values_list(
        Json(
            "weekly_hours", "timezone",
            days=ArraySubquery(days.values(day=Json("date", "is_working", "hours", "name", "is_published"))),
        )
    )[:1]  # fmt: skip


def _calendar_of(*, unit: UUID) -> QuerySet[WorkingCalendar, Any]:
    above = Unit.objects.filter(pk=unit, path__startswith=OuterRef("unit__path"))
    return _calendar_row(WorkingCalendar.objects.filter(Q(unit__isnull=True) | Exists(above)))


def _calendar_of_site() -> QuerySet[WorkingCalendar, Any]:
    return _calendar_row(WorkingCalendar.objects.filter(unit__isnull=True))


_CALENDAR: Final = Statement(_calendar_of, unit=UUID)
_SITE_CALENDAR: Final = Statement(_calendar_of_site)


def list_calendars() -> QuerySet[WorkingCalendar]:
    return WorkingCalendar.objects.select_related("unit").order_by(Length("unit__path").asc(nulls_first=True), "code")


def is_latest_calendar(calendar_id: UUID, version: int) -> bool:
    """Whether nobody changed a calendar since it had `version`."""
    return WorkingCalendar.objects.filter(pk=calendar_id, version=version).exists()


def find_calendar(calendar_id: UUID) -> WorkingCalendar | None:
    return WorkingCalendar.objects.select_related("unit").filter(pk=calendar_id).first()


def days_of(calendar_id: UUID, year: int) -> QuerySet[CalendarDay]:
    """The days of a year that differ from the week, in order."""
    return CalendarDay.objects.filter(calendar=calendar_id, date__year=year).order_by("date")
