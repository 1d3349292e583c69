"""What people do with a call-back. Every change is one conditional UPDATE on the version that was seen (C3).

“Take next” gives the most pressing one to exactly one person (C4): rows another transaction is taking are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, override

from anxin.book.customers.data import Rejected
from anxin.book.customers.queries import permissions
from anxin.foundation.accounts import queries as accounts
from anxin.foundation.audit import services as audit
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.kernel.words import mark as _
from anxin.service.callbacks import access
from anxin.service.callbacks.data import (
    FALLBACK_WAYS,
    KINDS,
    OUTCOMES,
    QUIET_KINDS,
    REASONS,
    Action,
    CustomerIsSilent,
    Kind,
    NothingToCall,
    Outcome,
    SellerMayNot,
    State,
    Way,
)
from anxin.service.callbacks.models import Answer, Attempt, CallBack
from anxin.service.callbacks.queries import scheme as schemes
from anxin.service.callbacks.rules import due, flow
from anxin.service.callbacks.services import following, problems
from anxin.service.desk.services import noting
from anxin.service.worklist import services as worklist
from anxin.service.worklist.data import NewItem

ITEM = "callback"
# Somebody may be told a time so far ahead.
LONGEST_WAIT = timedelta(days=90)
_RESULT = {
    Outcome.REACHED: "solved", Outcome.NO_ANSWER: "not_reached", Outcome.AGAIN: "call_back",
    Outcome.WRONG_NUMBER: "not_reached", Outcome.REFUSED: "refused",
}  # fmt: skip
_CHANNEL = {Way.PHONE: "phone", Way.LETTER: "mail", Way.EMAIL: "email", Way.VISIT: "visit"}


@transaction.atomic
def take_next(*, actor: Actor, now: datetime, kind: Kind | None = None) -> CallBack:
    """Take what is due first: of one's own that are due again, and of those nobody has; nobody is asked how content
    they are while a complaint is open. Raises NotPermitted, NothingToCall."""
    actor.require("callbacks.work")
    if actor.user_id is None:
        raise NothingToCall
    rows = access.visible(actor, "callbacks.work").filter(
        Q(owner__isnull=True) | Q(owner=actor.user_id), state=State.WAITING, not_before__lte=now
    )
    if kind is not None:
        rows = rows.filter(kind=kind)
    rows = rows.exclude(permissions.is_silent("party", today=due.day_of(now)), kind__in=QUIET_KINDS)
    # `exclude(seller=…)` would leave out rows without a known seller as well.
    found = locked(rows.filter(Q(seller__isnull=True) | ~Q(seller=actor.user_id)))
    if found is None:
        raise NothingToCall
    return _take(actor, now, found, found.version)


def locked(rows: QuerySet[CallBack]) -> CallBack | None:
    """The most pressing one, held until the end of the transaction."""
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id").first()


def take(*, actor: Actor, now: datetime, call_back_id: UUID, version: int) -> CallBack:
    """Take a certain one. Raises CallBackNotFound, SellerMayNot, CustomerIsSilent, IllegalTransition, StaleState."""
    row = access.get(actor, call_back_id, "callbacks.work")
    if row.state == State.CALLING and row.owner_id != actor.user_id:
        raise stale(row)
    with transaction.atomic():
        return _take(actor, now, row, version)


def _take(actor: Actor, now: datetime, row: CallBack, version: int) -> CallBack:
    if row.seller_id is not None and row.seller_id == actor.user_id:
        raise SellerMayNot
    _ask_gate(row, now)
    flow.WORKFLOW.move(row.state, Action.TAKE)
    number, _questions, _opening = schemes.questionnaire(row.kind, now)
    change(row, version, state=State.CALLING, owner_id=actor.user_id, questionnaire=number, changed_at=now)
    _record(actor, now, Action.TAKE, row)
    return row


def _ask_gate(row: CallBack, now: datetime) -> None:
    """Before anybody is told to call. What was agreed with the customer before the complaint waits as well."""
    if row.kind in QUIET_KINDS and permissions.silent([row.party_id], today=due.day_of(now)):
        raise CustomerIsSilent


def give_back(*, actor: Actor, now: datetime, call_back_id: UUID, version: int) -> CallBack:
    """Back to the others, answers kept. Raises CallBackNotFound, IllegalTransition, StaleState."""
    row = _mine(actor, call_back_id)
    flow.WORKFLOW.move(row.state, Action.RETURN)
    with transaction.atomic():
        change(row, version, state=State.WAITING, owner_id=None, changed_at=now)
        _close_items(actor, now, row, "superseded")
        _record(actor, now, Action.RETURN, row)
    return row


def keep_answer(
    *, actor: Actor, now: datetime, call_back_id: UUID, question: str, value: str, remark: str = ""
) -> None:  # fmt: skip
    """Keep one answer while the call goes on. Before the person is the right one nothing else is kept.

    Raises CallBackNotFound, Rejected, IllegalTransition (the call-back is over, or not the actor's)."""
    row = _mine(actor, call_back_id)
    _number, questions, _opening = schemes.questionnaire(row.kind, now, row.questionnaire)
    asked = {one.code: one for one in flow.asked_of(questions, row.channel)}
    if question not in asked:
        raise Rejected("question", _("There is no such question."))
    if value and value not in flow.answers_of(asked[question]):
        raise Rejected("value", _("There is no such answer."))
    with transaction.atomic():
        # Locked, so that no answer comes in after somebody has closed the call-back.
        held = CallBack.objects.select_for_update().get(pk=row.pk)
        if held.ended_at is not None:
            raise IllegalTransition(held.state, "answer", ())
        if not asked[question].is_identity and any(one.is_identity for one in asked.values()):
            first = next(code for code, one in asked.items() if one.is_identity)
            if not Answer.objects.filter(call_back=row, question=first, value="yes").exists():
                raise Rejected("question", _("First make sure that it is the customer."))
        _keep(row, actor, now, {question: value}, {question: remark})


def _keep(
    row: CallBack, actor: Actor, now: datetime, values: Mapping[str, str], remarks: Mapping[str, str]
) -> None:  # fmt: skip
    for code, value in values.items():
        Answer.objects.update_or_create(
            call_back=row, question=code,
            defaults={
                "value": value, "remark": remarks.get(code, "").strip()[:500], "by_id": actor.user_id, "at": now,
            },
        )  # fmt: skip


def attempt(
    *, actor: Actor, now: datetime, call_back_id: UUID, version: int, outcome: Outcome, note: str = "",
    again_at: datetime | None = None,
) -> CallBack:  # fmt: skip
    """Write down a try that did not get through to the answers, and what follows from it.

    Raises CallBackNotFound, IllegalTransition, StaleState, Rejected."""
    row = _mine(actor, call_back_id)
    if outcome is Outcome.REACHED:
        raise Rejected("outcome", _("Who was reached is asked the questions."))
    if outcome is Outcome.AGAIN and (again_at is None or not now < again_at <= now + LONGEST_WAIT):
        raise Rejected("again_at", _("Choose a time ahead, within ninety days."))
    with transaction.atomic():
        return missed(actor, now, row, version, outcome, note=note, again_at=again_at)


def missed(
    actor: Actor, now: datetime, row: CallBack, version: int, outcome: Outcome, *, note: str = "",
    again_at: datetime | None = None, at: datetime | None = None,
) -> CallBack:  # fmt: skip
    """The change itself, inside the caller's transaction. `at`: when the call was made."""
    after = flow.after_attempt(
        outcome, kind=Kind(row.kind), attempts=row.attempts + 1, again_at=again_at, now=now, rules=schemes.rules(now),
        due_at=row.due_at,
    )  # fmt: skip
    step = flow.WORKFLOW.move(row.state, after.action)
    columns: dict[str, Any] = {
        "state": step.to_state, "attempts": row.attempts + 1, "changed_at": now,
        "owner_id": row.owner_id if after.keeps_owner else None,
    }  # fmt: skip
    if after.not_before is not None:
        columns["not_before"] = after.not_before
    if step.to_state in flow.ENDS:
        columns |= {"ended_at": now, "why": after.why, "owner_id": row.owner_id}
    change(row, version, **columns)
    tried(actor, now, row, outcome, Way.PHONE, note=note, again_at=again_at, at=at)
    _close_items(actor, now, row, "attempted")
    if after.keeps_owner and again_at is not None:
        _remind(row, now, again_at)
    _record(actor, now, outcome, row)
    return row


def finish(
    *, actor: Actor, now: datetime, call_back_id: UUID, version: int, description: str = "", note: str = "",
    way: Way = Way.PHONE,
) -> CallBack:  # fmt: skip
    """The questions are answered: success, or a problem, which becomes a ticket for others to solve.

    Raises CallBackNotFound, IllegalTransition, StaleState, Rejected (answers missing, not the customer, a problem
    without a description)."""
    row = _mine(actor, call_back_id)
    with transaction.atomic():
        return finished(actor, now, row, version, description=description, note=note, way=way)


def finished(
    actor: Actor, now: datetime, row: CallBack, version: int, *, description: str = "", note: str = "",
    way: Way = Way.PHONE, at: datetime | None = None,
) -> CallBack:  # fmt: skip
    """The change itself, inside the caller's transaction. `at`: when the customer answered."""
    if row.state == State.FALLBACK and way not in FALLBACK_WAYS:
        raise Rejected("way", _("Say on which way the customer answered."))
    _number, questions, _opening = schemes.questionnaire(row.kind, now, row.questionnaire)
    asked = flow.asked_of(questions, row.channel)
    held = CallBack.objects.select_for_update().get(pk=row.pk)
    if held.version != version or held.ended_at is not None:
        raise stale(row)
    answers = dict(Answer.objects.filter(call_back=row).values_list("question", "value"))
    if any(one.is_identity and answers.get(one.code) != "yes" for one in asked):
        raise Rejected("identity", _("First make sure that it is the customer."))
    if flow.missing(asked, answers):
        raise Rejected("answers", _("Some questions have no answer yet."))
    wrong = flow.problems(asked, answers)
    if wrong and not description.strip():
        raise Rejected("description", _("Say in a few words what is wrong."))
    when = at or now
    step = flow.WORKFLOW.move(row.state, Action.FIND if wrong else Action.SUCCEED)
    columns: dict[str, Any] = {
        "state": step.to_state, "ended_at": now, "changed_at": now, "attempts": row.attempts + 1, "way": way,
        "score": flow.score_of(asked, answers), "note": note.strip()[:500],
    }  # fmt: skip
    if not wrong:
        columns |= following.success(when, way)
    change(row, version, **columns)
    tried(actor, now, row, Outcome.REACHED, way, at=at)
    _close_items(actor, now, row, "contacted")
    if wrong:
        problems.open_case(actor=actor, now=now, row=row, questions=wrong, description=description)
    else:
        following.after_success(row, now=now, at=when, way=way)
    _record(actor, now, step.action, row)
    return row


def fail(*, actor: Actor, now: datetime, call_back_id: UUID, version: int, why: str, note: str = "") -> CallBack:
    """Give up, with the reason. Raises CallBackNotFound, IllegalTransition, StaleState, Rejected."""
    row = _mine(actor, call_back_id)
    _end_with(actor, now, row, version, Action.FAIL, why, note)
    return row


def leave_out(*, actor: Actor, now: datetime, call_back_id: UUID, version: int, why: str, note: str) -> CallBack:
    """Not needed: it no longer counts. Raises CallBackNotFound, IllegalTransition, StaleState, Rejected."""
    row = access.get(actor, call_back_id, "callbacks.lead")
    if not note.strip():
        raise Rejected("note", _("Say why it is not needed."))
    _end_with(actor, now, row, version, Action.EXCLUDE, why, note)
    return row


def _end_with(actor: Actor, now: datetime, row: CallBack, version: int, action: Action, why: str, note: str) -> None:
    if why not in REASONS:
        raise Rejected("why", _("Choose a reason."))
    step = flow.WORKFLOW.move(row.state, action)
    with transaction.atomic():
        change(
            row, version, state=step.to_state, why=why, note=note.strip()[:500], ended_at=now, changed_at=now
        )  # fmt: skip
        _close_items(actor, now, row, "superseded")
        _record(actor, now, action, row)


def hand_over(*, actor: Actor, now: datetime, call_back_id: UUID, version: int, to: UUID) -> CallBack:
    """Give an open one to a colleague who may call. Raises CallBackNotFound, StaleState, SellerMayNot,
    CustomerIsSilent, Rejected."""
    row = access.get(actor, call_back_id, "callbacks.lead")
    if row.seller_id == to:
        raise SellerMayNot
    if not org.has_role(to, accounts.scopes_of("callbacks.work")):
        raise Rejected("to", _("Choose a colleague."))
    if row.state not in (State.WAITING, State.CALLING):
        raise IllegalTransition(row.state, "hand_over", ())
    _ask_gate(row, now)
    with transaction.atomic():
        change(row, version, state=State.WAITING, owner_id=to, not_before=now, changed_at=now)
        _close_items(actor, now, row, "superseded")
        _remind(row, now, now)
        _record(actor, now, "hand_over", row)
    return row


def change(row: CallBack, version: int, **columns: Any) -> None:
    """Compare and set: write `columns` if the row still is as it was seen. Raises StaleState."""
    rows = CallBack.objects.filter(pk=row.pk, version=version, state=row.state)
    if not rows.update(**columns, version=F("version") + 1):
        raise stale(row)
    for name, value in columns.items():
        setattr(row, name, value)
    row.version = version + 1


def stale(row: CallBack) -> StaleState:
    """Who was faster, and how it stands now."""
    now = CallBack.objects.select_related("owner").get(pk=row.pk)
    return StaleState(now.state, now.version, now.owner.display_name if now.owner else None, now.changed_at)


def tried(
    actor: Actor, now: datetime, row: CallBack, outcome: Outcome, way: Way, *, note: str = "",
    again_at: datetime | None = None, at: datetime | None = None,
) -> None:  # fmt: skip
    """One line of attempts, and one contact in the customer's file: what it was about and how it ended, no answers."""
    made = Attempt.objects.create(
        call_back=row, number=row.attempts, outcome=outcome, way=way, by_id=actor.user_id, at=at or now,
        again_at=again_at, note=note.strip()[:500],
    )  # fmt: skip
    # Stored text: in the language of the site, whoever acts.
    with override(settings.LANGUAGE_CODE):
        topic = gettext("Call-back: %(kind)s") % {"kind": gettext(KINDS[Kind(row.kind)][0])}
        summary = gettext(OUTCOMES[outcome])
    noting.note_contact(
        party_id=row.party_id, source="callback", source_key=str(made.pk), at=made.at, channel=_CHANNEL[way],
        direction="outbound", topic=topic, summary=summary, result=_RESULT[outcome], policy_no=row.policy_no,
        staff_id=actor.user_id, satisfaction=row.score,
    )  # fmt: skip


def _mine(actor: Actor, call_back_id: UUID) -> CallBack:
    """The call-back the actor is at. One that went another way by letter, mail or visit is anybody's who may call."""
    row = access.get(actor, call_back_id, "callbacks.work")
    if row.seller_id is not None and row.seller_id == actor.user_id:
        raise SellerMayNot
    if row.state == State.CALLING and row.owner_id != actor.user_id:
        raise stale(row)
    if row.state not in (State.CALLING, State.FALLBACK):
        raise IllegalTransition(row.state, "call", ())
    return row


def _remind(row: CallBack, now: datetime, at: datetime) -> None:
    worklist.ensure_items(
        now=now,
        items=[
            NewItem(
                kind=ITEM, occurrence=f"{row.pk}:{row.version}", starts_at=at, due_at=max(at, row.due_at),
                party_id=row.party_id, owner_id=row.owner_id, unit_id=row.unit_id, subject_kind="callback",
                subject_id=row.pk, detail={"kind": row.kind, "policy": row.policy_no},
            )
        ],
    )  # fmt: skip


def _close_items(actor: Actor, now: datetime, row: CallBack, outcome: str) -> None:
    worklist.close_for_subjects(actor=actor, now=now, kinds=[ITEM], subject_ids=[row.pk], outcome=outcome)


def _record(actor: Actor, now: datetime, action: str, row: CallBack) -> None:
    audit.record(
        actor=actor, now=now, action=f"callbacks.{action}", object_kind="call_back", object_id=row.pk,
        object_ref=row.policy_no, detail={"kind": row.kind, "state": row.state},
    )  # fmt: skip
