"""The read model of the insurer's contracts: products, policies, who plays which part, money due, changes, claims."""

from __future__ import annotations

from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7


@keeps_history()
class Product(models.Model):
    """An insurance product or rider."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=120)
    line = models.CharField(max_length=20)  # motor, property, liability, accident, health, life, annuity …
    design = models.CharField(max_length=20, blank=True)  # participating, universal, unit_linked …
    is_group = models.BooleanField(default=False)
    is_rider = models.BooleanField(default=False)
    is_on_sale = models.BooleanField(default=True)
    cooling_off_days = models.PositiveSmallIntegerField(null=True, blank=True)
    waiting_days = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=40)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="portfolio_product_code")]


@keeps_history()
class Policy(models.Model):
    """A contract, or one term of a contract renewed by new policies (`contract_key` is the same in all terms)."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force"
        LAPSED = "lapsed"
        SURRENDERED = "surrendered"
        MATURED = "matured"
        EXPIRED = "expired"
        CANCELLED = "cancelled"
        TERMINATED = "terminated"
        PENDING = "pending"

    id = models.UUIDField(primary_key=True, default=uuid7)
    source = models.CharField(max_length=40, db_collation="C")
    policy_no = models.CharField(max_length=60, db_collation="C")
    proposal_no = models.CharField(max_length=60, blank=True)
    contract_key = models.CharField(max_length=80, blank=True, db_collation="C")
    previous_policy_no = models.CharField(max_length=60, blank=True, db_collation="C")
    group_policy_no = models.CharField(max_length=60, blank=True, db_collation="C")
    is_group_header = models.BooleanField(default=False)
    holder = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    product_name = models.CharField(max_length=120)
    line = models.CharField(max_length=20)
    channel = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent_code = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    status_reason = models.CharField(max_length=60, blank=True)
    applied_date = models.DateField(null=True, blank=True)
    effective_date = models.DateField()
    expiry_date = models.DateField(
        null=True, blank=True
    )  # exclusive: cover ends as this day begins; null for whole life
    ended_date = models.DateField(null=True, blank=True)
    receipt_date = models.DateField(null=True, blank=True)
    pay_mode = models.CharField(max_length=12, blank=True)  # single, annual, semiannual, quarterly, monthly
    pay_term_years = models.PositiveSmallIntegerField(null=True, blank=True)
    paid_to_date = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    premium_fen = models.BigIntegerField(default=0)  # of one term or instalment period
    annual_premium_fen = models.BigIntegerField(default=0)
    total_paid_fen = models.BigIntegerField(default=0)
    sum_insured_fen = models.BigIntegerField(null=True, blank=True)
    plate = models.CharField(max_length=12, blank=True, db_collation="C")
    attributes = models.JSONField(default=dict)  # what the source says beyond these columns
    digest = models.BinaryField(max_length=16)
    batch_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy_no", "source"], name="portfolio_policy_no")]
        indexes = [
            models.Index(fields=["holder", "-effective_date"], name="portfolio_policy_holder"),
            models.Index(fields=["expiry_date", "id"], name="portfolio_policy_expiry"),
            models.Index(
                fields=["contract_key"], name="portfolio_policy_contract", condition=~models.Q(contract_key="")
            ),
            models.Index(fields=["plate"], name="portfolio_policy_plate", condition=~models.Q(plate="")),
        ]


@keeps_history()
class PolicyRole(models.Model):
    """Who else has a part in a policy: insured, beneficiary, payer, driver, owner, contact."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="roles", db_index=False)
    party = models.ForeignKey("customers.Party", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    relation = models.CharField(max_length=24, blank=True)
    benefit_order = models.PositiveSmallIntegerField(null=True, blank=True)
    share_bp = models.PositiveIntegerField(null=True, blank=True)  # 1/100 of a per cent
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "role", "party"], name="portfolio_role_once")]


@keeps_history()
class Coverage(models.Model):
    """One cover or rider of a policy."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="coverages", db_index=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    is_main = models.BooleanField(default=False)
    sum_insured_fen = models.BigIntegerField(null=True, blank=True)
    premium_fen = models.BigIntegerField(default=0)
    deductible_fen = models.BigIntegerField(null=True, blank=True)
    status = models.CharField(max_length=12, blank=True)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "code"], name="portfolio_coverage_once")]


