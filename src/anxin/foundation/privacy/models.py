"""The key proof; notices, processing activities with their impact assessments, breaches."""

from __future__ import annotations

from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


class KeyProof(models.Model):
    """A known word, sealed and blinded. Whoever cannot open it has the wrong keys and must not start."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    only = models.BooleanField(default=True)
    sealed = models.BinaryField()
    blind = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="privacy_one_key_proof"),
            models.CheckConstraint(condition=models.Q(only=True), name="privacy_key_proof_only"),
        ]


@keeps_history()
class PrivacyNotice(models.Model):
    """One version of what people are told before their data are used (PIPL article 17). It never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    effective_from = models.DateField()
    published_by_id = models.UUIDField(null=True)
    published_by_name = models.CharField(max_length=150)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="privacy_notice_version")]


@keeps_history()
class ProcessingActivity(models.Model):
    """One thing that is done with personal data: for what, on what ground, with which kinds, who gets them."""

    class Basis(models.TextChoices):
        CONTRACT = "contract"
        CONSENT = "consent"
        DUTY = "duty"
        EMERGENCY = "emergency"
        PUBLIC = "public"

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=10, choices=Basis)
    kinds = models.CharField(max_length=300)
    recipients = models.CharField(max_length=300, blank=True)
    retention = models.CharField(max_length=200)
    # PIPL article 55: each of these asks for an impact assessment beforehand.
    is_sensitive = models.BooleanField(default=False)
    is_automated = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False)
    is_abroad = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="privacy_activity_name")]


class ImpactAssessment(models.Model):
    """An impact assessment of an activity (PIPL articles 55 and 56). Written once, never changed, kept three years."""

    class Risk(models.TextChoices):
        HIGH = "high"
        MEDIUM = "medium"
        LOW = "low"

    id = models.UUIDField(primary_key=True, default=uuid7)
    activity = models.ForeignKey(ProcessingActivity, on_delete=models.PROTECT, related_name="assessments")
    assessed_on = models.DateField()
    necessity = models.TextField()
    impact = models.TextField()
    risk = models.CharField(max_length=8, choices=Risk)
    measures = models.TextField()
    conclusion = models.TextField()
    review_date = models.DateField()
    keep_until = models.DateField()
    assessor_id = models.UUIDField(null=True)
    assessor_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["activity", "-assessed_on"], name="privacy_assessment_recent")]


@keeps_history()
class Breach(models.Model):
    """A leak, loss or forgery of personal data and what was done about it (PIPL article 57)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    found_at = models.DateTimeField()
    what = models.TextField()
    cause = models.TextField(blank=True)
    kinds = models.CharField(max_length=300)
    people = models.PositiveIntegerField(null=True, blank=True)
    harm = models.TextField(blank=True)
    measures = models.TextField()
    authority_told_at = models.DateTimeField(null=True, blank=True)
    people_told_at = models.DateTimeField(null=True, blank=True)
    why_people_not_told = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_by_name = models.CharField(max_length=150)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["-found_at", "-id"], name="privacy_breach_recent")]
