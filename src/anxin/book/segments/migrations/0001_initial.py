import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "party",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="customers.party",
                            ),
                        ),
                        ("kind", models.CharField(db_collation="C", max_length=12)),
                        ("sex", models.CharField(blank=True, db_collation="C", max_length=1)),
                        ("marital_status", models.CharField(blank=True, db_collation="C", max_length=12)),
                        ("education", models.CharField(blank=True, db_collation="C", max_length=16)),
                        ("occupation_class", models.CharField(blank=True, db_collation="C", max_length=10)),
                        ("industry", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("annual_income_fen", models.BigIntegerField(null=True)),
                        ("annual_premium_fen", models.BigIntegerField(default=0)),
                        ("premium_motor_fen", models.BigIntegerField(default=0)),
                        ("premium_property_fen", models.BigIntegerField(default=0)),
                        ("premium_accident_fen", models.BigIntegerField(default=0)),
                        ("premium_health_fen", models.BigIntegerField(default=0)),
                        ("premium_life_fen", models.BigIntegerField(default=0)),
                        ("premium_annuity_fen", models.BigIntegerField(default=0)),
                        ("total_paid_fen", models.BigIntegerField(default=0)),
                        ("claims_paid_fen", models.BigIntegerField(default=0)),
                        ("claims_paid_12m_fen", models.BigIntegerField(default=0)),
                        ("claims_motor_12m_fen", models.BigIntegerField(default=0)),
                        ("claims_property_12m_fen", models.BigIntegerField(default=0)),
                        ("claims_accident_12m_fen", models.BigIntegerField(default=0)),
                        ("claims_health_12m_fen", models.BigIntegerField(default=0)),
                        ("claims_life_12m_fen", models.BigIntegerField(default=0)),
                        ("claims_annuity_12m_fen", models.BigIntegerField(default=0)),
                        ("policies", models.IntegerField(default=0)),
                        ("active_policies", models.IntegerField(default=0)),
                        ("active_lines", models.IntegerField(default=0)),
                        ("claims", models.IntegerField(default=0)),
                        ("claims_12m", models.IntegerField(default=0)),
                        ("open_claims", models.IntegerField(default=0)),
                        ("loss_ratio_bp", models.BigIntegerField(null=True)),
                        ("tenure_months", models.IntegerField(null=True)),
                        ("first_policy_date", models.DateField(null=True)),
                        ("last_policy_date", models.DateField(null=True)),
                        ("next_expiry_date", models.DateField(null=True)),
                        ("last_contact_at", models.DateTimeField(null=True)),
                        ("last_service_date", models.DateField(null=True)),
                        ("last_voluntary_date", models.DateField(null=True)),
                        ("silent_months", models.IntegerField(null=True)),
                        ("contacts_12m", models.IntegerField(default=0)),
                        ("voluntary_12m", models.IntegerField(default=0)),
                        ("contact_minutes_12m", models.IntegerField(default=0)),
                        ("contact_channels_12m", models.IntegerField(default=0)),
                        ("complaints", models.IntegerField(default=0)),
                        ("on_time_bp", models.IntegerField(null=True)),
                        ("overdue_instalments", models.IntegerField(default=0)),
                        ("referrals", models.IntegerField(default=0)),
                        ("relations", models.IntegerField(default=0)),
                        ("children", models.IntegerField(default=0)),
                        ("youngest_child_birth", models.DateField(null=True)),
                        ("household_size", models.IntegerField(default=0)),
                        ("household_premium_fen", models.BigIntegerField(default=0)),
                        ("age", models.IntegerField(null=True)),
                        ("acquisition_channel", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("region", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("cover_accident_fen", models.BigIntegerField(default=0)),
                        ("cover_illness_fen", models.BigIntegerField(default=0)),
                        ("cover_medical_fen", models.BigIntegerField(default=0)),
                        ("cover_life_fen", models.BigIntegerField(default=0)),
                        ("cover_child_fen", models.BigIntegerField(default=0)),
                        ("cover_education_fen", models.BigIntegerField(default=0)),
                        ("cover_savings_fen", models.BigIntegerField(default=0)),
                        ("cover_pension_fen", models.BigIntegerField(default=0)),
                        ("cover_parents_fen", models.BigIntegerField(default=0)),
                        ("profit_fen", models.BigIntegerField(default=0)),
                        ("clv_fen", models.BigIntegerField(default=0)),
                        ("gap_fen", models.BigIntegerField(default=0)),
                        ("service_budget_minutes", models.IntegerField(default=0)),
                        ("profit_score", models.SmallIntegerField(default=0)),
                        ("influence_score", models.SmallIntegerField(default=0)),
                        ("loyalty_score", models.SmallIntegerField(default=0)),
                        ("potential_score", models.SmallIntegerField(default=0)),
                        ("value_score", models.SmallIntegerField(default=0)),
                        ("ability_score", models.SmallIntegerField(default=0)),
                        ("willingness_score", models.SmallIntegerField(default=0)),
                        ("engagement_score", models.SmallIntegerField(default=0)),
                        ("tier", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("abc", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("profit_tier", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("service_balance", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("value_tier", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("scale_class", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("channel_class", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("buyer_class", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("key_account", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("tenure_class", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("quadrant", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("lifecycle", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("age_band", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("cluster", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("life_stage", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("needs_cell", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("needs_result", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("visit_state", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("abc_credit", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("abc_share", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("pyramid", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("small_action", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("credit", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("rfm_segment", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("tier_from_fen", models.BigIntegerField(default=0)),
                        ("premium_rank", models.IntegerField(default=0)),
                        ("share_before_bp", models.IntegerField(default=0)),
                        ("affluence", models.CharField(blank=True, db_collation="C", max_length=2)),
                        ("needs_results", models.CharField(blank=True, db_collation="C", max_length=5)),
                        ("needs_missing", models.IntegerField(default=0)),
                        ("needs_short", models.IntegerField(default=0)),
                        ("key_group", models.CharField(blank=True, db_collation="C", max_length=20)),
                        ("key_marks", models.SmallIntegerField(default=0)),
                        ("rfm", models.CharField(blank=True, db_collation="C", max_length=6)),
                        ("visit_due_date", models.DateField(null=True)),
                        ("own_classes", models.CharField(blank=True, db_collation="C", max_length=400)),
                        ("run_id", models.UUIDField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["value_tier", "party"], name="segments_profile_value"),
                            models.Index(fields=["lifecycle", "party"], name="segments_profile_lifecycle"),
                            models.Index(fields=["visit_due_date", "party"], name="segments_profile_visit"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("as_of", models.DateField()),
                        ("engine", models.CharField(max_length=10)),
                        ("is_replay", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")], max_length=8
                            ),
                        ),
                        ("scheme_versions", models.JSONField(default=dict)),
                        ("summary", models.JSONField(default=dict)),
                        ("fitted", models.JSONField(default=dict)),
                        ("input_digest", models.CharField(blank=True, max_length=64)),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("message", models.TextField(blank=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["state", "-as_of", "-started_at"], name="segments_run_latest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Segment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "kind",
                            models.CharField(choices=[("condition", "Condition"), ("list", "List")], max_length=10),
                        ),
                        ("condition", models.JSONField(default=dict)),
                        ("is_shared", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SegmentMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "segment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="segments.segment",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PhaseOut",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("request_id", models.UUIDField(unique=True)),
                        ("since", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("party",),
                                name="segments_phaseout_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("asked_by", models.F("approved_by")), _negated=True),
                                name="segments_phaseout_takes_two",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClassChange",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("scheme", models.CharField(max_length=40)),
                        ("before", models.CharField(blank=True, max_length=20)),
                        ("after", models.CharField(blank=True, max_length=20)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="segments.run",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["scheme", "run"], name="segments_change_scheme")],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "party", "scheme"), name="segments_change_once")
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="segment",
                    constraint=models.UniqueConstraint(fields=("owner", "name"), name="segments_segment_name"),
                ),
                migrations.AddConstraint(
                    model_name="segmentmember",
                    constraint=models.UniqueConstraint(fields=("segment", "party"), name="segments_member_once"),
                ),
            ]
        ),
    ]