@keeps_history()
class Vehicle(models.Model):
    """The vehicle a motor policy insures."""

    policy = models.OneToOneField(Policy, primary_key=True, on_delete=models.CASCADE, related_name="vehicle")
    plate = models.CharField(max_length=12, blank=True, db_collation="C")
    vin = models.CharField(max_length=17, blank=True, db_collation="C")
    engine_no = models.CharField(max_length=40, blank=True)
    make_model = models.CharField(max_length=80, blank=True)
    first_registered = models.DateField(null=True, blank=True)
    use = models.CharField(max_length=20, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    energy = models.CharField(max_length=12, blank=True)
    value_fen = models.BigIntegerField(null=True, blank=True)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["vin"], name="portfolio_vehicle_vin", condition=~models.Q(vin=""))]


@keeps_history()
class Instalment(models.Model):
    """One premium that falls due."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="instalments", db_index=False)
    number = models.PositiveIntegerField()
    due_date = models.DateField()
    grace_end_date = models.DateField(null=True, blank=True)
    amount_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    paid_date = models.DateField(null=True, blank=True)
    method = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=12)  # due, paid, overdue, failed, waived
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="portfolio_instalment_once")]
        indexes = [
            models.Index(
                fields=["due_date"], name="portfolio_instalment_due", condition=~models.Q(status__in=["paid", "waived"])
            )
        ]


@keeps_history()
class Endorsement(models.Model):
    """A change of a policy (批改 / 保全)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    endorsement_no = models.CharField(max_length=60, db_collation="C")
    source = models.CharField(max_length=40, db_collation="C")
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="endorsements")
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=12)
    applied_date = models.DateField(null=True, blank=True)
    accepted_date = models.DateField(null=True, blank=True)
    approved_date = models.DateField(null=True, blank=True)
    effective_date = models.DateField(null=True, blank=True)
    premium_delta_fen = models.BigIntegerField(default=0)
    description = models.CharField(max_length=500, blank=True)
    digest = models.BinaryField(max_length=16, null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endorsement_no", "source"], name="portfolio_endorsement_no")]


@keeps_history()
class Claim(models.Model):
    """A claim from report to payment. `paid_fen` is negative for a recovery."""

    class State(models.TextChoices):
        REPORTED = "reported"
        SURVEYED = "surveyed"
        ASSESSED = "assessed"
        REGISTERED = "registered"
        DOCUMENTS_COMPLETE = "documents_complete"
        CALCULATED = "calculated"
        APPROVED = "approved"
        PAID = "paid"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7)
    source = models.CharField(max_length=40, db_collation="C")
    claim_no = models.CharField(max_length=60, db_collation="C")
    report_no = models.CharField(max_length=60, blank=True, db_collation="C")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(
        "customers.Party", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=20, choices=State)
    conclusion = models.CharField(max_length=12, blank=True)  # paid, refused, zero, withdrawn, ex_gratia, compromise
    accident_at = models.DateTimeField(null=True, blank=True)
    accident_place = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=60, blank=True)
    description_sealed = models.BinaryField(null=True)  # may speak of health: PIPL article 28
    is_injury = models.BooleanField(default=False)
    is_recovery = models.BooleanField(default=False)
    claimed_fen = models.BigIntegerField(null=True, blank=True)
    estimated_fen = models.BigIntegerField(null=True, blank=True)
    paid_fen = models.BigIntegerField(default=0)
    reported_at = models.DateTimeField()
    surveyed_at = models.DateTimeField(null=True, blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    documents_complete_at = models.DateTimeField(null=True, blank=True)
    calculated_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    attributes = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=16)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim_no", "source"], name="portfolio_claim_no")]
        indexes = [
            models.Index(fields=["report_no"], name="portfolio_claim_report", condition=~models.Q(report_no="")),
            models.Index(fields=["claimant"], name="portfolio_claim_party", condition=models.Q(claimant__isnull=False)),
        ]
