"""Who is who to whom, and who of the staff manages whom, with history."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.book.customers.models.party import Party
from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Relation(models.Model):
    """`from_party` is the `kind` of `to_party`: spouse, child, parent, employer, friend, supplier, referrer …"""

    id = models.UUIDField(primary_key=True, default=uuid7)
    from_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relations_out", db_index=False)
    to_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relations_in")
    kind = models.CharField(max_length=24)
    note = models.CharField(max_length=200, blank=True)
    # What a key person of an organisation decides there (A23). Defaults of the database: imports name their columns.
    person_role = models.CharField(max_length=20, blank=True, default="", db_default="")
    from_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(default=True)
    source = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_party", "to_party", "kind"], name="customers_relation_once"),
            models.CheckConstraint(
                condition=~models.Q(from_party=models.F("to_party")), name="customers_relation_not_self"
            ),
        ]


class Custody(models.Model):
    """Who managed whom, from when until when. `Party.manager` is the open row's manager."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="custody")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="customers_one_manager", condition=models.Q(until_at__isnull=True)
            )
        ]
