"""What somebody kept for themselves and did not call goes back to everybody: no customer waits for one agent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from anxin.kernel import bulk_select
from anxin.kernel.actor import Actor
from anxin.service.callbacks.data import State
from anxin.service.callbacks.models import Answer, CallBack
from anxin.service.callbacks.queries import scheme as schemes
from anxin.service.worklist import services as worklist


@transaction.atomic
def release(*, actor: Actor, now: datetime) -> int:
    """Returns how many went back. Answers that were kept stay; the agent of a call that was left finds it no longer
    theirs. By the scheme `callbacks.rules`; any number of times."""
    rules = schemes.rules(now)
    # An agreed time lies after the change that noted it; what is handed over may be called from that change on.
    agreed = Q(not_before__gt=F("changed_at"), not_before__lte=now - timedelta(minutes=rules["agreed_minutes"]))
    handed = Q(not_before__lte=F("changed_at"), changed_at__lte=now - timedelta(hours=rules["handed_hours"]))
    kept = CallBack.objects.filter(agreed | handed, state=State.WAITING, owner__isnull=False)
    since = now - timedelta(minutes=rules["abandoned_minutes"])
    going_on = Answer.objects.filter(call_back=OuterRef("pk"), at__gt=since)
    left = CallBack.objects.filter(state=State.CALLING, changed_at__lte=since).exclude(Exists(going_on))
    count = 0
    for rows in (kept, left):
        keys = bulk_select.update_select(
            rows, {"state": State.WAITING, "owner": None, "changed_at": now}, bump=["version"]
        )
        worklist.close_for_subjects(
            actor=actor, now=now, kinds=["callback"], subject_ids=keys, outcome="superseded"
        )  # fmt: skip
        count += len(keys)
    return count
