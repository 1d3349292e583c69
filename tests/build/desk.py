"""Tickets for tests."""

from __future__ import annotations

from typing import Any

from anxin.foundation.accounts.models import User
from anxin.kernel.actor import Actor
from anxin.service.desk import services
from anxin.service.desk.data import NewTicket
from anxin.service.desk.models import Ticket
from tests.build import people


def ticket(by: User | Actor, **columns: Any) -> Ticket:
    """A ticket opened by a member of staff; a query of a policy unless said otherwise."""
    actor = by if isinstance(by, Actor) else people.actor(by)
    now = columns.pop("now", people.NOW)
    new = NewTicket(**{"type": "query_policy", "subject": "查询保单现金价值", **columns})
    return services.open_ticket(actor=actor, now=now, new=new)
