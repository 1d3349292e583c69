"""What staff keep on a file: facts, tags, notes, consents, custom fields."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.book.customers.models.party import Party
from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Fact(models.Model):
    """A life or work fact that has no column of its own (A02): school, pets, holidays … With purpose and expiry."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="facts")
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=500)
    purpose = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=40)
    observed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    batch_id = models.UUIDField(null=True)


class Tag(models.Model):
    """A free label that staff put on customers."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=10, default="neutral")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_tag_name")]


class PartyTag(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="party_tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="party_tags")
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "tag"], name="customers_tag_once")]


@keeps_history()
class Note(models.Model):
    """What staff wrote down about a customer; with a due date it is something that one person has to do by then."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="notes", db_index=False)
    text = models.TextField()
    is_pinned = models.BooleanField(default=False)
    due_date = models.DateField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_date__isnull=True, assignee__isnull=True)
                | models.Q(due_date__isnull=False, assignee__isnull=False),
                name="customers_note_due_has_person",
            )
        ]
        indexes = [models.Index(fields=["party", "-created_at"], name="customers_note_recent")]


@keeps_history()
class Consent(models.Model):
    """What a customer agreed to or refused, per purpose, channel and recipient, with the evidence."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, blank=True)
    recipient = models.CharField(max_length=80, blank=True)
    is_given = models.BooleanField()
    # Told and agreed to by itself, not as part of other terms: PIPL articles 23, 29, 31.
    is_separate = models.BooleanField(default=False)
    wording = models.CharField(max_length=40, blank=True)  # code and version of the notice that was shown
    evidence = models.CharField(max_length=300, blank=True)
    document_id = models.UUIDField(null=True)  # the signed form, kept by foundation.documents
    recording_ref = models.CharField(max_length=80, blank=True)
    guardian = models.CharField(max_length=120, blank=True)  # who agreed for a child under 14
    given_at = models.DateTimeField()
    until_date = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_evidence = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "purpose", "channel", "recipient"], name="customers_consent_current"
            )
        ]


class CustomField(models.Model):
    """A field a site adds to the customer file. Its values live in `Party.custom` under `code`."""

    class Kind(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        DATE = "date"
        CHOICE = "choice"
        YES_NO = "yes_no"

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    choices = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="customers_field_code")]
