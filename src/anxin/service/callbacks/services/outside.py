"""Results of an outside dialler or call centre, written in one go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from anxin.book.customers.data import Rejected
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.callbacks import access
from anxin.service.callbacks.data import Action, Outcome, SellerMayNot, State
from anxin.service.callbacks.models import Answer, CallBack
from anxin.service.callbacks.queries import scheme as schemes
from anxin.service.callbacks.rules import flow
from anxin.service.callbacks.services import calling

OLDEST = timedelta(days=31)


def take_result(
    *, actor: Actor, now: datetime, call_back_id: UUID, version: int, outcome: Outcome,
    answers: Mapping[str, str] | None = None, at: datetime | None = None, again_at: datetime | None = None,
    description: str = "", note: str = "",
) -> CallBack:  # fmt: skip
    """What came of one call made elsewhere: reached, with all answers; or not, with what follows.

    Raises CallBackNotFound, SellerMayNot, IllegalTransition, StaleState, Rejected (codes that are not known, answers
    missing, a problem without description). Nothing is written when anything is refused."""
    row = access.get(actor, call_back_id, "callbacks.work")
    if row.seller_id is not None and row.seller_id == actor.user_id:
        raise SellerMayNot
    if at is not None and not now - OLDEST <= at <= now:
        raise Rejected("at", _("A call lies in the last 31 days."))
    if outcome is Outcome.AGAIN and (again_at is None or not now < again_at <= now + calling.LONGEST_WAIT):
        raise Rejected("again_at", _("Choose a time ahead, within ninety days."))
    if row.state == State.CALLING and row.owner_id != actor.user_id:
        raise calling.stale(row)
    with transaction.atomic():
        is_new = row.state == State.WAITING
        number, questions, _opening = schemes.questionnaire(row.kind, now, None if is_new else row.questionnaire)
        if is_new:
            flow.WORKFLOW.move(row.state, Action.TAKE)
            calling.change(
                row, version, state=State.CALLING, owner_id=actor.user_id, questionnaire=number, changed_at=now
            )
            version = row.version
        if outcome is not Outcome.REACHED:
            calling.missed(actor, now, row, version, outcome, note=note, again_at=again_at, at=at)
            _record(actor, now, row)
            return row
        asked = {one.code: one for one in flow.asked_of(questions, row.channel)}
        for code, value in (answers or {}).items():
            if code not in asked:
                raise Rejected("answers", _("There is no such question."))
            choices = flow.answers_of(asked[code])
            if choices and value not in choices:
                raise Rejected("answers", _("There is no such answer."))
            Answer.objects.update_or_create(
                call_back=row, question=code,
                defaults={
                    "value": value if choices else "", "remark": "" if choices else value.strip()[:500],
                    "by_id": actor.user_id, "at": at or now,
                },
            )  # fmt: skip
        calling.finished(actor, now, row, version, description=description, note=note, at=at)
        _record(actor, now, row)
        return row


def _record(actor: Actor, now: datetime, row: CallBack) -> None:
    audit.record(
        actor=actor, now=now, action="callbacks.outside", object_kind="call_back", object_id=row.pk,
        object_ref=row.policy_no, detail={"state": row.state},
    )  # fmt: skip
