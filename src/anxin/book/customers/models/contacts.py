"""What reaches a party, and where it is paid."""

from __future__ import annotations

from django.db import models

from anxin.book.customers.models.party import Party
from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class ContactPoint(models.Model):
    """A way to reach a party. `tail_blind` finds a number by its last four digits."""

    class Kind(models.TextChoices):
        MOBILE = "mobile"
        PHONE = "phone"
        EMAIL = "email"
        FAX = "fax"
        WECHAT = "wechat"

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contact_points", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=20, blank=True)  # home, work …
    value_sealed = models.BinaryField()
    value_blind = models.BinaryField(max_length=16)
    tail_blind = models.BinaryField(max_length=16, null=True)
    is_primary = models.BooleanField(default=False)
    is_bad = models.BooleanField(default=False)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "kind", "value_blind"], name="customers_contact_once")]
        indexes = [
            models.Index(fields=["value_blind"], name="customers_contact_value"),
            models.Index(
                fields=["tail_blind"], name="customers_contact_tail", condition=models.Q(tail_blind__isnull=False)
            ),
        ]


@keeps_history()
class BankAccount(models.Model):
    """A bank account of a party; premiums and benefits run over it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="bank_accounts", db_index=False)
    bank = models.CharField(max_length=60, blank=True)
    number_sealed = models.BinaryField()
    number_blind = models.BinaryField(max_length=16)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "number_blind"], name="customers_bank_once")]
        indexes = [models.Index(fields=["number_blind"], name="customers_bank_number")]


@keeps_history()
class Address(models.Model):
    """Where a party lives, works or gets its post."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    kind = models.CharField(max_length=10)  # home, work, mail, registered
    division_code = models.CharField(max_length=12, blank=True, db_collation="C")
    text = models.CharField(max_length=300)
    postcode = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=40)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "kind", "source"], name="customers_address_once")]
        indexes = [
            models.Index(
                fields=["division_code", "party"], name="customers_address_division",
                condition=~models.Q(division_code=""),
            )
        ]  # fmt: skip
