"""What happens to a clock: it stands still, begins anew, gets more time, ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from anxin.kernel.promises.clock import Clock, ClockRefused, Extension, Pause, Refusal
from anxin.kernel.promises.reading import due_at
from anxin.kernel.worktime import Calendar


def pause(clock: Clock, calendar: Calendar, *, at: datetime, reason: str) -> Clock:
    """Stand still from `at`. ClockRefused: finished, paused already, late already, or `at` lies before the start."""
    _open(clock)
    if clock.is_paused:
        raise ClockRefused(Refusal.PAUSED)
    if at < max((clock.runs_since, *(one.end for one in clock.pauses if one.end is not None))):
        raise ClockRefused(Refusal.BACKWARDS)
    if at >= due_at(clock, calendar, at):
        raise ClockRefused(Refusal.LATE)
    return replace(clock, pauses=(*clock.pauses, Pause(at, None, reason)))


def resume(clock: Clock, *, at: datetime) -> Clock:
    """Go on at `at`. ClockRefused: finished, not paused, or `at` lies before the pause."""
    _open(clock)
    going = next((one for one in clock.pauses if one.end is None), None)
    if going is None:
        raise ClockRefused(Refusal.NOT_PAUSED)
    if at < going.start:
        raise ClockRefused(Refusal.BACKWARDS)
    return replace(clock, pauses=tuple(replace(one, end=at) if one is going else one for one in clock.pauses))


def restart(clock: Clock, *, at: datetime) -> Clock:
    """Begin anew at `at`, when new facts came; a pause that goes on ends. ClockRefused: finished, or backwards."""
    _open(clock)
    if at < clock.runs_since:
        raise ClockRefused(Refusal.BACKWARDS)
    return replace(resume(clock, at=at) if clock.is_paused else clock, restarts=(*clock.restarts, at))


def extend(clock: Clock, calendar: Calendar, extension: Extension) -> Clock:
    """Grant more time. ClockRefused: finished, no time given, before the start, or not before the promise was due."""
    _open(clock)
    if extension.amount <= 0:
        raise ClockRefused(Refusal.NOTHING)
    if extension.at < clock.runs_since:
        raise ClockRefused(Refusal.BACKWARDS)
    if extension.at >= due_at(clock, calendar, extension.at):
        raise ClockRefused(Refusal.LATE)
    return replace(clock, extensions=(*clock.extensions, extension))


def finish(clock: Clock, *, at: datetime) -> Clock:
    """What was promised is done. ClockRefused: finished already, or `at` lies before the start."""
    _open(clock)
    if at < clock.started_at:
        raise ClockRefused(Refusal.BACKWARDS)
    return replace(clock, done_at=at)


def reopen(clock: Clock, *, at: datetime) -> Clock:
    """Not done after all: the clock goes on, and the time in between did not count. ClockRefused: not finished."""
    if clock.done_at is None:
        raise ClockRefused(Refusal.NOT_PAUSED)
    if at < clock.done_at:
        raise ClockRefused(Refusal.BACKWARDS)
    pauses = tuple(one if one.end is not None else replace(one, end=clock.done_at) for one in clock.pauses)
    return replace(clock, done_at=None, pauses=(*pauses, Pause(clock.done_at, at, "reopened")))


def _open(clock: Clock) -> None:
    if clock.done_at is not None:
        raise ClockRefused(Refusal.FINISHED)
