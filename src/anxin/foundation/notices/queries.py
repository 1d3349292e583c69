"""Reading one's notices."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import Count, QuerySet

from anxin.foundation.notices import access
from anxin.foundation.notices.data import NoticeView
from anxin.foundation.notices.models import Notice
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Statement


class NoticeNotFound(Exception):
    """No such notice of this user."""


def list_notices(actor: Actor) -> QuerySet[Notice]:
    """One's notices, for a keyset page. Stays in this room."""
    return access.visible_notices(actor)


def count_unread(actor: Actor) -> int:
    """0 for an actor without a bell."""
    if not actor.may("notices.view"):
        return 0
    return int(_UNREAD.one(user=actor.user_id) or 0) if actor.user_id is not None else 0


def _unread(user: Any) -> QuerySet[Any, Any]:
    unread = Notice.objects.filter(user=user, read_at__isnull=True).order_by().values("user")
    return unread.annotate(number=Count("pk")).values_list("number")


_UNREAD: Final = Statement(_unread, user=UUID)


def get_notice(actor: Actor, notice_id: UUID) -> NoticeView:
    """Raises NoticeNotFound."""
    found = access.visible_notices(actor).filter(pk=notice_id).first()
    if found is None:
        raise NoticeNotFound(str(notice_id))
    return view(found)


def view(row: Notice) -> NoticeView:
    return NoticeView(
        id=row.id,
        kind=row.kind,
        title_zh=row.title_zh,
        title_en=row.title_en,
        url=row.url,
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )
