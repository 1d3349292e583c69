"""What the nightly run says of a customer, kept beside the file so that lists can sort by it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from anxin.book.customers.models.party import Party

# The lines of business there are: each is a list of its own, in every order of a figure.
LINES: Final = (
    "motor", "property", "liability", "accident", "health", "life", "annuity", "agricultural", "guarantee",
)  # fmt: skip
ORDERED: Final = {"premium": "annual_premium_fen", "expiry": "next_expiry_date", "contact": "last_contact_at"}


def _of_lines() -> list[models.Index]:
    """Who holds a line, in the order of a figure: among all customers they may come last, or not at all."""
    return [
        models.Index(fields=[figure, "party"], name=f"customers_{line[:8]}_{code}", condition=_holds(line))
        for line in LINES
        for code, figure in ORDERED.items()
    ]


def _holds(line: str) -> Any:
    return models.Q(lines__contains=[line])


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
    lines = ArrayField(models.CharField(max_length=20), default=list)  # those in force
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
            # Who has something that ends pays something, mostly: those who pay nothing are half of all.
            models.Index(
                fields=["annual_premium_fen", "party"],
                name="customers_standing_ending",
                condition=models.Q(next_expiry_date__isnull=False),
            ),
            *_of_lines(),
        ]
