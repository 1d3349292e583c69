"""Telling staff something, once; and their having read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from anxin.foundation.notices import access
from anxin.foundation.notices.models import Notice
from anxin.kernel.actor import Actor

KEPT_FOR = timedelta(days=90)


def tell(
    *, now: datetime, users: Iterable[UUID], kind: str, title_zh: str, title_en: str, dedupe_key: str, url: str = ""
) -> int:
    """Ring the bell of these users; telling the same user the same `dedupe_key` again does nothing. How many are new.

    Call it inside the transaction of what happened. Titles hold no personal data of customers; `url` is a path of this
    product.
    """
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError("A notice leads to a page of this product.")
    wanted = list(dict.fromkeys(users))
    with transaction.atomic():
        known = set(Notice.objects.filter(user__in=wanted, dedupe_key=dedupe_key).values_list("user_id", flat=True))
        rows = [
            Notice(
                user_id=user, kind=kind, title_zh=title_zh, title_en=title_en, url=url, dedupe_key=dedupe_key,
                created_at=now,
            )
            for user in wanted
            if user not in known
        ]  # fmt: skip
        Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
    return len(rows)


def mark_read(*, actor: Actor, now: datetime, notice_ids: Iterable[UUID] | None = None) -> int:
    """Mark one's notices as read, all of them without `notice_ids`. Returns how many were unread."""
    rows = access.visible_notices(actor).filter(read_at__isnull=True)
    if notice_ids is not None:
        rows = rows.filter(pk__in=list(notice_ids))
    return rows.update(read_at=now)


def remove_old(*, now: datetime) -> int:
    """Forget what was told more than KEPT_FOR ago."""
    return Notice.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
