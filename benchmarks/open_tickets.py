"""`python -m benchmarks.open_tickets N`: let at least N open tickets lie in a filled instance.

They are of the last week, and a third of them are nobody's yet.
"""

from __future__ import annotations

import random
import sys
from datetime import timedelta

import django

BATCH = 5_000
CUSTOMERS = 20_000
AGENTS = 200


def fill(number: int) -> None:
    """Tickets of the shipped types for customers and call agents of the instance, their promises by the real rules."""
    from django.db import connection, transaction

    from anxin.book.customers.models import Party
    from anxin.foundation.org import queries as org
    from anxin.foundation.org.models import Post
    from anxin.kernel import clock, promises
    from anxin.kernel.identifiers.uuid7 import uuid7
    from anxin.kernel.permissions import Role
    from anxin.service.desk.data import OPEN_STATES
    from anxin.service.desk.models import Promise, Ticket, TicketMove
    from anxin.service.desk.queries import schemes
    from anxin.service.desk.rules import promising

    dice = random.Random(7)
    now = clock.now()
    missing = number - Ticket.objects.filter(state__in=OPEN_STATES).count()
    posts = list(
        Post.objects.filter(role_id=Role.CALL_AGENT).order_by("user_id").values_list("user_id", "unit_id")[:AGENTS]
    )
    parties = list(Party.objects.filter(state="active").order_by("id").values_list("pk", flat=True)[:CUSTOMERS])
    types = list(schemes.ticket_types(now).values())
    calendars = {unit: org.working_calendar(unit) for unit in {unit for _user, unit in posts}}
    start = Ticket.objects.filter(number__startswith="BENCH").count()
    for first in range(0, max(missing, 0), BATCH):
        tickets, rows, moves = [], [], []
        for count in range(first, min(first + BATCH, missing)):
            kind = dice.choice(types)
            opened = now - timedelta(minutes=dice.randrange(7 * 24 * 60))
            worked = promising.standard_clock(kind, opened)
            by, unit = dice.choice(posts)
            due, amber = promises.schedule(worked, calendars[unit], now)
            state = "new" if dice.random() < 0.33 else dice.choice(OPEN_STATES[1:])
            owner = None if state == "new" else by
            ticket = Ticket(
                id=uuid7(), number=f"BENCH{start + count:09d}", kind=kind.kind, type=kind.code, queue=kind.queue,
                skill="", channel="phone", priority=kind.priority, state=state, party_id=dice.choice(parties),
                subject="保单事项咨询", owner_id=owner, first_owner_id=owner, opened_by_id=by, unit_id=unit,
                opened_at=opened, changed_at=now, due_at=due, amber_at=amber,
            )  # fmt: skip
            tickets.append(ticket)
            rows.append(
                Promise(ticket=ticket, kind="resolve", clock=promises.dump(worked), started_at=opened, due_at=due,
                        amber_at=amber)
            )  # fmt: skip
            moves.append(TicketMove(ticket=ticket, action="open", after="new", actor_name="坐席", at=opened))
        with transaction.atomic():
            Ticket.objects.bulk_create(tickets)
            Promise.objects.bulk_create(rows)
            TicketMove.objects.bulk_create(moves)
    with connection.cursor() as cursor:
        for model in (Ticket, Promise, TicketMove):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
