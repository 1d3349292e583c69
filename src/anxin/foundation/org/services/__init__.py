"""Changing the organisation: units, posts, calendars."""

from anxin.foundation.org.services.calendars import (
    change_hours,
    create_calendar,
    ensure_site_calendar,
    fill_year,
    remove_day,
    set_day,
)
from anxin.foundation.org.services.posts import end_post, give_post, give_post_by_code
from anxin.foundation.org.services.units import change_unit, create_unit, move_unit

__all__ = [
    "change_hours",
    "change_unit",
    "create_calendar",
    "create_unit",
    "end_post",
    "ensure_site_calendar",
    "fill_year",
    "give_post",
    "give_post_by_code",
    "move_unit",
    "remove_day",
    "set_day",
]
