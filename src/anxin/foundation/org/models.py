"""The organisation: its tree of units, the posts people hold in it and the calendars it works by."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Unit(models.Model):
    """A unit of the insurer. `path` lists the codes from the root, `/HQ/3100/310101/`: a subtree is a prefix."""

    class Level(models.TextChoices):
        HEADQUARTERS = "hq"
        PROVINCE = "province"
        CITY = "city"
        COUNTY = "county"
        OUTLET = "outlet"

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=300, db_collation="C")
    division_code = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="org_unit_code"),
            models.UniqueConstraint(fields=["path"], name="org_unit_path"),
        ]

    def __str__(self) -> str:
        return self.name


@keeps_history(with_inserts=True)
class Post(models.Model):
    """A user holds a role in a unit, from a day, until a day (exclusive) if it has ended."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey("accounts.RoleDefinition", on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], name="org_post_once", condition=models.Q(until_date__isnull=True)
            ),
            models.CheckConstraint(
                condition=models.Q(until_date__isnull=True) | models.Q(until_date__gte=models.F("from_date")),
                name="org_post_period",
            ),
        ]


class WorkingCalendar(models.Model):
    """The weekly hours of a unit and below, `{"1": [["09:00", "12:00"], ["13:00", "17:30"]], …}` (1 = Monday)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="calendars")
    weekly_hours = models.JSONField()
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="org_calendar_code")]


class CalendarDay(models.Model):
    """One day that differs from the week: a holiday, a make-up working day (调休) or special hours."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    is_working = models.BooleanField()
    hours = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=60, blank=True)
    is_published = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="org_calendar_day")]
