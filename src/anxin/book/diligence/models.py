"""Customer due diligence: grade of risk, verification, funds, and the people behind an organisation."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Profile(models.Model):
    """What due diligence found about one customer; the elements of identity themselves are in the customer file."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey("customers.Party", on_delete=models.CASCADE, related_name="+", db_index=False)
    risk = models.CharField(max_length=8)
    risk_reason = models.TextField(blank=True)
    is_pep = models.BooleanField(default=False)
    pep_note = models.CharField(max_length=300, blank=True)
    source_of_funds = models.CharField(max_length=200, blank=True)
    use_of_funds = models.CharField(max_length=200, blank=True)
    verification = models.CharField(max_length=8, default="none")
    verification_method = models.CharField(max_length=60, blank=True)
    verified_at = models.DateTimeField(null=True)
    business_scope = models.CharField(max_length=500, blank=True)
    licence_no = models.CharField(max_length=40, blank=True)
    licence_until = models.DateField(null=True, blank=True)
    next_review_date = models.DateField()
    scheme_version = models.PositiveIntegerField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party"], name="diligence_profile_once"),
            models.CheckConstraint(
                condition=models.Q(risk__in=["high", "medium", "low"]), name="diligence_risk_is_known"
            ),
        ]
        indexes = [models.Index(fields=["next_review_date", "id"], name="diligence_due")]


@keeps_history()
class RelatedPerson(models.Model):
    """Somebody behind a customer: beneficial owner, controller, legal representative, person in charge, agent."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="people")
    role = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    document_kind = models.CharField(max_length=20)
    number_sealed = models.BinaryField()
    number_blind = models.BinaryField(max_length=16)
    valid_until = models.DateField(null=True, blank=True)
    share_bp = models.PositiveIntegerField(null=True, blank=True)  # 1/100 of a per cent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "role", "number_blind"], name="diligence_person_once")
        ]
