"""The nightly run: every room's part, in the order in which one needs the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from anxin.book.segments import services as segments
from anxin.engagement.renewals import services as renewals
from anxin.foundation.audit import services as audit
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.worklist import services as worklist

Part = Callable[[Actor, datetime, date], Any]

# Each part can be killed and run again: the end state is the same.
PARTS: list[tuple[str, Part]] = [
    ("segments", lambda actor, now, as_of: segments.nightly(actor=actor, now=now, as_of=as_of)),
    ("renewals", lambda actor, now, as_of: renewals.nightly(actor=actor, now=now, as_of=as_of)),
    ("worklist", lambda actor, now, as_of: worklist.nightly(actor=actor, now=now, as_of=as_of)),
    ("audit seal", lambda _actor, now, _as_of: audit.seal(now=now)),
]


def run(*, as_of: date | None = None, say: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Run all parts; returns `{"as_of": …, "parts": {name: {"result": …, "seconds": …}}, "seconds": …}`."""
    actor = Actor.system("anxin nightly")
    day = as_of or clock.today()
    began = time.perf_counter()
    parts: dict[str, Any] = {}
    for name, part in PARTS:
        started = time.perf_counter()
        result = part(actor, clock.now(), day)
        seconds = round(time.perf_counter() - started, 3)
        parts[name] = {"result": result, "seconds": seconds}
        if say:
            say(f"  {name:<12}{seconds:>8.1f} s  {result}")
    return {"as_of": day.isoformat(), "parts": parts, "seconds": round(time.perf_counter() - began, 3)}
