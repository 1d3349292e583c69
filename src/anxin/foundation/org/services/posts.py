"""Who holds which role where."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from anxin.foundation.accounts import queries as accounts
from anxin.foundation.audit import services as audit
from anxin.foundation.org import access
from anxin.foundation.org.data import RoleTooWide, UnitNotFound
from anxin.foundation.org.models import Post, Unit
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def give_post(
    *, actor: Actor, now: datetime, user_id: UUID, unit_id: UUID, role: str, from_date: date,
    until_date: date | None = None,
) -> Post:  # fmt: skip
    """Give a user a role in a unit. A post held already is returned as it is. Raises UnitNotFound, RoleTooWide."""
    access.get_unit(actor, unit_id, "org.edit")
    _check_width(actor, role)
    with transaction.atomic():
        held = Post.objects.filter(user=user_id, unit=unit_id, role=role, until_date__isnull=True).first()
        if held is not None:
            return held
        post = Post.objects.create(
            user_id=user_id, unit_id=unit_id, role_id=role, from_date=from_date, until_date=until_date
        )
        _record(actor, now, "org.give_post", post)
    return post


def give_post_by_code(
    *, actor: Actor, now: datetime, user_id: UUID, unit_code: str | None, role: str, from_date: date
) -> Post:
    """Like `give_post`, the unit by its code; None means the root, which is made when there is no unit at all."""
    if unit_code is None:
        unit = Unit.objects.filter(parent__isnull=True).order_by("path").first()
        if unit is None:
            unit = Unit.objects.create(code="HQ", name="总公司", level=Unit.Level.HEADQUARTERS, path="/HQ/")
    else:
        unit = Unit.objects.filter(code=unit_code).first()
    if unit is None:
        raise UnitNotFound(unit_code)
    return give_post(actor=actor, now=now, user_id=user_id, unit_id=unit.id, role=role, from_date=from_date)


def end_post(*, actor: Actor, now: datetime, post_id: UUID, until_date: date) -> None:
    """The post ends before `until_date` begins; with today's date the holder loses it with the next request."""
    with transaction.atomic():
        post = access.get_post(actor, post_id)
        Post.objects.filter(pk=post.pk).update(until_date=max(until_date, post.from_date))
        _record(actor, now, "org.end_post", post)


def _check_width(actor: Actor, role: str) -> None:
    """Who may edit the organisation but not the roles hands out only what they may do themselves."""
    if actor.scope("accounts.edit") is Scope.ALL:
        return
    for code, scope in accounts.grants_of(role).items():
        held = actor.scope(code)
        if held is None or held.width < scope.width:
            raise RoleTooWide(role)


def _record(actor: Actor, now: datetime, action: str, post: Post) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="user", object_id=post.user_id,
        object_ref=post.user.username, detail={"role": post.role_id, "unit": post.unit.code},
    )  # fmt: skip
