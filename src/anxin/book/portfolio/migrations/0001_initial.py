import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("org", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Coverage",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        ("is_main", models.BooleanField(default=False)),
                        ("sum_insured_fen", models.BigIntegerField(blank=True, null=True)),
                        ("premium_fen", models.BigIntegerField(default=0)),
                        ("deductible_fen", models.BigIntegerField(blank=True, null=True)),
                        ("status", models.CharField(blank=True, max_length=12)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Endorsement",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("endorsement_no", models.CharField(db_collation="C", max_length=60)),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("kind", models.CharField(max_length=40)),
                        ("status", models.CharField(max_length=12)),
                        ("applied_date", models.DateField(blank=True, null=True)),
                        ("accepted_date", models.DateField(blank=True, null=True)),
                        ("approved_date", models.DateField(blank=True, null=True)),
                        ("effective_date", models.DateField(blank=True, null=True)),
                        ("premium_delta_fen", models.BigIntegerField(default=0)),
                        ("description", models.CharField(blank=True, max_length=500)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Instalment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("due_date", models.DateField()),
                        ("grace_end_date", models.DateField(blank=True, null=True)),
                        ("amount_fen", models.BigIntegerField()),
                        ("paid_fen", models.BigIntegerField(default=0)),
                        ("paid_date", models.DateField(blank=True, null=True)),
                        ("method", models.CharField(blank=True, max_length=20)),
                        ("status", models.CharField(max_length=12)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Policy",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("policy_no", models.CharField(db_collation="C", max_length=60)),
                        ("proposal_no", models.CharField(blank=True, max_length=60)),
                        ("contract_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("previous_policy_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("group_policy_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("is_group_header", models.BooleanField(default=False)),
                        ("product_name", models.CharField(max_length=120)),
                        ("line", models.CharField(max_length=20)),
                        ("channel", models.CharField(blank=True, max_length=20)),
                        ("agent_code", models.CharField(blank=True, max_length=40)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_force", "In Force"),
                                    ("lapsed", "Lapsed"),
                                    ("surrendered", "Surrendered"),
                                    ("matured", "Matured"),
                                    ("expired", "Expired"),
                                    ("cancelled", "Cancelled"),
                                    ("terminated", "Terminated"),
                                    ("pending", "Pending"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("status_reason", models.CharField(blank=True, max_length=60)),
                        ("applied_date", models.DateField(blank=True, null=True)),
                        ("effective_date", models.DateField()),
                        ("expiry_date", models.DateField(blank=True, null=True)),
                        ("ended_date", models.DateField(blank=True, null=True)),
                        ("receipt_date", models.DateField(blank=True, null=True)),
                        ("pay_mode", models.CharField(blank=True, max_length=12)),
                        ("pay_term_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("paid_to_date", models.DateField(blank=True, null=True)),
                        ("currency", models.CharField(default="CNY", max_length=3)),
                        ("premium_fen", models.BigIntegerField(default=0)),
                        ("annual_premium_fen", models.BigIntegerField(default=0)),
                        ("total_paid_fen", models.BigIntegerField(default=0)),
                        ("sum_insured_fen", models.BigIntegerField(blank=True, null=True)),
                        ("plate", models.CharField(blank=True, db_collation="C", max_length=12)),
                        ("attributes", models.JSONField(default=dict)),
                        ("digest", models.BinaryField(max_length=16)),
                        ("batch_id", models.UUIDField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "holder",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProductEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("code", models.CharField(db_collation="C", max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        ("line", models.CharField(max_length=20)),
                        ("design", models.CharField(blank=True, max_length=20)),
                        ("is_group", models.BooleanField(default=False)),
                        ("is_rider", models.BooleanField(default=False)),
                        ("is_on_sale", models.BooleanField(default=True)),
                        ("cooling_off_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("waiting_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="VehicleEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("plate", models.CharField(blank=True, db_collation="C", max_length=12)),
                        ("vin", models.CharField(blank=True, db_collation="C", max_length=17)),
                        ("engine_no", models.CharField(blank=True, max_length=40)),
                        ("make_model", models.CharField(blank=True, max_length=80)),
                        ("first_registered", models.DateField(blank=True, null=True)),
                        ("use", models.CharField(blank=True, max_length=20)),
                        ("seats", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("energy", models.CharField(blank=True, max_length=12)),
                        ("value_fen", models.BigIntegerField(blank=True, null=True)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("claim_no", models.CharField(db_collation="C", max_length=60)),
                        ("report_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reported", "Reported"),
                                    ("surveyed", "Surveyed"),
                                    ("assessed", "Assessed"),
                                    ("registered", "Registered"),
                                    ("documents_complete", "Documents Complete"),
                                    ("calculated", "Calculated"),
                                    ("approved", "Approved"),
                                    ("paid", "Paid"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("conclusion", models.CharField(blank=True, max_length=12)),
                        ("accident_at", models.DateTimeField(blank=True, null=True)),
                        ("accident_place", models.CharField(blank=True, max_length=200)),
                        ("cause", models.CharField(blank=True, max_length=60)),
                        ("description_sealed", models.BinaryField(null=True)),
                        ("is_injury", models.BooleanField(default=False)),
                        ("is_recovery", models.BooleanField(default=False)),
                        ("claimed_fen", models.BigIntegerField(blank=True, null=True)),
                        ("estimated_fen", models.BigIntegerField(blank=True, null=True)),
                        ("paid_fen", models.BigIntegerField(default=0)),
                        ("reported_at", models.DateTimeField()),
                        ("surveyed_at", models.DateTimeField(blank=True, null=True)),
                        ("assessed_at", models.DateTimeField(blank=True, null=True)),
                        ("registered_at", models.DateTimeField(blank=True, null=True)),
                        ("documents_complete_at", models.DateTimeField(blank=True, null=True)),
                        ("calculated_at", models.DateTimeField(blank=True, null=True)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("paid_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("attributes", models.JSONField(default=dict)),
                        ("digest", models.BinaryField(max_length=16)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "claimant",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Vehicle",
                    fields=[
                        (
                            "policy",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="vehicle",
                                serialize=False,
                                to="portfolio.policy",
                            ),
                        ),
                        ("plate", models.CharField(blank=True, db_collation="C", max_length=12)),
                        ("vin", models.CharField(blank=True, db_collation="C", max_length=17)),
                        ("engine_no", models.CharField(blank=True, max_length=40)),
                        ("make_model", models.CharField(blank=True, max_length=80)),
                        ("first_registered", models.DateField(blank=True, null=True)),
                        ("use", models.CharField(blank=True, max_length=20)),
                        ("seats", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("energy", models.CharField(blank=True, max_length=12)),
                        ("value_fen", models.BigIntegerField(blank=True, null=True)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="InstalmentEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("due_date", models.DateField()),
                        ("grace_end_date", models.DateField(blank=True, null=True)),
                        ("amount_fen", models.BigIntegerField()),
                        ("paid_fen", models.BigIntegerField(default=0)),
                        ("paid_date", models.DateField(blank=True, null=True)),
                        ("method", models.CharField(blank=True, max_length=20)),
                        ("status", models.CharField(max_length=12)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="portfolio.instalment",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="instalment",
                    name="policy",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instalments",
                        to="portfolio.policy",
                    ),
                ),
                migrations.CreateModel(
                    name="EndorsementEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("endorsement_no", models.CharField(db_collation="C", max_length=60)),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("kind", models.CharField(max_length=40)),
                        ("status", models.CharField(max_length=12)),
                        ("applied_date", models.DateField(blank=True, null=True)),
                        ("accepted_date", models.DateField(blank=True, null=True)),
                        ("approved_date", models.DateField(blank=True, null=True)),
                        ("effective_date", models.DateField(blank=True, null=True)),
                        ("premium_delta_fen", models.BigIntegerField(default=0)),
                        ("description", models.CharField(blank=True, max_length=500)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="portfolio.endorsement",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="endorsement",
                    name="policy",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="endorsements", to="portfolio.policy"
                    ),
                ),
                migrations.CreateModel(
                    name="CoverageEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        ("is_main", models.BooleanField(default=False)),
                        ("sum_insured_fen", models.BigIntegerField(blank=True, null=True)),
                        ("premium_fen", models.BigIntegerField(default=0)),
                        ("deductible_fen", models.BigIntegerField(blank=True, null=True)),
                        ("status", models.CharField(blank=True, max_length=12)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="portfolio.coverage",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="coverage",
                    name="policy",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages",
                        to="portfolio.policy",
                    ),
                ),
                migrations.CreateModel(
                    name="ClaimEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("claim_no", models.CharField(db_collation="C", max_length=60)),
                        ("report_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reported", "Reported"),
                                    ("surveyed", "Surveyed"),
                                    ("assessed", "Assessed"),
                                    ("registered", "Registered"),
                                    ("documents_complete", "Documents Complete"),
                                    ("calculated", "Calculated"),
                                    ("approved", "Approved"),
                                    ("paid", "Paid"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("conclusion", models.CharField(blank=True, max_length=12)),
                        ("accident_at", models.DateTimeField(blank=True, null=True)),
                        ("accident_place", models.CharField(blank=True, max_length=200)),
                        ("cause", models.CharField(blank=True, max_length=60)),
                        ("description_sealed", models.BinaryField(null=True)),
                        ("is_injury", models.BooleanField(default=False)),
                        ("is_recovery", models.BooleanField(default=False)),
                        ("claimed_fen", models.BigIntegerField(blank=True, null=True)),
                        ("estimated_fen", models.BigIntegerField(blank=True, null=True)),
                        ("paid_fen", models.BigIntegerField(default=0)),
                        ("reported_at", models.DateTimeField()),
                        ("surveyed_at", models.DateTimeField(blank=True, null=True)),
                        ("assessed_at", models.DateTimeField(blank=True, null=True)),
                        ("registered_at", models.DateTimeField(blank=True, null=True)),
                        ("documents_complete_at", models.DateTimeField(blank=True, null=True)),
                        ("calculated_at", models.DateTimeField(blank=True, null=True)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("paid_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("attributes", models.JSONField(default=dict)),
                        ("digest", models.BinaryField(max_length=16)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "claimant",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="portfolio.claim",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PolicyRole",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("role", models.CharField(max_length=20)),
                        ("relation", models.CharField(blank=True, max_length=24)),
                        ("benefit_order", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("share_bp", models.PositiveIntegerField(blank=True, null=True)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="roles",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PolicyRoleEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("role", models.CharField(max_length=20)),
                        ("relation", models.CharField(blank=True, max_length=24)),
                        ("benefit_order", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("share_bp", models.PositiveIntegerField(blank=True, null=True)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "party",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="portfolio.policyrole",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="portfolio.policy",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(db_collation="C", max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        ("line", models.CharField(max_length=20)),
                        ("design", models.CharField(blank=True, max_length=20)),
                        ("is_group", models.BooleanField(default=False)),
                        ("is_rider", models.BooleanField(default=False)),
                        ("is_on_sale", models.BooleanField(default=True)),
                        ("cooling_off_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("waiting_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("code",), name="portfolio_product_code")],
                    },
                ),
                migrations.CreateModel(
                    name="PolicyEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("policy_no", models.CharField(db_collation="C", max_length=60)),
                        ("proposal_no", models.CharField(blank=True, max_length=60)),
                        ("contract_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("previous_policy_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("group_policy_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("is_group_header", models.BooleanField(default=False)),
                        ("product_name", models.CharField(max_length=120)),
                        ("line", models.CharField(max_length=20)),
                        ("channel", models.CharField(blank=True, max_length=20)),
                        ("agent_code", models.CharField(blank=True, max_length=40)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_force", "In Force"),
                                    ("lapsed", "Lapsed"),
                                    ("surrendered", "Surrendered"),
                                    ("matured", "Matured"),
                                    ("expired", "Expired"),
                                    ("cancelled", "Cancelled"),
                                    ("terminated", "Terminated"),
                                    ("pending", "Pending"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("status_reason", models.CharField(blank=True, max_length=60)),
                        ("applied_date", models.DateField(blank=True, null=True)),
                        ("effective_date", models.DateField()),
                        ("expiry_date", models.DateField(blank=True, null=True)),
                        ("ended_date", models.DateField(blank=True, null=True)),
                        ("receipt_date", models.DateField(blank=True, null=True)),
                        ("pay_mode", models.CharField(blank=True, max_length=12)),
                        ("pay_term_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("paid_to_date", models.DateField(blank=True, null=True)),
                        ("currency", models.CharField(default="CNY", max_length=3)),
                        ("premium_fen", models.BigIntegerField(default=0)),
                        ("annual_premium_fen", models.BigIntegerField(default=0)),
                        ("total_paid_fen", models.BigIntegerField(default=0)),
                        ("sum_insured_fen", models.BigIntegerField(blank=True, null=True)),
                        ("plate", models.CharField(blank=True, db_collation="C", max_length=12)),
                        ("attributes", models.JSONField(default=dict)),
                        ("digest", models.BinaryField(max_length=16)),
                        ("batch_id", models.UUIDField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "holder",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="portfolio.policy",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.unit",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="portfolio.product",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="policy",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolio.product",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_productevent" ("batch_id", "code", "cooling_off_days", "design", "digest", "id", "is_group", "is_on_sale", "is_rider", "line", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "waiting_days") SELECT old_values."batch_id", old_values."code", old_values."cooling_off_days", old_values."design", old_values."digest", old_values."id", old_values."is_group", old_values."is_on_sale", old_values."is_rider", old_values."line", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."source", old_values."waiting_days" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="9a1dce6483da87efb39ccb7776f4235fad670e57",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_35756",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_product",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_productevent" ("batch_id", "code", "cooling_off_days", "design", "digest", "id", "is_group", "is_on_sale", "is_rider", "line", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "waiting_days") SELECT old_values."batch_id", old_values."code", old_values."cooling_off_days", old_values."design", old_values."digest", old_values."id", old_values."is_group", old_values."is_on_sale", old_values."is_rider", old_values."line", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."source", old_values."waiting_days" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="3da6e1cd07467aa50efae408f44b631c0946e36d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c6bee",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_product",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="productevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="productevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="portfolio.product",
                    ),
                ),
                migrations.AddField(
                    model_name="vehicleevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="vehicleevent",
                    name="policy",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        serialize=False,
                        to="portfolio.policy",
                    ),
                ),
                migrations.AddField(
                    model_name="vehicleevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="portfolio.vehicle",
                    ),
                ),
                migrations.AddIndex(
                    model_name="vehicle",
                    index=models.Index(
                        condition=models.Q(("vin", ""), _negated=True), fields=["vin"], name="portfolio_vehicle_vin"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vehicle",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_vehicleevent" ("batch_id", "digest", "energy", "engine_no", "first_registered", "make_model", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plate", "policy_id", "seats", "use", "value_fen", "vin") SELECT old_values."batch_id", old_values."digest", old_values."energy", old_values."engine_no", old_values."first_registered", old_values."make_model", _pgh_attached_context.value, NOW(), \'update\', old_values."policy_id", old_values."plate", old_values."policy_id", old_values."seats", old_values."use", old_values."value_fen", old_values."vin" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."policy_id") = (new_values."policy_id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="1c68cd2bf60900d244bf16492572bbb09659b344",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d2e47",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_vehicle",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vehicle",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_vehicleevent" ("batch_id", "digest", "energy", "engine_no", "first_registered", "make_model", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plate", "policy_id", "seats", "use", "value_fen", "vin") SELECT old_values."batch_id", old_values."digest", old_values."energy", old_values."engine_no", old_values."first_registered", old_values."make_model", _pgh_attached_context.value, NOW(), \'delete\', old_values."policy_id", old_values."plate", old_values."policy_id", old_values."seats", old_values."use", old_values."value_fen", old_values."vin" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="214d1d7584490d8506180e9a7a1bd5671a263092",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a327f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_vehicle",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="instalment",
                    index=models.Index(
                        condition=models.Q(("status__in", ["paid", "waived"]), _negated=True),
                        fields=["due_date"],
                        name="portfolio_instalment_due",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instalment",
                    constraint=models.UniqueConstraint(fields=("policy", "number"), name="portfolio_instalment_once"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="instalment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_instalmentevent" ("amount_fen", "batch_id", "digest", "due_date", "grace_end_date", "id", "method", "number", "paid_date", "paid_fen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "status") SELECT old_values."amount_fen", old_values."batch_id", old_values."digest", old_values."due_date", old_values."grace_end_date", old_values."id", old_values."method", old_values."number", old_values."paid_date", old_values."paid_fen", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_id", old_values."status" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="580342b743eb83dbedbf4d3949660217b83ee318",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_13db0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_instalment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="instalment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_instalmentevent" ("amount_fen", "batch_id", "digest", "due_date", "grace_end_date", "id", "method", "number", "paid_date", "paid_fen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "status") SELECT old_values."amount_fen", old_values."batch_id", old_values."digest", old_values."due_date", old_values."grace_end_date", old_values."id", old_values."method", old_values."number", old_values."paid_date", old_values."paid_fen", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="08116362a43c955be81af532ec2dab2f3436035d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a6ae9",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_instalment",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="endorsement",
                    constraint=models.UniqueConstraint(
                        fields=("endorsement_no", "source"), name="portfolio_endorsement_no"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="endorsement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_endorsementevent" ("accepted_date", "applied_date", "approved_date", "batch_id", "description", "digest", "effective_date", "endorsement_no", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "premium_delta_fen", "source", "status") SELECT old_values."accepted_date", old_values."applied_date", old_values."approved_date", old_values."batch_id", old_values."description", old_values."digest", old_values."effective_date", old_values."endorsement_no", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_id", old_values."premium_delta_fen", old_values."source", old_values."status" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="3a84fe27b57b3679ef1bd4630e21040095008722",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_390d7",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_endorsement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="endorsement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_endorsementevent" ("accepted_date", "applied_date", "approved_date", "batch_id", "description", "digest", "effective_date", "endorsement_no", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "premium_delta_fen", "source", "status") SELECT old_values."accepted_date", old_values."applied_date", old_values."approved_date", old_values."batch_id", old_values."description", old_values."digest", old_values."effective_date", old_values."endorsement_no", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."premium_delta_fen", old_values."source", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="1ae429183ab30a4d221a0986da8b1aeaa61f89c6",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_22cb7",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_endorsement",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="coverage",
                    constraint=models.UniqueConstraint(fields=("policy", "code"), name="portfolio_coverage_once"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="coverage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_coverageevent" ("batch_id", "code", "deductible_fen", "digest", "id", "is_main", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "premium_fen", "status", "sum_insured_fen") SELECT old_values."batch_id", old_values."code", old_values."deductible_fen", old_values."digest", old_values."id", old_values."is_main", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_id", old_values."premium_fen", old_values."status", old_values."sum_insured_fen" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="c6bc01b7d4e1189267dcaadd72b412600a40b41b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bb233",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_coverage",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="coverage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_coverageevent" ("batch_id", "code", "deductible_fen", "digest", "id", "is_main", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "premium_fen", "status", "sum_insured_fen") SELECT old_values."batch_id", old_values."code", old_values."deductible_fen", old_values."digest", old_values."id", old_values."is_main", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."premium_fen", old_values."status", old_values."sum_insured_fen" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="5dca834b887b073b78778f85ca60a8af0bdc2d77",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f8717",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_coverage",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="claim",
                    index=models.Index(
                        condition=models.Q(("report_no", ""), _negated=True),
                        fields=["report_no"],
                        name="portfolio_claim_report",
                    ),
                ),
                migrations.AddIndex(
                    model_name="claim",
                    index=models.Index(
                        condition=models.Q(("claimant__isnull", False)),
                        fields=["claimant"],
                        name="portfolio_claim_party",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="claim",
                    constraint=models.UniqueConstraint(fields=("claim_no", "source"), name="portfolio_claim_no"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_claimevent" ("accident_at", "accident_place", "approved_at", "assessed_at", "attributes", "batch_id", "calculated_at", "cause", "claim_no", "claimant_id", "claimed_fen", "closed_at", "conclusion", "description_sealed", "digest", "documents_complete_at", "estimated_fen", "id", "is_injury", "is_recovery", "paid_at", "paid_fen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "registered_at", "report_no", "reported_at", "source", "state", "surveyed_at") SELECT old_values."accident_at", old_values."accident_place", old_values."approved_at", old_values."assessed_at", old_values."attributes", old_values."batch_id", old_values."calculated_at", old_values."cause", old_values."claim_no", old_values."claimant_id", old_values."claimed_fen", old_values."closed_at", old_values."conclusion", old_values."description_sealed", old_values."digest", old_values."documents_complete_at", old_values."estimated_fen", old_values."id", old_values."is_injury", old_values."is_recovery", old_values."paid_at", old_values."paid_fen", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_id", old_values."registered_at", old_values."report_no", old_values."reported_at", old_values."source", old_values."state", old_values."surveyed_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="e27612c2a4476ad921b68234103bffe471813283",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_21524",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_claim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_claimevent" ("accident_at", "accident_place", "approved_at", "assessed_at", "attributes", "batch_id", "calculated_at", "cause", "claim_no", "claimant_id", "claimed_fen", "closed_at", "conclusion", "description_sealed", "digest", "documents_complete_at", "estimated_fen", "id", "is_injury", "is_recovery", "paid_at", "paid_fen", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "registered_at", "report_no", "reported_at", "source", "state", "surveyed_at") SELECT old_values."accident_at", old_values."accident_place", old_values."approved_at", old_values."assessed_at", old_values."attributes", old_values."batch_id", old_values."calculated_at", old_values."cause", old_values."claim_no", old_values."claimant_id", old_values."claimed_fen", old_values."closed_at", old_values."conclusion", old_values."description_sealed", old_values."digest", old_values."documents_complete_at", old_values."estimated_fen", old_values."id", old_values."is_injury", old_values."is_recovery", old_values."paid_at", old_values."paid_fen", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."registered_at", old_values."report_no", old_values."reported_at", old_values."source", old_values."state", old_values."surveyed_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="5a3f7c6991852f71f1cae44b09a1b17634d6f4f1",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c078b",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_claim",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="policyrole",
                    constraint=models.UniqueConstraint(fields=("policy", "role", "party"), name="portfolio_role_once"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyrole",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_policyroleevent" ("batch_id", "benefit_order", "digest", "id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "relation", "role", "share_bp") SELECT old_values."batch_id", old_values."benefit_order", old_values."digest", old_values."id", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_id", old_values."relation", old_values."role", old_values."share_bp" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="6073b588b9691cfaa0184350bc71f44e0b8f945d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ccdb6",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_policyrole",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyrole",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_policyroleevent" ("batch_id", "benefit_order", "digest", "id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "relation", "role", "share_bp") SELECT old_values."batch_id", old_values."benefit_order", old_values."digest", old_values."id", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."relation", old_values."role", old_values."share_bp" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="9835f8832ae646394f3b1d3e02201f46bb61c7ce",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4af7f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_policyrole",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="policy",
                    index=models.Index(fields=["holder", "-effective_date"], name="portfolio_policy_holder"),
                ),
                migrations.AddIndex(
                    model_name="policy",
                    index=models.Index(fields=["expiry_date", "id"], name="portfolio_policy_expiry"),
                ),
                migrations.AddIndex(
                    model_name="policy",
                    index=models.Index(
                        condition=models.Q(("contract_key", ""), _negated=True),
                        fields=["contract_key"],
                        name="portfolio_policy_contract",
                    ),
                ),
                migrations.AddIndex(
                    model_name="policy",
                    index=models.Index(
                        condition=models.Q(("plate", ""), _negated=True),
                        fields=["plate"],
                        name="portfolio_policy_plate",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="policy",
                    constraint=models.UniqueConstraint(fields=("policy_no", "source"), name="portfolio_policy_no"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_policyevent" ("agent_code", "annual_premium_fen", "applied_date", "attributes", "batch_id", "channel", "contract_key", "created_at", "currency", "digest", "effective_date", "ended_date", "expiry_date", "group_policy_no", "holder_id", "id", "is_group_header", "line", "paid_to_date", "pay_mode", "pay_term_years", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plate", "policy_no", "premium_fen", "previous_policy_no", "product_id", "product_name", "proposal_no", "receipt_date", "source", "status", "status_reason", "sum_insured_fen", "total_paid_fen", "unit_id", "updated_at") SELECT old_values."agent_code", old_values."annual_premium_fen", old_values."applied_date", old_values."attributes", old_values."batch_id", old_values."channel", old_values."contract_key", old_values."created_at", old_values."currency", old_values."digest", old_values."effective_date", old_values."ended_date", old_values."expiry_date", old_values."group_policy_no", old_values."holder_id", old_values."id", old_values."is_group_header", old_values."line", old_values."paid_to_date", old_values."pay_mode", old_values."pay_term_years", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."plate", old_values."policy_no", old_values."premium_fen", old_values."previous_policy_no", old_values."product_id", old_values."product_name", old_values."proposal_no", old_values."receipt_date", old_values."source", old_values."status", old_values."status_reason", old_values."sum_insured_fen", old_values."total_paid_fen", old_values."unit_id", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="2a7dc3dcc99abaddb6240bd1c097095432c3b157",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fd738",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="portfolio_policy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portfolio_policyevent" ("agent_code", "annual_premium_fen", "applied_date", "attributes", "batch_id", "channel", "contract_key", "created_at", "currency", "digest", "effective_date", "ended_date", "expiry_date", "group_policy_no", "holder_id", "id", "is_group_header", "line", "paid_to_date", "pay_mode", "pay_term_years", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plate", "policy_no", "premium_fen", "previous_policy_no", "product_id", "product_name", "proposal_no", "receipt_date", "source", "status", "status_reason", "sum_insured_fen", "total_paid_fen", "unit_id", "updated_at") SELECT old_values."agent_code", old_values."annual_premium_fen", old_values."applied_date", old_values."attributes", old_values."batch_id", old_values."channel", old_values."contract_key", old_values."created_at", old_values."currency", old_values."digest", old_values."effective_date", old_values."ended_date", old_values."expiry_date", old_values."group_policy_no", old_values."holder_id", old_values."id", old_values."is_group_header", old_values."line", old_values."paid_to_date", old_values."pay_mode", old_values."pay_term_years", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."plate", old_values."policy_no", old_values."premium_fen", old_values."previous_policy_no", old_values."product_id", old_values."product_name", old_values."proposal_no", old_values."receipt_date", old_values."source", old_values."status", old_values."status_reason", old_values."sum_insured_fen", old_values."total_paid_fen", old_values."unit_id", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="6b4abac78677b9ec46d849d12c8cefdc397f62c4",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e176c",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="portfolio_policy",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
