"""Staff at the desk: what they can do, and what they look at right now."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.desk.models.tickets import Ticket


class Profile(models.Model):
    """What somebody can be given: queues, skills, languages (codes; none means any), and how much at a time. `level`: 1
    beginner to 4 expert."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+", db_column="user_id"
    )
    queues = models.JSONField(default=list)
    skills = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    most_open = models.PositiveSmallIntegerField(default=30)
    is_available = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(default=2, db_default=2)
    version = models.PositiveIntegerField(default=1, db_default=1)


class Presence(models.Model):
    """Who has a ticket open on the screen, so that two do not answer at once."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    typing_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="desk_presence_once")]
