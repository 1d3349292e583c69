"""How long it takes to say anew when 100,000 promises are due, after a working calendar was changed."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from anxin.kernel import holidays, promises
from anxin.kernel.promises import Clock, Extension, Measure, Pause, Term
from anxin.kernel.worktime import DAY_OFF, Calendar, hours

PROMISES = int(os.environ.get("BENCH_PROMISES", "100000"))
START = datetime(2026, 1, 1, tzinfo=UTC)
TERMS = (
    Term(Measure.WORKING_MINUTES, 240), Term(Measure.MINUTES, 2 * 24 * 60), Term(Measure.NATURAL_DAYS, 15),
    Term(Measure.WORKING_DAYS, 3), Term(Measure.SUNSET, 0),
)  # fmt: skip


def main() -> dict[str, Any]:
    """BENCH_PROMISES promises of all measures over a year, a third of them paused, some extended or begun anew."""
    dice = random.Random(11)
    stored = [promises.dump(_clock(dice)) for _one in range(PROMISES)]
    week = (hours("08:30-12:00", "13:30-18:00"),) * 5 + (hours("09:00-12:00"), DAY_OFF)
    before = holidays.calendar_for(range(2025, 2027), week)
    now = START + timedelta(days=300)
    old, _amber = promises.schedule_many(stored, before, now)

    began, processor = time.perf_counter(), time.process_time()
    after = Calendar(week, {**before.exceptions, date(2026, 6, 10): DAY_OFF}, years=before.years)
    new, _amber = promises.schedule_many(stored, after, now)
    seconds, own = time.perf_counter() - began, time.process_time() - processor
    return {
        "promises_recomputed": PROMISES,
        "moved": int((old != new).sum()),
        "processor_seconds": round(own, 2),
        "promises": {
            f"{PROMISES:,} promises due anew after a calendar change, seconds": {
                "measured": round(seconds, 2), "promised": "≤ 20", "kept": seconds <= 20,
            }
        },
    }  # fmt: skip


def _clock(dice: random.Random) -> Clock:
    start = START + timedelta(minutes=dice.randrange(280 * 24 * 60))
    pauses = []
    if dice.random() < 0.33:
        begin = start + timedelta(minutes=dice.randrange(1, 2000))
        pauses.append(Pause(begin, begin + timedelta(minutes=dice.randrange(1, 9000)), "customer"))
    extensions = (Extension(start + timedelta(hours=1), 15, "complex"),) if dice.random() < 0.05 else ()
    restarts = (start + timedelta(hours=9),) if dice.random() < 0.05 else ()
    return Clock(dice.choice(TERMS), start, tuple(pauses), restarts, extensions)
