"""The nightly run: every room's part, in the order in which one needs the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any
from zoneinfo import ZoneInfo

from anxin.book.customers.services import attention
from anxin.book.diligence import services as diligence
from anxin.book.households import services as households
from anxin.book.rights import services as rights
from anxin.book.segments import services as segments
from anxin.book.upkeep import services as upkeep
from anxin.engagement.renewals import services as renewals
from anxin.foundation.accounts import services as accounts
from anxin.foundation.approvals import services as approvals
from anxin.foundation.audit import services as audit
from anxin.foundation.intake.services import forgetting
from anxin.foundation.notices import services as notices
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.callbacks import services as callbacks
from anxin.service.knowledge import services as knowledge
from anxin.service.managers import services as managers
from anxin.service.worklist import services as worklist

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = time_of_day(2)
Part = Callable[[Actor, datetime], Any]

# Each part can be killed and run again: the end state is the same.
PARTS: list[tuple[str, Part]] = [
    ("segments", lambda actor, now: segments.nightly(actor=actor, now=now)),
    ("households", lambda actor, now: households.nightly(actor=actor, now=now)),
    ("file quality", lambda actor, now: upkeep.nightly(actor=actor, now=now)),
    ("managers", lambda actor, now: managers.nightly(actor=actor, now=now)),
    ("renewals", lambda actor, now: renewals.nightly(actor=actor, now=now)),
    ("call-backs", lambda actor, now: callbacks.nightly(actor=actor, now=now)),
    ("worklist", lambda actor, now: worklist.nightly(actor=actor, now=now)),
    ("attention", lambda _actor, now: attention.expire(now=now)),
    ("diligence", lambda _actor, now: diligence.nightly(now=now)),
    ("approvals", lambda _actor, now: approvals.expire_old(now=now)),
    ("rights", lambda actor, now: rights.nightly(actor=actor, now=now)),
    ("old values", lambda _actor, now: forgetting.forget_old_values(now=now)),
    ("old questions", lambda _actor, now: knowledge.forget_searches(now=now)),
    ("old notices", lambda _actor, now: notices.remove_old(now=now)),
    ("old calls", lambda _actor, now: accounts.drop_old_calls(now=now)),
    ("audit seal", lambda _actor, now: audit.seal(now=now)),
]


def run(*, as_of: date | None = None, say: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Run all parts; returns `{"as_of": …, "parts": {name: {"result": …, "seconds": …}}, "seconds": …}`."""
    actor = Actor.system("anxin nightly")
    day = as_of or clock.today()

    def moment() -> datetime:
        return clock.now() if as_of is None else datetime.combine(as_of, NIGHT, CHINA)

    began = time.perf_counter()
    parts: dict[str, Any] = {}
    for name, part in PARTS:
        started = time.perf_counter()
        result = part(actor, moment())
        seconds = round(time.perf_counter() - started, 3)
        parts[name] = {"result": result, "seconds": seconds}
        if say:
            say(f"  {name:<12}{seconds:>8.1f} s  {result}")
    return {"as_of": day.isoformat(), "parts": parts, "seconds": round(time.perf_counter() - began, 3)}
