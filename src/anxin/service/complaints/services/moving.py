"""The moves of a complaint. Each is one conditional update with its history row, its audit entry and its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import RequestView as Approval
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import money, outbox
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import StaleState
from anxin.kernel.words import mark as _
from anxin.service.complaints import access, data
from anxin.service.complaints.data import ComplaintNotFound, Refused, State
from anxin.service.complaints.events import ComplaintClosed, ComplaintMoved
from anxin.service.complaints.models import (
    Check,
    Complaint,
    Decision,
    Matter,
    Plan,
    Responsibility,
    Supervision,
    Talk,
)
from anxin.service.complaints.rules import flow, numbering, taxonomy
from anxin.service.complaints.services import adding, papers, stored

PLAN: Final = "complaints.plan"
EXTEND: Final = "complaints.extend"
EXTEND_AGAIN: Final = "complaints.extend_again"
# Moves that another person decides, by an approval: nobody makes them directly.
_BY_APPROVAL: Final = frozenset({"propose_plan", "approve_plan", "reject_plan", "extend", "extend_again"})
_TEXT_COLUMNS: Final = ("findings", "root_cause")
Paper = Callable[[Actor, datetime, Complaint, flow.Case, dict[str, Any]], dict[str, Any]]


@transaction.atomic
def move(
    *, actor: Actor, now: datetime, ref: str, action: str, version: int, facts: Mapping[str, Any] | None = None
) -> Complaint:  # fmt: skip
    """Make a move. Raises NotPermitted, ComplaintNotFound, IllegalTransition, StaleState, Refused."""
    if action in _BY_APPROVAL:
        raise Refused("", _("This is decided by another person."))
    row = _seen(actor, ref, action)
    return _move(actor, now, row, action, version, dict(facts or {}))


@transaction.atomic
def propose_plan(
    *, actor: Actor, now: datetime, ref: str, version: int, outcome: str, measures: str, amount_fen: int = 0,
    method: str = "",
) -> Complaint:  # fmt: skip
    """Propose what is to be done and ask another person to approve it. Raises as `move`, and AlreadyAsked."""
    row = _seen(actor, ref, "propose_plan")
    told = {"outcome": outcome, "measures": measures, "amount_fen": amount_fen, "method": method}
    _move(actor, now, row, "propose_plan", version, told)
    approvals.ask(
        actor=actor, now=now, kind=PLAN, subject_kind="complaint", subject_id=row.pk, subject_ref=row.ref,
        summary=_("Plan for the complaint %(ref)s: %(amount)s"),
        summary_values={"ref": row.ref, "amount": money.format_money(amount_fen, "en")}, reason=measures,
        unit_id=row.unit_id, payload={"version": row.version},
    )  # fmt: skip
    return row


@transaction.atomic
def ask_extension(
    *, actor: Actor, now: datetime, ref: str, version: int, why: str, told_how: str
) -> Approval:  # fmt: skip
    """Ask for more time: the first extension of the unit, the second of the superior. The complainant is told first."""
    row = access.get_complaint(actor, ref, flow.HANDLE)
    if row.version != version:
        raise stored.stale(row.pk)
    case = stored.case_of(row)
    action, kind = ("extend", EXTEND) if not case.extensions else ("extend_again", EXTEND_AGAIN)
    # What cannot be granted is not asked for.
    flow.step(
        case, action, at=now, calendar=stored.calendar_of(row), content=stored.content_of(now),
        facts={"why": why, "told_how": told_how},
    )  # fmt: skip
    asked = approvals.ask(
        actor=actor, now=now, kind=kind, subject_kind="complaint", subject_id=row.pk, subject_ref=row.ref,
        summary=_("More time for the complaint %(ref)s"), summary_values={"ref": row.ref}, reason=why,
        unit_id=row.unit_id,
    )  # fmt: skip
    Talk.objects.create(complaint=row, kind="told", at=now, by_id=actor.user_id, summary=told_how.strip())
    return asked


def approve_plan(actor: Actor, now: datetime, approval: Approval) -> None:
    """What an approval of a plan sets off."""
    row = _of(approval)
    _move(actor, now, row, "approve_plan", row.version, {"note": approval.note})


def plan_closed(actor: Actor, now: datetime, approval: Approval) -> None:
    """A plan that was refused, taken back or left lying goes back to whoever proposed it."""
    row = _of(approval)
    if row.state == State.PLANNED:
        _move(actor, now, row, "reject_plan", row.version, {"note": approval.note})


def grant_extension(actor: Actor, now: datetime, approval: Approval) -> None:
    """What the approval of an extension sets off; refused when the last day is over meanwhile."""
    row = _of(approval)
    last = Talk.objects.filter(complaint=row, kind="told").order_by("-at").first()
    action = "extend" if approval.kind == EXTEND else "extend_again"
    told = {"why": approval.reason, "told_how": last.summary if last else ""}
    _move(actor, now, row, action, row.version, told)


def _of(approval: Approval) -> Complaint:
    row = Complaint.objects.filter(pk=approval.subject_id).first() if approval.subject_id else None
    if row is None:
        raise ComplaintNotFound(approval.subject_ref)
    return row


def _seen(actor: Actor, ref: str, action: str) -> Complaint:
    """The complaint, for somebody who may make this move; permissions of one action are the same in every state."""
    needed = next((one.permission for one in flow.WORKFLOW.transitions if one.action == action), None)
    if needed is None:
        raise Refused("", _("There is no such move."))
    if not actor.may(needed) and actor.may(flow.REVIEW):
        # The review post may do what the first seat does.
        needed = flow.REVIEW if needed == flow.REGISTER else needed
    return access.get_complaint(actor, ref, needed)


def _move(
    actor: Actor, now: datetime, row: Complaint, action: str, version: int, told: dict[str, Any]
) -> Complaint:  # fmt: skip
    if row.version != version:
        raise stored.stale(row.pk)
    before, calendar = row.state, stored.calendar_of(row)
    case = stored.case_of(row)
    after = flow.step(case, action, at=now, calendar=calendar, content=stored.content_of(now), facts=told)
    stored.apply(row, after, calendar=calendar, now=now)
    paper = _PAPERS.get(action)
    changes = paper(actor, now, row, after, told) if paper else {}
    stored.save(row, version, before, **changes)
    stored.trace(actor, now, row, action, before, str(told.get("why") or told.get("note") or "").strip())
    if row.state != before or action in ("redispatch", "recuse"):
        stored.hand_on(actor, now, row)
    outbox.publish(ComplaintMoved(complaint_id=row.pk, action=action, state=row.state, party_id=row.party_id))
    if row.state in flow.CLOSED and before not in flow.CLOSED:
        outbox.publish(
            ComplaintClosed(complaint_id=row.pk, state=row.state, outcome=row.outcome, party_id=row.party_id)
        )
    return row


def _reviewed(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        name: told[name] for name in ("severity", "is_internal", "is_regulatory", "nature", "situation") if name in told
    }
    if changes.get("severity", "plain") not in data.SEVERITIES:
        raise Refused("severity", _("Choose one of the list."))
    return changes | _sorted_anew(row, now, told)


def _sorted_anew(row: Complaint, now: datetime, told: Mapping[str, Any]) -> dict[str, Any]:
    """Line and causes as somebody judges them now, on the complaint and on its first matter."""
    changes = {name: told[name] for name in ("line", "cause", "detail_cause") if told.get(name)}
    if changes.get("cause", row.cause) != row.cause:
        # The detail heard before was one of the other cause.
        changes.setdefault("detail_cause", "")
    words = schemes.active(taxonomy.TAXONOMY, on=numbering.day_of(now)).content
    for name, group in (("line", "lines"), ("cause", "causes"), ("detail_cause", "details")):
        if changes.get(name) and changes[name] not in {one["code"] for one in taxonomy.rows_of(words, group)}:
            raise Refused(name, _("Choose one of the list."))
    if changes:
        Matter.objects.filter(complaint=row, key="1").update(**changes)
    return changes


def _dispatched(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    unit, handler = told.get("unit_id") or row.unit_id, told.get("handler_id")
    if unit is None:
        raise Refused("unit_id", _("Say which unit handles it."))
    if handler is not None:
        if handler not in org.holders_of(flow.HANDLE, unit_id=unit, today=numbering.day_of(now), limit=500):
            raise Refused("handler_id", _("Choose somebody who handles complaints of this unit."))
        if told.get("is_recusal") and handler == row.handler_id:
            raise Refused("handler_id", _("Whoever stands aside does not go on."))
    return {"unit_id": unit, "handler_id": handler}


def _recused(actor: Actor, now: datetime, row: Complaint, case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    """Article 17: whoever has an interest in the matter does not handle it."""
    if not told.get("handler_id"):
        raise Refused("handler_id", _("Say who goes on."))
    return _dispatched(actor, now, row, case, {**told, "is_recusal": True})


def _fed_back(actor: Actor, now: datetime, row: Complaint, case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    Responsibility.objects.filter(complaint=row, penalty="").delete()
    if case.validity in ("valid", "partly"):
        user = told.get("responsible_id")
        Responsibility.objects.create(
            complaint=row, unit_id=told["responsible_unit_id"], department=str(told.get("department") or "")[:60],
            user_id=user, degree=str(told.get("degree") or "main"), reason=str(told.get("reason") or "")[:200],
            found_at=now,
        )  # fmt: skip
    changes: dict[str, Any] = {name: str(told.get(name) or "").strip() for name in _TEXT_COLUMNS}
    if told.get("rater") in data.RATER:
        changes["rater"] = told["rater"]
    # The investigation may find another cause than the first seat heard.
    changes |= _sorted_anew(row, now, told)
    Matter.objects.filter(complaint=row).update(validity=case.validity)
    return changes


def _proposed(actor: Actor, now: datetime, row: Complaint, case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    Plan.objects.create(
        complaint=row, outcome=case.plan_outcome, measures=str(told["measures"]).strip(),
        amount_fen=int(told.get("amount_fen") or 0), method=str(told.get("method") or "")[:12],
        proposed_by_id=actor.user_id, proposed_at=now,
    )  # fmt: skip
    return {}


def _plan_decided(state: str) -> Paper:
    def decided(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
        Plan.objects.filter(complaint=row, state="waiting").update(
            state=state, decided_by=actor.display_name, decided_at=now, note=str(told.get("note") or "")
        )
        return {}

    return decided


def _notified(actor: Actor, now: datetime, row: Complaint, case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    plan = Plan.objects.filter(complaint=row, state="approved").order_by("-decided_at").first()
    delivered = told["delivered_at"]
    notice = papers.notice_of(row, str(told["finding"]), str(told["basis"]), str(told["remedies"]))
    kept = papers.keep_notice(actor, now, row, notice)
    if told.get("proof_file"):
        name, content = told["proof_file"]
        adding.add_evidence(actor=actor, now=now, ref=row.ref, kind="delivery", name=name, content=content)
    Decision.objects.create(
        complaint=row, finding=str(told["finding"]).strip(), basis=str(told["basis"]).strip(),
        measures=plan.measures if plan else "", remedies=str(told["remedies"]).strip(), way=told["way"],
        delivered_at=delivered, proof=str(told["proof"]).strip()[:200], document_id=kept,
        made_by_id=actor.user_id, made_at=now, was_in_time=row.due_at is None or delivered < row.due_at,
    )  # fmt: skip
    Matter.objects.filter(complaint=row).update(outcome=case.outcome)
    return {}


def _executed(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    paid = int(told.get("recovered_fen") or 0)
    if paid < 0:
        raise Refused("recovered_fen", _("A recovery is not below zero."))
    Matter.objects.filter(complaint=row, key="1").update(recovered_fen=paid)
    return {"recovered_fen": paid}


def _called_back(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    Talk.objects.create(
        complaint=row, kind="call_back", way="phone", at=now, by_id=actor.user_id,
        summary=str(told.get("why") or "").strip(),
    )  # fmt: skip
    return {"satisfaction": told.get("satisfaction"), "mood_now": told.get("mood_now") or row.mood_now}


def _merged(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    into = access.get_complaint(actor, str(told["into"]), flow.REVIEW)
    if into.pk == row.pk or into.state in flow.CLOSED:
        raise Refused("into", _("Choose another complaint that is open."))
    # Locked, so that two complaints are not merged into each other at once.
    first, second = sorted((row.pk, into.pk))
    list(Complaint.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk"))
    if Complaint.objects.filter(pk=into.pk, state__in=list(flow.CLOSED)).exists():
        raise StaleState(into.state, into.version)
    return {"merged_into": into}


def _supplemented(
    actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]
) -> dict[str, Any]:
    return {"facts": f"{row.facts}\n{now:%Y-%m-%d} {str(told['why']).strip()}".strip()}


def _supervised(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    due = told.get("due_at")
    if not isinstance(due, datetime) or due <= now:
        raise Refused("due_at", _("Say by when an answer is due."))
    Supervision.objects.create(
        complaint=row, order=str(told["why"]).strip(), ordered_by=actor.display_name, ordered_at=now, due_at=due
    )
    if row.handler_id:
        stored.tell(now, row, [row.handler_id], "投诉件被督办", "A complaint is supervised", f"watch-{row.version}")
    return {}


def _answered(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    Supervision.objects.filter(complaint=row, answered_at__isnull=True).update(
        answer=str(told["why"]).strip(), answered_at=now
    )
    return {}


def _major(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    if told.get("bearing") not in data.BEARINGS or not told.get("bearing"):
        raise Refused("bearing", _("Choose what makes it major."))
    _tell_above(now, row, "发生重大消费投诉，请启动应急预案", "A major complaint: start the emergency plan", "major")
    return {"severity": "major", "bearing": told["bearing"]}


def _escalated(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    _tell_above(now, row, "投诉件已升级", "A complaint was escalated", f"escalated-{row.version}")
    return {}


def _tell_above(now: datetime, row: Complaint, zh: str, en: str, key: str) -> None:
    users = org.holders_of(flow.APPROVE, unit_id=row.unit_id, today=numbering.day_of(now))
    stored.tell(now, row, users, zh, en, key)


def _check_asked(actor: Actor, now: datetime, row: Complaint, case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    assert case.check is not None
    Check.objects.create(complaint=row, asked_at=now, reason=str(told["why"]).strip(), due_at=case.check)
    users = org.holders_of(flow.SUPERIOR, unit_id=row.unit_id, today=numbering.day_of(now))
    stored.tell(now, row, users, "投诉人申请核查", "A check of a decision is asked for", f"check-{row.version}")
    return {}


def _check_decided(is_upheld: bool) -> Paper:
    def decided(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
        if actor.user_id is not None and actor.user_id == row.handler_id:
            raise NotPermitted(flow.SUPERIOR)
        Check.objects.filter(complaint=row, decided_at__isnull=True).update(
            decided_at=now,
            decided_by=actor.display_name,
            is_upheld=is_upheld,
            answer=str(told["why"]).strip(),
            was_procedure_right=told.get("was_procedure_right"),
            was_in_time=told.get("was_in_time"),
            was_result_right=told.get("was_result_right"),
        )
        Plan.objects.filter(complaint=row, state="approved").update(state="past" if not is_upheld else "approved")
        return {}

    return decided


def _reopened(actor: Actor, now: datetime, row: Complaint, _case: flow.Case, told: dict[str, Any]) -> dict[str, Any]:
    Plan.objects.filter(complaint=row, state="approved").update(state="past")
    return {"is_history": False}


_PAPERS: Final[Mapping[str, Paper]] = {
    "review": _reviewed, "dispatch": _dispatched, "redispatch": _dispatched, "recuse": _recused,
    "feed_back": _fed_back, "propose_plan": _proposed, "approve_plan": _plan_decided("approved"),
    "reject_plan": _plan_decided("rejected"), "notify": _notified, "execute": _executed, "call_back": _called_back,
    "merge": _merged, "supplement": _supplemented, "supervise": _supervised, "answer_supervision": _answered,
    "declare_major": _major, "escalate": _escalated, "ask_check": _check_asked, "uphold": _check_decided(True),
    "overturn": _check_decided(False), "reopen": _reopened,
}  # fmt: skip
