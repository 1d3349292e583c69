"""Complaints for tests: one registered by a seat, and one taken as far as a test wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anxin.foundation.accounts.models import User
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.models import Request
from anxin.kernel.permissions import Role
from anxin.service.complaints import services
from anxin.service.complaints.models import Complaint
from tests.build import people
from tests.build.cast import Cast
from tests.build.people import NOW, actor


@dataclass(frozen=True)
class Desk:
    """Those who deal with complaints in 上海: the seat, the handler, the review post, and head office above."""

    seat: User
    handler: User
    reviewer: User
    above: User
    unit_id: UUID


def desk(cast: Cast) -> Desk:
    return Desk(
        seat=cast.agent,
        handler=people.user(username="lxw", name="林晓雯", role=Role.COMPLAINT_HANDLER, unit=cast.shanghai),
        reviewer=people.user(username="shy", name="沈予", role=Role.COMPLAINT_REVIEWER, unit=cast.shanghai),
        above=cast.head_office,
        unit_id=cast.shanghai.pk,
    )


def registered(who: Desk, *, now: datetime = NOW, **more: Any) -> Complaint:
    given: dict[str, Any] = {
        "channel": "hotline", "complainant": "王小明", "request": "尽快赔付并说明原因", "cause": "claim",
        "detail_cause": "claim_delay", "line": "medical", "title": "住院医疗险赔付延迟", "contact": "13800006721",
        "unit_id": who.unit_id, **more,
    }  # fmt: skip
    return services.register_complaint(actor=actor(who.seat), now=now, **given)


WAY = ("review", "dispatch", "feed_back", "propose_plan", "approve_plan", "notify", "execute", "call_back", "archive")


def taken_to(who: Desk, row: Complaint, last: str, *, now: datetime = NOW) -> Complaint:
    """Move a registered complaint on up to and with `last`, an hour for each step."""
    at = now
    for action in WAY[: WAY.index(last) + 1]:
        at += timedelta(hours=1)
        row = step(who, row, action, at)
    return row


def step(who: Desk, row: Complaint, action: str, at: datetime) -> Complaint:
    facts: dict[str, dict[str, Any]] = {
        "review": {"severity": "plain"},
        "dispatch": {"unit_id": who.unit_id, "handler_id": who.handler.pk},
        "feed_back": {
            "findings": "资料审核停滞十二天", "root_cause": "未通知补件\n通知渠道无降级", "validity": "valid",
            "has_responsible": True, "responsible_unit_id": who.unit_id, "department": "理赔部",
        },
        "notify": {
            "finding": "属实", "basis": "保险合同第十二条", "remedies": "核查、调解、仲裁、诉讼", "way": "sms",
            "proof": "短信回执 8821", "delivered_at": at,
        },
        "execute": {"recovered_fen": 2_364_850},
        "call_back": {"satisfaction": 4, "why": "客户认可"},
    }  # fmt: skip
    by = {"review": who.reviewer, "dispatch": who.seat, "call_back": who.seat, "archive": who.reviewer}
    if action == "propose_plan":
        return services.propose_plan(
            actor=actor(who.handler), now=at, ref=row.ref, version=row.version, outcome="met", measures="三日内赔付",
            amount_fen=2_364_850,
        )  # fmt: skip
    if action == "approve_plan":
        waiting = Request.objects.get(subject_id=row.pk, state="pending")
        approvals.approve(actor=actor(who.reviewer), now=at, request_id=waiting.pk, version=waiting.version)
        row.refresh_from_db()
        return row
    return services.move(
        actor=actor(by.get(action, who.handler)), now=at, ref=row.ref, action=action, version=row.version,
        facts=facts.get(action, {}),
    )  # fmt: skip
