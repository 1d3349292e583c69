"""What the last nightly run found of every customer: figures and classes, one row each, replaced by every run."""

from __future__ import annotations

from django.db import models


class Profile(models.Model):
    """Figures and classes of a customer. Columns bear the codes of `analytics` registries; a test holds them together.

    Plain keys without constraint, as in `customers.Standing`: the table is loaded fresh beside the old one and swapped.
    """

    party = models.OneToOneField(
        "customers.Party", primary_key=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    # Facts of the file that segments and cross-tabs ask for.
    kind = models.CharField(max_length=12, db_collation="C")
    sex = models.CharField(max_length=1, blank=True, db_collation="C")
    marital_status = models.CharField(max_length=12, blank=True, db_collation="C")
    education = models.CharField(max_length=16, blank=True, db_collation="C")
    occupation_class = models.CharField(max_length=10, blank=True, db_collation="C")
    industry = models.CharField(max_length=60, blank=True, db_collation="C")
    annual_income_fen = models.BigIntegerField(null=True)
    # Figures, as the registry of metrics names them.
    annual_premium_fen = models.BigIntegerField(default=0)
    premium_motor_fen = models.BigIntegerField(default=0)
    premium_property_fen = models.BigIntegerField(default=0)
    premium_accident_fen = models.BigIntegerField(default=0)
    premium_health_fen = models.BigIntegerField(default=0)
    premium_life_fen = models.BigIntegerField(default=0)
    premium_annuity_fen = models.BigIntegerField(default=0)
    total_paid_fen = models.BigIntegerField(default=0)
    claims_paid_fen = models.BigIntegerField(default=0)
    claims_paid_12m_fen = models.BigIntegerField(default=0)
    policies = models.IntegerField(default=0)
    active_policies = models.IntegerField(default=0)
    active_lines = models.IntegerField(default=0)
    claims = models.IntegerField(default=0)
    claims_12m = models.IntegerField(default=0)
    open_claims = models.IntegerField(default=0)
    loss_ratio_bp = models.BigIntegerField(null=True)
    tenure_months = models.IntegerField(null=True)
    first_policy_date = models.DateField(null=True)
    last_policy_date = models.DateField(null=True)
    next_expiry_date = models.DateField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    last_service_date = models.DateField(null=True)
    last_voluntary_date = models.DateField(null=True)
    silent_months = models.IntegerField(null=True)
    contacts_12m = models.IntegerField(default=0)
    voluntary_12m = models.IntegerField(default=0)
    contact_minutes_12m = models.IntegerField(default=0)
    contact_channels_12m = models.IntegerField(default=0)
    complaints = models.IntegerField(default=0)
    on_time_bp = models.IntegerField(null=True)
    overdue_instalments = models.IntegerField(default=0)
    referrals = models.IntegerField(default=0)
    relations = models.IntegerField(default=0)
    children = models.IntegerField(default=0)
    youngest_child_birth = models.DateField(null=True)
    age = models.IntegerField(null=True)
    acquisition_channel = models.CharField(max_length=20, blank=True, db_collation="C")
    region = models.CharField(max_length=20, blank=True, db_collation="C")
    cover_accident_fen = models.BigIntegerField(default=0)
    cover_illness_fen = models.BigIntegerField(default=0)
    cover_medical_fen = models.BigIntegerField(default=0)
    cover_life_fen = models.BigIntegerField(default=0)
    cover_child_fen = models.BigIntegerField(default=0)
    cover_education_fen = models.BigIntegerField(default=0)
    cover_savings_fen = models.BigIntegerField(default=0)
    cover_pension_fen = models.BigIntegerField(default=0)
    cover_parents_fen = models.BigIntegerField(default=0)
    profit_fen = models.BigIntegerField(default=0)
    clv_fen = models.BigIntegerField(default=0)
    gap_fen = models.BigIntegerField(default=0)
    service_budget_minutes = models.IntegerField(default=0)
    profit_score = models.SmallIntegerField(default=0)
    influence_score = models.SmallIntegerField(default=0)
    loyalty_score = models.SmallIntegerField(default=0)
    potential_score = models.SmallIntegerField(default=0)
    value_score = models.SmallIntegerField(default=0)
    ability_score = models.SmallIntegerField(default=0)
    willingness_score = models.SmallIntegerField(default=0)
    engagement_score = models.SmallIntegerField(default=0)
    # Classes, as the registry of classes names them.
    tier = models.CharField(max_length=20, blank=True, db_collation="C")
    abc = models.CharField(max_length=20, blank=True, db_collation="C")
    profit_tier = models.CharField(max_length=20, blank=True, db_collation="C")
    service_balance = models.CharField(max_length=20, blank=True, db_collation="C")
    value_tier = models.CharField(max_length=20, blank=True, db_collation="C")
    scale_class = models.CharField(max_length=20, blank=True, db_collation="C")
    channel_class = models.CharField(max_length=20, blank=True, db_collation="C")
    buyer_class = models.CharField(max_length=20, blank=True, db_collation="C")
    key_account = models.CharField(max_length=20, blank=True, db_collation="C")
    tenure_class = models.CharField(max_length=20, blank=True, db_collation="C")
    quadrant = models.CharField(max_length=20, blank=True, db_collation="C")
    lifecycle = models.CharField(max_length=20, blank=True, db_collation="C")
    age_band = models.CharField(max_length=20, blank=True, db_collation="C")
    cluster = models.CharField(max_length=20, blank=True, db_collation="C")
    life_stage = models.CharField(max_length=20, blank=True, db_collation="C")
    needs_cell = models.CharField(max_length=20, blank=True, db_collation="C")
    needs_result = models.CharField(max_length=20, blank=True, db_collation="C")
    visit_state = models.CharField(max_length=20, blank=True, db_collation="C")
    abc_credit = models.CharField(max_length=20, blank=True, db_collation="C")
    abc_share = models.CharField(max_length=20, blank=True, db_collation="C")
    pyramid = models.CharField(max_length=20, blank=True, db_collation="C")
    small_action = models.CharField(max_length=20, blank=True, db_collation="C")
    credit = models.CharField(max_length=20, blank=True, db_collation="C")
    rfm_segment = models.CharField(max_length=20, blank=True, db_collation="C")
    # What explains them
    tier_from_fen = models.BigIntegerField(default=0)
    premium_rank = models.IntegerField(default=0)
    share_before_bp = models.IntegerField(default=0)
    affluence = models.CharField(max_length=2, blank=True, db_collation="C")
    needs_results = models.CharField(max_length=5, blank=True, db_collation="C")
    needs_missing = models.IntegerField(default=0)
    needs_short = models.IntegerField(default=0)
    key_group = models.CharField(max_length=20, blank=True, db_collation="C")
    key_marks = models.SmallIntegerField(default=0)
    rfm = models.CharField(max_length=6, blank=True, db_collation="C")
    visit_due_date = models.DateField(null=True)
    own_classes = models.CharField(max_length=400, blank=True, db_collation="C")
    run_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["value_tier", "party"], name="segments_profile_value"),
            models.Index(fields=["lifecycle", "party"], name="segments_profile_lifecycle"),
            models.Index(fields=["visit_due_date", "party"], name="segments_profile_visit"),
        ]
