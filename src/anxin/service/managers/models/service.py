"""Service that a customer was given out of a package, or beyond it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Given(models.Model):
    """One service item given on a day; `cost_fen` and `minutes` as the catalogue said then."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.CharField(max_length=20, db_collation="C")
    given_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    cost_fen = models.BigIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    scheme_version = models.PositiveIntegerField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["party", "-given_on"], name="managers_given_party")]
