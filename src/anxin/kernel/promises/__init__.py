"""The clock of a promise: when it is due, how much is left, and what pauses, new facts and extensions do to it.

Pure functions over immutable data; `now` and the calendar are passed in. A promise is kept by what happens before
`due_at`; at `due_at` itself it is broken (half-open, as everywhere here).

How the terms count
- MINUTES, WORKING_MINUTES: time that passes, around the clock or in working hours. Paused time does not count.
- NATURAL_DAYS, WORKING_DAYS: the day the clock starts is not counted; due at the end (24:00) of the last day. A day
  does not count when the clock stands still at its end. “15 日内”, “3 个工作日内”.
- SUNSET: due when work ends on the day itself, or on the next working day once nobody works any more that day
  (日落原则). `amount` adds working days.

New facts start the clock anew (银行业保险业消费投诉处理管理办法 Art 18): what was paused or extended before lapses.
"""

from anxin.kernel.promises.clock import (
    Clock,
    ClockRefused,
    Extension,
    Light,
    Measure,
    Pause,
    Phase,
    Refusal,
    Term,
    dump,
    load,
)  # fmt: skip
from anxin.kernel.promises.many import schedule_many
from anxin.kernel.promises.reading import AMBER_PERCENT, Reading, due_at, is_kept, read, schedule
from anxin.kernel.promises.setting import extend, finish, pause, reopen, restart, resume

__all__ = [
    "AMBER_PERCENT", "Clock", "ClockRefused", "Extension", "Light", "Measure", "Pause", "Phase", "Reading", "Refusal",
    "Term", "due_at", "dump", "extend", "finish", "is_kept", "load", "pause", "read", "reopen", "restart", "resume",
    "schedule", "schedule_many",
]  # fmt: skip
