"""How figures, dates and spans are written for people (docs of the design: numbers, dates, masking)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

MINUS: Final = "\u2212"
EMPTY: Final = "—"
ZONE: Final = ZoneInfo("Asia/Shanghai")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_ZH: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_chinese(language: str | None) -> bool:
    return (language or "zh").lower().startswith("zh")


def day(value: date, language: str, *, weekday: bool = False) -> str:
    """`2026-10-12` or `12 Oct 2026`, with the weekday where a deadline matters."""
    if isinstance(value, datetime):
        value = value.astimezone(ZONE).date() if value.tzinfo else value.date()
    if is_chinese(language):
        return value.isoformat() + (f" {_WEEKDAYS_ZH[value.weekday()]}" if weekday else "")
    text = f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{_WEEKDAYS_EN[value.weekday()]} {text}" if weekday else text


def moment(value: datetime, language: str, *, now: datetime, weekday: bool = False) -> str:
    """`10-12 14:32` within the current year, else with the year; English `12 Oct 14:32`. Shanghai time, 24 hours."""
    if value.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    local = value.astimezone(ZONE)
    this_year = local.year == now.astimezone(ZONE).year
    if is_chinese(language):
        # Cut from 2026-10-12T14:32:05: strftime takes five times as long, and long lists are full of these.
        stamp = local.isoformat()
        text, clock = stamp[5:10] if this_year else stamp[:10], stamp[11:16]
        return f"{text} {_WEEKDAYS_ZH[local.weekday()]} {clock}" if weekday else f"{text} {clock}"
    text = f"{local.day} {_MONTHS[local.month - 1]}" + ("" if this_year else f" {local.year}")
    return (f"{_WEEKDAYS_EN[local.weekday()]} " if weekday else "") + f"{text} {local:%H:%M}"


def span(seconds: int) -> str:
    """`47 分`, `3 时 05 分`, `1 天 4 时`; in the active language. Seconds are dropped, a sign is not expected."""
    minutes = abs(seconds) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return gettext("%(d)sd %(h)sh") % {"d": days, "h": hours} if hours else gettext("%(d)sd") % {"d": days}
    if hours:
        return gettext("%(h)sh %(m)sm") % {"h": hours, "m": f"{rest:02d}"} if rest else gettext("%(h)sh") % {"h": hours}
    return gettext("%(m)sm") % {"m": rest}


def left(seconds: int) -> str:
    """What remains of a promise; a negative number is a promise broken: `超 2 时 18 分`."""
    return span(seconds) if seconds >= 0 else gettext("%(span)s over") % {"span": span(-seconds)}


def figure(value: float | None, digits: int = 0) -> str:
    """Thousands separated, a real minus sign, `—` for nothing."""
    if value is None:
        return EMPTY
    text = f"{abs(value):,.{digits}f}"
    return MINUS + text if value < 0 and float(text.replace(",", "")) else text


def rate(value: float | None, digits: int = 1) -> str:
    """A ratio (0.926) as `92.6%`."""
    return EMPTY if value is None else f"{figure(value * 100, digits)}%"


def points(value: float | None, digits: int = 1) -> str:
    """Change of a rate (0.004) in percentage points: `+0.4 个百分点`, `+0.4 pp`."""
    if value is None:
        return EMPTY
    text = figure(value * 100, digits)
    sign = "+" if value > 0 and float(text.replace(",", "")) else ""
    return gettext("%(points)s pp") % {"points": sign + text}
