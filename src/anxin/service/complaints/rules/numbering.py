"""Numbers of complaints: TS, the day of receipt, and a running number that never repeats."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

SEQUENCE: Final = "complaints_complaint_number"
CHINA: Final = ZoneInfo("Asia/Shanghai")


def complaint_ref(day: date, number: int) -> str:
    return f"TS{day:%Y%m%d}{number:06d}"


def day_of(moment: datetime) -> date:
    """The day of a moment in China."""
    return moment.astimezone(CHINA).date()
