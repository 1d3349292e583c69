"""`python -m benchmarks.load_facts`: the people of the load test and what they ask for, as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import quote

import django


def main() -> None:
    django.setup()
    from anxin.book.customers.models import Party
    from anxin.foundation.accounts.models import User
    from anxin.foundation.org.models import Post
    from anxin.kernel import clock
    from anxin.kernel.permissions import Role
    from anxin.service.desk.models import Ticket
    from benchmarks import sessions

    now = clock.now()

    def holders(role: str) -> list[Any]:
        return list(Post.objects.filter(role_id=role).order_by("user_id").values_list("user_id", flat=True).distinct())

    wanted = int(sys.argv[1])
    agents = holders(Role.CALL_AGENT)
    users = User.objects.in_bulk([*agents, *holders(Role.HEAD_OFFICE)])
    seats = [users[agents[number % len(agents)]] for number in range(wanted)]
    refs = list(Party.objects.filter(state="active").order_by("id").values_list("ref", flat=True)[:200_000:40])
    names = list(Party.objects.filter(kind="person").order_by("ref").values_list("name", flat=True)[:60])
    tickets = {
        seat.pk: [
            str(key) for key in Ticket.objects.filter(owner=seat, state="working").values_list("pk", flat=True)[:50]
        ]
        for seat in seats
    }
    print(
        json.dumps(
            {
                "customers": Party.objects.count(),
                "tickets": Ticket.objects.count(),
                "agents": [{"cookie": sessions.cookie(seat, now), "tickets": tickets[seat.pk]} for seat in seats],
                "manager": sessions.cookie(users[holders(Role.HEAD_OFFICE)[0]], now),
                "refs": refs,
                "words": [quote(word) for word in [*{name[0] for name in names}, *names, "13800138000", "wxm", "京A"]],
            }
        )
    )


if __name__ == "__main__":
    main()
