"""How promises were kept, and which will not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Avg, Count, F, Q

from anxin.foundation.org import queries as org
from anxin.kernel import backlog
from anxin.kernel.actor import Actor
from anxin.service.desk import access
from anxin.service.desk.data import PromiseKind
from anxin.service.desk.models import Promise, Ticket
from anxin.service.desk.queries import schemes

# The forecast reads so many waiting tickets, due first.
LOOKED_AT: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Finished promises of a kind or type. `margin_seconds`: how much before it was due, on average (below zero:
    after)."""

    code: str
    finished: int
    kept: int
    margin_seconds: int

    @property
    def late_seconds(self) -> int:
        return -self.margin_seconds

    @property
    def share(self) -> float | None:
        return self.kept / self.finished if self.finished else None


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A ticket that the people at work now will not finish in time."""

    id: UUID
    number: str
    type: str
    customer: str
    owner: str
    due_at: datetime
    done_at: datetime

    @property
    def late_seconds(self) -> int:
        return int((self.done_at - self.due_at).total_seconds())


@dataclass(frozen=True, kw_only=True)
class Overview:
    by_kind: Sequence[Kept]
    by_type: Sequence[Kept]
    expected: Sequence[Expected]

    @property
    def by_owner(self) -> list[tuple[str, int]]:
        """Who will be late how often, most first; "" for what nobody has yet."""
        return Counter(one.owner for one in self.expected).most_common()


def kept(actor: Actor, *, now: datetime, days: int) -> Overview:
    """Promises finished in the last `days`, and the ones that the people at work now will not keep in time."""
    tickets = Ticket.objects.filter(access.reach(actor, "desk.lead"))
    rows = Promise.objects.filter(done_at__gte=now - timedelta(days=days), is_kept__isnull=False, ticket__in=tickets)
    by_kind = _figures(rows, "kind")
    by_type = _figures(rows.filter(kind=PromiseKind.RESOLVE), "ticket__type")
    expected = _forecast(tickets, now)
    return Overview(
        by_kind=by_kind, by_type=sorted(by_type, key=lambda one: (one.share or 0, -one.finished)),
        expected=expected,
    )  # fmt: skip


def _figures(rows: Any, column: str) -> list[Kept]:
    found = (
        rows.order_by()
        .values(column)
        .annotate(
            finished=Count("pk"), good=Count("pk", filter=Q(is_kept=True)), margin=Avg(F("due_at") - F("done_at"))
        )
    )
    return [
        Kept(
            code=row[column], finished=row["finished"], kept=row["good"],
            margin_seconds=int(row["margin"].total_seconds()) if row["margin"] is not None else 0,
        )
        for row in sorted(found, key=lambda one: -one["finished"])
    ]  # fmt: skip


def _forecast(tickets: Any, now: datetime) -> list[Expected]:
    """The tickets that will be late with the people who have tickets in hand now, due first."""
    waiting = list(
        tickets.filter(ended_at__isnull=True, due_at__gt=now)
        .exclude(state="waiting")
        .order_by("due_at", "id")
        .values_list("id", "number", "type", "party__name", "owner__display_name", "due_at", "owner_id")[:LOOKED_AT]
    )
    minutes = schemes.handling_minutes(now)
    staff = len({row[-1] for row in waiting if row[-1] is not None})
    if not staff:
        return []
    rows = {row[0]: row for row in waiting}
    queue = [backlog.Waiting(row[0], row[5], minutes) for row in waiting]
    found = backlog.forecast(queue, org.working_calendar(), now, staff=staff)
    return [
        Expected(
            id=row[0], number=row[1], type=row[2], customer=row[3] or "", owner=row[4] or "", due_at=one.due_at,
            done_at=one.done_at,
        )
        for one in found
        if one.is_late
        for row in (rows[one.key],)
    ]  # fmt: skip
