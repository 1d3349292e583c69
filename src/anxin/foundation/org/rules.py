"""Shapes of working hours as they are stored, and which moves of a unit make sense."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from anxin.kernel.worktime import OFFICE_WEEK, Calendar, DayRule, hours

Spans = Sequence[Sequence[str]]
_SPAN = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]|24):[0-5]\d$")


def day_rule(spans: Spans, name: str = "") -> DayRule:
    """`[["09:00", "12:00"], ["13:00", "17:30"]]` as a rule; nothing means a day off."""
    return hours(*(f"{start}-{end}" for start, end in spans), name=name) if spans else DayRule((), name)


def spans_of(rule: DayRule) -> list[list[str]]:
    return [[_clock(start), _clock(end)] for start, end in rule.spans]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse_spans(text: str) -> list[list[str]]:
    """`09:00-12:00, 13:00-17:30`, also with full-width commas; ValueError when it is no such list."""
    spans = []
    for part in re.split(r"[,，;；\s]+", text.strip()):
        if not part:
            continue
        if not _SPAN.match(part):
            raise ValueError(part)
        spans.append(part.split("-"))
    day_rule(spans)
    return spans


def write_spans(spans: Spans) -> str:
    return ", ".join(f"{start}-{end}" for start, end in spans)


def weekly(rules: Sequence[DayRule] = OFFICE_WEEK) -> dict[str, list[list[str]]]:
    """A week as it is stored: ISO weekday, "1" for Monday, to spans."""
    return {str(number): spans_of(rule) for number, rule in enumerate(rules, start=1)}


def build_calendar(
    weekly_hours: Mapping[str, Spans],
    days: Mapping[date, tuple[bool, Spans, str]],
    timezone: str,
    years: frozenset[int],
) -> Calendar:
    """`days`: date to (is_working, hours, name). A make-up day without hours of its own works as on a Monday."""
    week = tuple(day_rule(weekly_hours.get(str(number), [])) for number in range(1, 8))
    usual = next((rule for rule in week if rule.is_working), DayRule())
    exceptions = {}
    for day, (is_working, spans, name) in days.items():
        if not is_working:
            exceptions[day] = DayRule((), name)
        else:
            exceptions[day] = day_rule(spans, name) if spans else DayRule(usual.spans, name)
    return Calendar(week, exceptions, timezone, years)


def is_below(path: str, above: str) -> bool:
    """Whether the unit at `path` is the one at `above` or lies under it."""
    return path.startswith(above)
