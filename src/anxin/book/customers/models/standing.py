"""What the nightly run says of a customer, kept beside the file so that lists can sort by it."""

from __future__ import annotations

from django.db import models

from anxin.book.customers.models.party import Party


class Standing(models.Model):
    """What the last nightly run found of a party: the figures lists and headers show. Replaced whole by every run.

    Plain UUID keys: the table is loaded fresh beside the old one and swapped, which foreign keys would make slow.
    """

    party = models.OneToOneField(
        Party, primary_key=True, on_delete=models.DO_NOTHING, related_name="standing", db_constraint=False
    )
    annual_premium_fen = models.BigIntegerField(default=0)
    total_paid_fen = models.BigIntegerField(default=0)
    claims_paid_fen = models.BigIntegerField(default=0)
    active_policies = models.PositiveIntegerField(default=0)
    policies = models.PositiveIntegerField(default=0)
    active_lines = models.PositiveSmallIntegerField(default=0)
    open_claims = models.PositiveIntegerField(default=0)
    tier = models.CharField(max_length=12, blank=True)
    abc = models.CharField(max_length=1, blank=True)
    next_expiry_date = models.DateField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    explanation = models.JSONField(default=dict)
    run_id = models.UUIDField()

    class Meta:
        indexes = [
            # Both fields the same way: read forwards or backwards, each serves both directions of an order of the list.
            models.Index(fields=["annual_premium_fen", "party"], name="customers_standing_by_premium"),
            models.Index(fields=["tier", "annual_premium_fen", "party"], name="customers_standing_tier"),
            models.Index(fields=["abc", "annual_premium_fen", "party"], name="customers_standing_abc"),
            models.Index(fields=["next_expiry_date", "party"], name="customers_standing_by_expiry"),
            models.Index(fields=["last_contact_at", "party"], name="customers_standing_by_contact"),
            models.Index(fields=["party"], name="customers_standing_claims", condition=models.Q(open_claims__gt=0)),
        ]
