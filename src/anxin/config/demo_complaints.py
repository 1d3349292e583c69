"""Complaints of the demo insurer, in every state, made by the services as staff would make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from anxin.book.customers import queries as customers
from anxin.foundation.accounts.data import SignedInUser
from anxin.foundation.approvals import queries as waiting
from anxin.foundation.approvals import services as approvals
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Role
from anxin.service.complaints import services
from anxin.service.complaints.models import Complaint

COUNT: Final = 40
_STORIES: Final = (
    ("claim", "claim_delay", "medical", "住院医疗险赔付延迟", "请尽快赔付并说明迟延原因", 2_364_850),
    ("claim", "claim_amount", "motor", "车辆定损金额偏低", "按4S店维修报价重新定损", 860_000),
    ("sales", "exaggerated", "participating", "分红收益与销售介绍不符", "全额退还已交保费", 5_000_000),
    ("surrender", "surrender_amount", "universal", "退保扣费未事先告知", "退还扣除的手续费", 320_000),
    ("renewal", "auto_renewed", "accident", "未经同意自动续保扣费", "退还续期保费", 19_800),
    ("underwriting", "premium_dispute", "motor", "保费上浮原因未说明", "说明保费计算依据", None),
    ("service", "attitude", "motor", "查勘人员服务态度不佳", "要求道歉", None),
    ("claim", "claim_denial", "disease", "重疾险拒赔理由不认可", "重新审核并赔付", 10_000_000),
    ("privacy", "leak", "health", "投保后频繁接到推销电话", "停止使用个人信息", None),
    ("servicing", "maturity_amount", "annuity", "满期金额少于预期", "按合同说明给付金额", 1_200_000),
)
_CHANNELS: Final = ("hotline", "hotline", "visit", "online", "hotline_12378", "regulator", "letter")
_WAY: Final = (
    "review", "dispatch", "feed_back", "propose_plan", "approve_plan", "notify", "execute", "call_back", "archive",
)  # fmt: skip


def make(actor: Actor) -> int:
    """Register and move some dozens of complaints of real customers; returns how many. The system only looks."""
    now, today = clock.now(), clock.today()
    found = {role: org.find_example_holder(role, today=today) for role in (
        Role.CALL_AGENT, Role.COMPLAINT_HANDLER, Role.HEAD_OFFICE,
    )}  # fmt: skip
    if None in found.values():
        return 0
    seat, handler, above = (_actor(found[role], today) for role in found)
    unit = org.unit_of(handler.user_id) if handler.user_id else None
    page = customers.list_customers(actor, customers.CustomerFilter(), today=today, sort="name", size=COUNT)
    for number, one in enumerate(page.rows):
        stage = number % (len(_WAY) + 1)
        # The further a complaint has come, the older it is; some are late on purpose.
        age = 2 + stage * 2 + (number % 3) * (6 if number % 7 == 0 else 0)
        if stage == 1 and not _is_withdrawn(number):
            age = 0  # reviewed today: older ones would have been dispatched by themselves
        at = now - timedelta(days=age, hours=number % 5)
        cause, detail, line, title, request, fen = _STORIES[(number + number // 10 * 3) % len(_STORIES)]
        row = services.register_complaint(
            actor=seat, now=at, channel=_CHANNELS[number % len(_CHANNELS)], party_ref=one.ref, complainant=one.name,
            request=request, cause=cause, detail_cause=detail, line=line, title=title, request_fen=fen, unit_id=unit,
            mood="unhappy" if number % 2 else "angry", expectation="尽快答复", contact="13800006721",
            facts="客户来电反映上述情况，请核实。",
        )  # fmt: skip
        for action in _WAY[:stage]:
            at = min(at + timedelta(hours=20 if age else 1), now)
            row = _step(row, action, at, seat=seat, handler=handler, above=above, unit=unit)
        _aside(row, number, stage, now, seat=seat, handler=handler, above=above)
    return len(page.rows)


def _is_withdrawn(number: int) -> bool:
    """Half of those that were only reviewed are taken back; the others wait for their dispatch."""
    return number % 20 == 1


def _actor(user: SignedInUser | None, today: Any) -> Actor:
    assert user is not None
    return org.actor_for(user, today=today)


def _step(
    row: Complaint, action: str, at: datetime, *, seat: Actor, handler: Actor, above: Actor, unit: Any
) -> Complaint:  # fmt: skip
    if action == "propose_plan":
        return services.propose_plan(
            actor=handler, now=at, ref=row.ref, version=row.version, outcome="partly_met",
            measures="三个工作日内补发差额并向客户致歉", amount_fen=(row.request_fen or 0) // 2,
        )  # fmt: skip
    if action == "approve_plan":
        asked = waiting.pending_for("complaints.plan", row.pk)
        if asked is not None:
            approvals.approve(actor=above, now=at, request_id=asked.id, version=asked.version)
            row.refresh_from_db()
        return row
    founded = int(row.ref[-2]) % 3 != 0
    facts: dict[str, dict[str, Any]] = {
        "review": {"severity": row.severity},
        "dispatch": {"unit_id": unit},
        "feed_back": {
            "findings": "经核查系统记录与通话录音，客户反映情况基本属实。" if founded else "经核查，处理符合合同约定。",
            "root_cause": "待补充节点未发送短信\n仅配置公众号消息，客户已取消关注\n通知渠道无降级方案",
            "validity": "valid" if founded else "invalid", "has_responsible": True, "responsible_unit_id": unit,
            "department": "理赔部", "degree": "main",
        },
        "notify": {
            "finding": "您反映的情况经核查基本属实。", "basis": "保险合同条款及公司理赔时效规定。",
            "remedies": "如有异议，可在三十日内申请核查，也可以申请调解、仲裁或提起诉讼。", "way": "sms",
            "proof": f"短信回执 {row.ref[-6:]}", "delivered_at": at,
        },
        "execute": {"recovered_fen": (row.request_fen or 0) // 2, "why": "差额已支付"},
        "call_back": {"satisfaction": 3 + int(row.ref[-2]) % 3, "why": "客户认可处理结果", "mood_now": "calm"},
    }  # fmt: skip
    if action == "feed_back" and row.handler_id is None:
        # The posts of the sample begin today: nobody could have been chosen on the day of the dispatch.
        Complaint.objects.filter(pk=row.pk).update(handler=handler.user_id)
    by = {"review": above, "dispatch": seat, "call_back": seat, "archive": above}.get(action, handler)
    return services.move(actor=by, now=at, ref=row.ref, action=action, version=row.version, facts=facts.get(action, {}))


def _aside(
    row: Complaint, number: int, stage: int, now: datetime, *, seat: Actor, handler: Actor, above: Actor
) -> None:  # fmt: skip
    """A few side moves, so that lists and panels have something to show."""
    if stage in (2, 3) and number % 4 < 2:
        services.add_talk(
            actor=handler, now=now - timedelta(hours=3), ref=row.ref, kind="first", mood_now="neutral",
            summary="告知调查安排，客户同意等待三个工作日。",
        )  # fmt: skip
    if stage in (2, 4) and number % 3 == 0:
        services.move(
            actor=above, now=now - timedelta(hours=2), ref=row.ref, action="supervise", version=row.version,
            facts={"why": "请加快调查并每日反馈进展", "due_at": now + timedelta(days=1)},
        )  # fmt: skip
    elif stage == 1 and _is_withdrawn(number):
        services.move(
            actor=seat, now=now - timedelta(hours=1), ref=row.ref, action="withdraw", version=row.version,
            facts={"why": "客户来电撤回，录音为证"},
        )  # fmt: skip
