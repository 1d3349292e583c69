"""What the night does: whose last retention period is over, which requests are late, which erasures a restore undid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from anxin.book.customers.queries import persons
from anxin.book.rights import queries, rules
from anxin.book.rights.models import RetentionDue, SubjectRequest
from anxin.book.rights.services import repeating
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor

BATCH: Final = 2_000


def nightly(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Any number of times with the same end."""
    return {"erased_again": repeating.repeat(now=now), **find_due(now=now), "warned": warn(now=now)}


def find_due(*, now: datetime) -> dict[str, int]:
    """Judge every person of the book and write down who may be forgotten; those who may not any more are taken off."""
    today = rules.day_of(now)
    content = schemes.active(rules.RETENTION, on=today).content
    # Nobody is due whose file is younger than the shortest of all periods.
    shortest = min(int(str(years)) for years in content.values())
    before = rules.years_after(today, -shortest)
    looked = due = 0
    for keys in _batches(before):
        found = queries.verdicts(keys, today=today)
        over = {key: verdict for key, verdict in found.items() if verdict.is_over(today)}
        with transaction.atomic():
            RetentionDue.objects.filter(party__in=keys).exclude(party__in=list(over)).delete()
            RetentionDue.objects.bulk_create(
                [
                    RetentionDue(
                        party_id=key, due_date=verdict.due or today, ground=verdict.ground,
                        scheme_version=verdict.scheme_version, found_at=now,
                    )
                    for key, verdict in over.items()
                ],
                update_conflicts=True, unique_fields=["party"],
                update_fields=["due_date", "ground", "scheme_version", "found_at"],
            )  # fmt: skip
        looked += len(keys)
        due += len(over)
    return {"looked_at": looked, "due": due}


def warn(*, now: datetime) -> int:
    """Tell the desk of open requests whose day comes near or is over; once for each request and day."""
    today = rules.day_of(now)
    days = int(str(schemes.active(rules.CLOCKS, on=today).content["warning"]))
    rows = SubjectRequest.objects.filter(state__in=rules.OPEN, due_date__lte=today + timedelta(days=days))
    told = 0
    for row in rows.exclude(extended_to__gt=today + timedelta(days=days)):
        users = [row.assignee_id] if row.assignee_id else org.holders_of("rights.handle", unit_id=None, today=today)
        told += notices.tell(
            now=now, users=users, kind="rights", title_zh="个人信息权利请求即将到期或已超期",
            title_en="A request about personal data is due or late", dedupe_key=f"rights-{row.pk}-{today}",
            url=f"/rights/{row.pk}/",
        )  # fmt: skip
    return told


def _batches(before: Any) -> Iterator[list[UUID]]:
    last: UUID | None = None
    while keys := persons.created_before(before, after=last, limit=BATCH):
        yield keys
        last = keys[-1]
