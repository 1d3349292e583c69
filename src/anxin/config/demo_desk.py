"""The desk of the demo insurer: some weeks of tickets, contacts, macros and counters, made by the services."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.permissions import Role
from anxin.kernel.states import IllegalTransition
from anxin.service.desk import services
from anxin.service.desk.data import Action, MacroReach, MessageKind, NewTicket
from anxin.service.desk.models import CounterDay, CounterTicket, DutyRecord, Profile, TicketTag
from anxin.service.desk.rules import counters
from anxin.service.desk.rules.counters import Side
from anxin.service.desk.rules.macros import Content
from anxin.service.desk.services import counters as halls
from anxin.service.desk.services import macros

SHANGHAI = ZoneInfo("Asia/Shanghai")
TICKETS: Final = 100
_ABOUT: Final[tuple[tuple[str, str, str, dict[str, str]], ...]] = (
    ("query_policy", "查询保单现金价值", "客户想了解目前退保能拿回多少。", {}),
    ("query_claim", "住院理赔到哪一步了", "上周提交了住院资料，询问审核进度。", {}),
    ("change_contact", "更换手机号", "原号码停用，需更换联系电话。", {"new_contact": "新号码尾号 6721"}),
    ("change_account", "变更续期扣款账户", "原银行卡挂失，申请更换。", {"bank": "中国银行上海分行"}),
    ("consult_product", "咨询重疾险等待期", "想给孩子投保，询问等待期规定。", {}),
    ("invoice", "开具电子发票", "单位报销需要电子发票。", {"title": "上海某某贸易有限公司"}),
    ("objection", "对扣款金额有异议", "扣款比去年多，请核实。", {}),
    ("suggestion", "建议增加线上变更项目", "希望在公众号上也能变更受益人。", {}),
    ("fnol_motor", "追尾事故报案", "停车等红灯时被后车追尾，无人受伤。", {
        "reporter": "本人", "reporter_phone": "13800006721", "place": "延安东路高架下匝道",
        "cause": "等红灯时被后车追尾", "plate": "沪A12345", "injured": "无人受伤",
    }),
    ("pick_up", "上门收取变更申请书", "客户行动不便，请上门。", {
        "address": "浦东新区世纪大道100号", "contact": "王女士 13800006721", "papers": "变更申请书、身份证复印件",
    }),
    ("callback", "请客户经理回电", "客户下午方便接听。", {}),
    ("other", "补寄保险合同", "合同遗失，申请补发。", {}),
)  # fmt: skip
_REPLIES: Final = (
    "已答复客户，客户表示清楚。",
    "已按规定办结并告知客户。",
    "已补寄并短信告知单号。",
    "已核实，情况属实，已更正。",
)
_MACROS: Final = (
    ("已收到，请稍候", "Received", Content(
        reply="{customer}您好，您反映的事项（工单 {number}）已收到，我们将在 {due} 前答复您。{agent}",
        reply_en="Dear {customer}, we have received your request (ticket {number}) and will answer by {due}. {agent}",
    )),
    ("请补充单证", "Papers missing", Content(
        reply="{customer}您好，办理工单 {number} 还需补充单证，所缺单证已一次性告知，请备齐后交至就近网点或线上上传。",
        reply_en="Dear {customer}, ticket {number} still needs papers; all of them are named in our message. Please "
        "hand them in at the nearest counter or upload them.",
        action="ask", why="等待客户补充单证", tag="待补单证",
    )),
    ("已办结并回复", "Done and answered", Content(
        reply="{customer}您好，您的事项已办结，感谢您的支持。",
        reply_en="Dear {customer}, your request is done. Thank you.", action="resolve", why="已办结并答复客户",
    )),
    ("转理赔部门核实", "To the claims department", Content(
        note="请理赔部门核实后反馈，客户等待答复。", action="refer", why="需理赔部门核实", queue="claims", priority=2,
    )),
)  # fmt: skip
_CONTACTS: Final = (
    ("phone", "outbound", "续期提醒", "已提醒续期缴费，客户表示月底前缴清。", "solved", "during", "月底确认是否到账"),
    ("visit", "outbound", "上门拜访", "了解家庭保障情况，关注子女教育金。", "follow_up", "callback", "带方案再访"),
    ("wechat", "outbound", "微信沟通", "发送理赔所需单证清单。", "solved", "after", ""),
    ("counter", "inbound", "柜面咨询", "客户到柜面咨询退保流程，已说明损失。", "follow_up", "after", "三日内电话回访"),
    ("phone", "inbound", "理赔进度", "客户询问理赔进度，已告知预计结案时间。", "solved", "after", ""),
    ("sms", "outbound", "生日祝福", "发送生日短信。", "", "callback", ""),
)  # fmt: skip


def make(actor: Actor) -> int:
    """Fill the pages of the desk; returns the number of tickets. The system only looks for people and customers."""
    now, today = clock.now(), clock.today()
    people = {role: org.find_example_holder(role, today=today) for role in Role}
    found = {role: org.actor_for(user, today=today) for role, user in people.items() if user is not None}
    agent, manager = found.get(Role.CALL_AGENT), found.get(Role.CUSTOMER_MANAGER)
    if agent is None or manager is None:
        return 0
    dice = random.Random(21)  # noqa: S311 - sample data, the same each time
    _macros(found, now)
    staff = [
        one for role in (
            Role.CALL_AGENT, Role.COUNTER_STAFF, Role.CUSTOMER_MANAGER, Role.TEAM_LEAD, Role.BRANCH_MANAGER,
        ) if (one := found.get(role)) is not None
    ]  # fmt: skip
    handlers = [(one, refs) for one in staff if (refs := _customers(one, 30))]
    for one, _refs in handlers:
        assert one.user_id is not None
        Profile.objects.update_or_create(
            user_id=one.user_id, defaults={"queues": [], "skills": ["motor", "vip"], "languages": ["zh-hans", "en"]}
        )
    for number in range(TICKETS):
        handler, refs = handlers[number // 4 % len(handlers)]
        _ticket(number, handler, refs[number % len(refs)], now, dice)
    _contacts(manager, _customers(manager, 30), now)
    for role in (Role.COUNTER_STAFF, Role.LOBBY_MANAGER, Role.BRANCH_MANAGER):
        if role in found:
            _counters(found[role], found, now, dice)
    return TICKETS if handlers else 0


def _customers(actor: Actor, count: int) -> list[str]:
    page = customers.list_customers(actor, customers.CustomerFilter(), today=clock.today(), sort="name", size=count)
    return [one.ref for one in page.rows]


def _macros(found: dict[Role, Actor], now: datetime) -> None:
    writer = found.get(Role.HEAD_OFFICE)
    for name, english, content in _MACROS if writer is not None else ():
        assert writer is not None
        macros.write_macro(actor=writer, now=now, name=name, name_en=english, reach=MacroReach.SHARED, content=content)


def _ticket(number: int, handler: Actor, ref: str, now: datetime, dice: random.Random) -> None:
    """One ticket and what became of it: three of four are done, mostly in time; the others stand somewhere."""
    kind, subject, body, told = _ABOUT[number % len(_ABOUT)]
    is_done = number % 4 != 3
    # The done ones lie in the weeks before, the open ones in these hours.
    at = _working_moment(now - timedelta(days=1 + number % 25 if is_done else 0, minutes=dice.randrange(20, 300)), now)
    answers = dict(told)
    if kind == "fnol_motor":
        answers["accident_at"] = f"{(at - timedelta(hours=2)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if kind in ("pick_up", "callback"):
        answers["wanted_at"] = f"{(at + timedelta(days=1)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    new = NewTicket(
        type=kind, subject=subject, body=body, party_ref=ref, answers=answers, take=is_done or number % 8 != 7,
        channel=("phone", "wechat", "counter", "app")[number % 4],
        amount_fen=dice.choice((120_000, 280_000, 1_500_000)) if kind == "fnol_motor" else None,
    )  # fmt: skip
    ticket = services.open_ticket(actor=handler, now=at, new=new)
    if number % 6 == 0:
        TicketTag.objects.create(ticket=ticket, tag=("回访", "续期", "理赔协助")[number % 3])
    if not new.take:
        return
    later = min(at + timedelta(minutes=dice.randrange(5, 60)), now)
    ticket = services.say(
        actor=handler, now=later, ticket_id=ticket.pk, kind=MessageKind.TO_CUSTOMER, version=ticket.version,
        body="您好，您反映的事项已受理，正在为您核实。",
    )  # fmt: skip
    if number % 9 == 0:
        services.watch(actor=handler, ticket_id=ticket.pk, is_wanted=True)
    try:
        if not is_done:
            action = (Action.ASK, Action.REFER, Action.RESUME)[number // 4 % 3]
            if action is not Action.RESUME:
                services.move(
                    actor=handler, now=later, ticket_id=ticket.pk, version=ticket.version, action=action,
                    why="请客户补充身份证明" if action is Action.ASK else "请理赔部核实后反馈",
                )  # fmt: skip
            return
        # One in seven takes days: a promise that was broken.
        took = timedelta(days=dice.randrange(4, 9)) if number % 7 == 0 else timedelta(minutes=dice.randrange(20, 110))
        end = min(later + took, now)
        services.move(
            actor=handler, now=end, ticket_id=ticket.pk, version=ticket.version, action=Action.RESOLVE,
            why=dice.choice(_REPLIES), satisfaction=dice.choice((5, 5, 5, 4, 4, 3, None)),
        )  # fmt: skip
    except (Rejected, IllegalTransition):
        # A rule of the house forbids it to this person: the ticket stays as it is.
        return


def _working_moment(at: datetime, now: datetime) -> datetime:
    """The same day between nine and five; a day of rest is as good as another in a demo."""
    local = at.astimezone(SHANGHAI)
    begin = datetime.combine(local.date(), time(9), SHANGHAI)
    shifted = begin + timedelta(minutes=(local.hour * 60 + local.minute) % 480)
    return min(shifted, now - timedelta(minutes=5))


def _contacts(manager: Actor, refs: Sequence[str], now: datetime) -> None:
    for number, ref in enumerate(refs[:24]):
        channel, direction, topic, summary, result, stage, next_step = _CONTACTS[number % len(_CONTACTS)]
        services.record_touchpoint(
            actor=manager, now=now, ref=ref, channel=channel, direction=direction, topic=topic, summary=summary,
            result=result, stage=stage, next_step=next_step, at=now - timedelta(days=number, hours=number % 5),
            next_at=now + timedelta(days=1 + number % 5) if next_step else None,
            satisfaction=(None, 5, 4)[number % 3],
        )  # fmt: skip


def _counters(teller: Actor, found: dict[Role, Actor], now: datetime, dice: random.Random) -> None:
    """Two weeks of numbers at the outlet of this person, and a hall that is busy right now."""
    unit_id = halls.outlet_of(teller)
    if CounterTicket.objects.filter(unit_id=unit_id).exists():
        return
    kinds: Any = counters.COUNTER_DEFAULT["services"]
    today = now.astimezone(SHANGHAI).date()
    rows = []
    for back in range(14, -1, -1):
        day = today - timedelta(days=back)
        last: dict[str, int] = {}
        for number in range(26 if back else 22):
            kind = dice.choice(kinds)
            inside = dice.random() < 0.2
            series = counters.series_of(kind["series"], is_internal=inside)
            last[series] = last.get(series, 0) + 1
            taken = datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=number * 17)
            state = CounterTicket.State.DONE
            if back == 0:
                # Drawn within the last two hours: most are served, two are at a window, the rest wait.
                taken = now - timedelta(minutes=120 - number * 5)
                state = _state_of(number)
            called = taken + timedelta(minutes=dice.randrange(2, 18))
            rows.append(_number(unit_id, day, series, last[series], kind, inside, taken, called, state, teller, dice))
        CounterDay.objects.bulk_create(
            [CounterDay(unit_id=unit_id, day=day, series=code, last=count) for code, count in last.items()]
        )
    CounterTicket.objects.bulk_create(rows)
    leader = found.get(Role.LOBBY_MANAGER)
    if leader is not None and halls.outlet_of(leader) == unit_id:
        windows = {"1": Side.CUSTOMERS, "2": Side.CUSTOMERS, "3": Side.INSIDERS}
        halls.set_up(actor=leader, now=now, mode="full", windows=windows)
    keeper = leader if leader is not None and halls.outlet_of(leader) == unit_id else teller
    DutyRecord.objects.bulk_create(
        [
            DutyRecord(
                id=uuid7(), unit_id=unit_id, day=today, duty=duty, at=now - timedelta(minutes=duty * 13),
                by_id=keeper.user_id, note="早高峰引导分流" if duty == 1 else "",
            )
            for duty in (1, 2, 3, 5)
        ]
    )  # fmt: skip


def _state_of(number: int) -> CounterTicket.State:
    if number < 14:
        return CounterTicket.State.DONE
    return {14: CounterTicket.State.SERVING, 15: CounterTicket.State.CALLED}.get(number, CounterTicket.State.WAITING)


def _number(
    unit_id: Any, day: Any, series: str, number: int, kind: dict[str, Any], inside: bool, taken: datetime,
    called: datetime, state: CounterTicket.State, teller: Actor, dice: random.Random,
) -> CounterTicket:  # fmt: skip
    is_called = state != CounterTicket.State.WAITING
    is_done = state == CounterTicket.State.DONE
    is_begun = is_called and state != CounterTicket.State.CALLED
    return CounterTicket(
        id=uuid7(), unit_id=unit_id, day=day, series=series, number=number, business=kind["code"], is_internal=inside,
        is_first=dice.random() < 0.05, state=state, window=str(1 + number % 3) if is_called else "",
        taken_at=taken, called_at=called if is_called else None, started_at=called if is_begun else None,
        finished_at=called + timedelta(minutes=kind["minutes"]) if is_done else None,
        step=5 if is_done else 2 if is_begun else 1, rating=dice.choice((5, 5, 5, 4, 4, 3, None)) if is_done else None,
        # The one at the window now is nobody's of the log-ins: they can call for themselves.
        teller_id=teller.user_id if is_done else None,
    )  # fmt: skip
