"""Call-backs of the demo insurer: ended well, with a problem, late; made by the services as staff would make them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Role
from anxin.service.callbacks import queries, services
from anxin.service.callbacks.data import Outcome
from anxin.service.callbacks.models import CallBack
from anxin.service.callbacks.rules import flow

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MOST: Final = 400
_WRONG: Final = (
    ("surrender", "客户称销售时未说明退保损失，要求书面说明"),
    ("cover", "客户不清楚等待期及责任免除"),
    ("payment", "客户以为只缴三年，实际缴费期间为十年"),
)


def make(actor: Actor) -> int:
    """Results for most of what the first night has made; returns how many. What is left shows the list at work."""
    now = clock.now()
    user = org.find_example_holder(Role.CALL_AGENT, today=clock.today())
    if user is None:
        return 0
    seat = org.actor_for(user, today=clock.today())
    rows = list(CallBack.objects.filter(round=1, state="waiting").order_by("due_at", "id")[:MOST])
    done = 0
    for number, row in enumerate(rows):
        if row.kind == "new_business":
            done += _new_business(seat, row, number, now)
        elif number % 3 == 0:
            done += _reached(seat, row, now, now - timedelta(hours=number % 5), {"score": str(3 + number % 3)})
    return done


def _new_business(seat: Actor, row: CallBack, number: int, now: datetime) -> int:
    if row.cooling_ends is None:
        return 0
    # One in ten of what was due is left or late; of what still runs one in three is done.
    over, place = row.due_at <= now, number % 20
    days = -2 if over and place == 17 else 1 + number % 9
    at = datetime.combine(row.cooling_ends - timedelta(days=days), time(10 + number % 8), SHANGHAI)
    if place == 19 or not now - timedelta(days=31) < at < now or (not over and number % 3):
        return 0
    if place == 18:
        return _missed(seat, row, number, now)
    if place in (5, 15):
        code, description = _WRONG[number % len(_WRONG)]
        return _reached(seat, row, now, at, {code: "no"}, description)
    return _reached(seat, row, now, at, {})


def _missed(seat: Actor, row: CallBack, number: int, now: datetime) -> int:
    outcome = (Outcome.NO_ANSWER, Outcome.WRONG_NUMBER, Outcome.AGAIN)[number // 20 % 3]
    again = now + timedelta(hours=20) if outcome is Outcome.AGAIN else None
    services.take_result(
        actor=seat, now=now, call_back_id=row.pk, version=row.version, outcome=outcome, again_at=again
    )  # fmt: skip
    return 1


def _reached(
    seat: Actor, row: CallBack, now: datetime, at: datetime, other: dict[str, Any], description: str = ""
) -> int:  # fmt: skip
    _version, questions, _opening = queries.questionnaire(row.kind, now)
    answers = {
        one.code: other.get(one.code, "5" if one.form == "score" else "yes")
        for one in flow.asked_of(questions, row.channel)
        if one.form != "text"
    }
    services.take_result(
        actor=seat, now=now, call_back_id=row.pk, version=row.version, outcome=Outcome.REACHED, answers=answers, at=at,
        description=description,
    )  # fmt: skip
    return 1
