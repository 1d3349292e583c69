"""What the customer means to do (C20): renew, not renew, or considering, with the reason and when to ask again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from anxin.engagement.renewals import access, queries, rules
from anxin.engagement.renewals.data import Intention, RenewalState, RenewalView
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

ITEM = "renewal"
LONGEST_NOTE = 500


class InvalidIntention(ValueError):
    """Something is missing. `message` is an English text of the catalogue."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def record_intention(
    *, actor: Actor, now: datetime, renewal_id: UUID, version: int, intention: Intention, reason: str = "",
    note: str = "", next_date: date | None = None,
) -> RenewalView:  # fmt: skip
    """Record what the customer said; open reminders are done, and with `next_date` a new one comes that day.

    Raises InvalidIntention, RenewalNotFound, StaleState, IllegalTransition.
    """
    row = access.get_renewal(actor, renewal_id, "renewals.work")
    rules.WORKFLOW.move(row.state, "record")
    changes = _changes(actor, now, intention, reason, note, next_date)
    changed = Renewal.objects.filter(pk=row.pk, version=version, state=RenewalState.OPEN).update(
        **changes, version=F("version") + 1
    )
    if not changed:
        seen = Renewal.objects.select_related("changed_by").get(pk=row.pk)
        who = seen.changed_by.display_name if seen.changed_by is not None else None
        raise StaleState(seen.state, seen.version, who, seen.changed_at)
    _follow_up([row], actor, now, intention, next_date)
    audit.record(
        actor=actor, now=now, action="renewals.record", object_kind="renewal", object_id=row.pk,
        detail={"intention": intention, "reason": reason},
    )  # fmt: skip
    return queries.views_of([row.pk])[0]


@transaction.atomic
def record_intentions(
    *, actor: Actor, now: datetime, renewal_ids: Sequence[UUID], intention: Intention, reason: str = "",
    note: str = "", next_date: date | None = None,
) -> tuple[int, int]:  # fmt: skip
    """The same for many: how many were recorded, and how many left alone (not open any more, or out of reach)."""
    changes = _changes(actor, now, intention, reason, note, next_date)
    wanted = list(dict.fromkeys(renewal_ids))
    reached = access.visible_renewals(actor, "renewals.work").filter(pk__in=wanted, state=RenewalState.OPEN)
    rows = list(Renewal.objects.filter(pk__in=reached.values("pk")).order_by("pk").select_for_update())
    rows = [row for row in rows if row.state == RenewalState.OPEN]
    Renewal.objects.filter(pk__in=[row.pk for row in rows]).update(**changes, version=F("version") + 1)
    _follow_up(rows, actor, now, intention, next_date)
    if rows:
        audit.record(
            actor=actor, now=now, action="renewals.record", object_kind="renewals",
            detail={"intention": intention, "reason": reason, "count": len(rows)},
        )  # fmt: skip
    return len(rows), len(wanted) - len(rows)


def _changes(
    actor: Actor, now: datetime, intention: Intention, reason: str, note: str, next_date: date | None
) -> dict[str, Any]:
    reasons = frozenset(row["code"] for row in queries.settings_of(now)["reasons"])
    problem = rules.intention_problem(
        intention, reason=reason, reasons=reasons, next_date=next_date, today=rules.today_of(now)
    )
    if problem:
        raise InvalidIntention(problem)
    return {
        "intention": intention,
        "reason": reason,
        "note": note.strip()[:LONGEST_NOTE],
        "next_date": next_date,
        "changed_by_id": actor.user_id,
        "changed_at": now,
    }


def _follow_up(
    rows: Sequence[Renewal], actor: Actor, now: datetime, intention: Intention, next_date: date | None
) -> None:
    outcome = "refused" if intention is Intention.NOT_RENEW else "contacted"
    worklist.close_for_subjects(
        actor=actor, now=now, kinds=[ITEM], subject_ids=[row.pk for row in rows], outcome=outcome
    )
    if next_date is None or intention is Intention.NOT_RENEW:
        return
    policies = {view.id: view for view in queries.views_of([row.pk for row in rows])}
    worklist.ensure_items(
        now=now,
        items=[
            NewItem(
                kind=ITEM, occurrence=f"{row.policy_id}:{row.expiry_date}:asked-{next_date}",
                starts_at=rules.end_of(next_date - timedelta(days=1)), due_at=rules.end_of(next_date),
                party_id=row.party_id, owner_id=row.owner_id, unit_id=row.unit_id,
                detail={
                    "product": policies[row.pk].product_name, "day": row.expiry_date.isoformat(),
                    "policy": policies[row.pk].policy_no,
                },
                subject_kind="renewal", subject_id=row.pk,
            )
            for row in rows
            if row.owner_id is not None
        ],
    )  # fmt: skip
