"""The attention list (A24): at whom underwriting, claims and service look twice, and where such a person was met."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.book.customers.models.party import Party
from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class AttentionEntry(models.Model):
    """One entry, with its reason and period. It counts only when a second person approved it, until it is lifted.

    `party` is empty for somebody who is no customer (yet): `name`, `birth_date` and the keys say who is meant.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACTIVE = "active"
        REFUSED = "refused"
        LIFTED = "lifted"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, null=True, on_delete=models.CASCADE, related_name="attention_entries")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    name = models.CharField(max_length=120, blank=True, db_collation="C")
    birth_date = models.DateField(null=True, blank=True)
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    document_id = models.UUIDField(null=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    lift_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=40, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    batch_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="customers_attention_recent"),
            models.Index(
                fields=["name", "birth_date"], name="customers_attention_name", condition=models.Q(state="active")
            ),
            models.Index(fields=["until_date"], name="customers_attention_ends", condition=models.Q(state="active")),
        ]


@keeps_history()
class AttentionKey(models.Model):
    """A number that tells the person of an entry: ID document, phone, plate, USCC. Sealed, found by its blind index."""

    class Kind(models.TextChoices):
        DOCUMENT = "document"
        PHONE = "phone"
        PLATE = "plate"
        USCC = "uscc"

    id = models.UUIDField(primary_key=True, default=uuid7)
    entry = models.ForeignKey(AttentionEntry, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=10, choices=Kind)
    value_sealed = models.BinaryField()
    value_blind = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind", "value_blind"], name="customers_attention_key_once")
        ]
        indexes = [models.Index(fields=["value_blind", "kind"], name="customers_attention_key")]


class AttentionHit(models.Model):
    """A customer who looks like somebody on the list: made when a file is opened or imported, judged by a person."""

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    entry = models.ForeignKey(AttentionEntry, on_delete=models.CASCADE, related_name="hits")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=40)  # document, phone, uscc, name_birth: what is equal
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "party"], name="customers_attention_hit_once")]
