"""One call-back as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from anxin.book.customers.queries import permissions
from anxin.kernel.actor import Actor
from anxin.service.callbacks import access
from anxin.service.callbacks.data import (
    QUIET_KINDS,
    Asked,
    AttemptView,
    CallBackRow,
    CallBackView,
    FoundView,
    Question,
    State,
)
from anxin.service.callbacks.models import CallBack
from anxin.service.callbacks.queries import lists, scheme
from anxin.service.callbacks.rules import due, flow

# What the questions are about: read from the policy, never copied.
_FACTS = (
    "product_name", "premium_fen", "pay_mode", "pay_term_years", "effective_date", "expiry_date", "sum_insured_fen",
    "currency",
)  # fmt: skip


def get_row(actor: Actor, call_back_id: UUID) -> CallBackRow:
    """Raises CallBackNotFound."""
    access.get(actor, call_back_id)
    return lists.row_of(CallBack.objects.filter(pk=call_back_id).values(*lists.COLUMNS)[0])


def get_view(actor: Actor, call_back_id: UUID, *, now: datetime) -> CallBackView:
    """Raises CallBackNotFound."""
    access.get(actor, call_back_id)
    one = (
        CallBack.objects.select_related("seller", "policy", "found")
        .prefetch_related("answers", "tries__by")
        .get(pk=call_back_id)
    )
    row = lists.row_of(CallBack.objects.filter(pk=call_back_id).values(*lists.COLUMNS)[0])
    known = None if row.state is State.WAITING else one.questionnaire
    _version, questions, opening = scheme.questionnaire(row.kind, now, known)
    rules = scheme.rules(now)
    found: Any = getattr(one, "found", None)
    return CallBackView(
        row=row, asked=_asked(one, flow.asked_of(questions, row.channel)),
        attempts=[
            AttemptView(
                number=each.number, at=each.at, outcome=each.outcome, way=each.way,
                by=each.by.display_name if each.by else "", again_at=each.again_at, note=each.note,
            )
            for each in sorted(one.tries.all(), key=lambda each: -each.number)
        ],
        found=FoundView(
            questions=found.questions, description=found.description, ticket_id=found.ticket_id,
            ticket_number=found.ticket_number, due_at=found.due_at, solved_at=found.solved_at,
        ) if found else None,
        party_id=one.party_id, seller_name=one.seller.display_name if one.seller else "", policy_id=one.policy_id,
        facts={name: getattr(one.policy, name) for name in _FACTS} if one.policy else {},
        opening_zh=opening[0], opening_en=opening[1], underwritten_date=one.underwritten_date, why=one.why,
        note=one.note, way=one.way, previous_id=one.previous_id,
        is_mine=row.state is State.CALLING and one.owner_id is not None and one.owner_id == actor.user_id,
        is_seller=one.seller_id is not None and one.seller_id == actor.user_id,
        is_silent=row.ended_at is None and row.kind in QUIET_KINDS
        and bool(permissions.silent([one.party_id], today=due.day_of(now))),
        may_call_now=due.is_calling_hour(now, rules["call_from_hour"], rules["call_until_hour"]),
    )  # fmt: skip


def _asked(one: CallBack, questions: Sequence[Question]) -> list[Asked]:
    given = {answer.question: answer for answer in one.answers.all()}
    return [
        Asked(
            question=question,
            value=given[question.code].value if question.code in given else "",
            remark=given[question.code].remark if question.code in given else "",
            is_problem=question.code in given and given[question.code].value in question.problem,
        )
        for question in questions
    ]
