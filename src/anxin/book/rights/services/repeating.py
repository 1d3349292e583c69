"""Erasures that a restore undid are done again: after the restore, and in every night."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from anxin.book.customers.services import restricting
from anxin.book.rights.models import Certificate
from anxin.book.rights.services import erasing, noting
from anxin.kernel.actor import Actor


def repeat(*, now: datetime) -> int:
    """Erase again whom the database knows though they were erased; returns how many. Any number of times."""
    noted = {UUID(one["party"]): one for one in noting.noted()}
    done = set(Certificate.objects.filter(party__in=list(noted)).values_list("party", flat=True))
    again = restricting.find_erasable(noted.keys() - done)
    for key in again:
        with transaction.atomic():
            # Two people agreed then; what was brought back with the backup is not a reason to keep it.
            erasing.erase(
                actor=Actor.system("rights"), now=now, party_id=key, asked_by=str(noted[key]["asked_by"]),
                approved_by=str(noted[key]["approved_by"]), request_id=None,
            )  # fmt: skip
    return len(again)
