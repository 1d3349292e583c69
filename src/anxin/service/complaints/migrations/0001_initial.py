import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
import anxin.service.complaints.data
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_initial"),
        ("org", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Check",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("reason", models.TextField()),
                        ("due_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by", models.CharField(blank=True, max_length=150)),
                        ("is_upheld", models.BooleanField(null=True)),
                        ("answer", models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="ComplaintEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("ref", models.CharField(db_collation="C", max_length=20)),
                        ("title", models.CharField(max_length=80)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("registered", "registered"),
                                    ("incomplete", "incomplete"),
                                    ("accepted", "accepted"),
                                    ("investigating", "investigating"),
                                    ("fed_back", "fed_back"),
                                    ("planned", "planned"),
                                    ("approved", "approved"),
                                    ("notified", "notified"),
                                    ("executed", "executed"),
                                    ("called_back", "called_back"),
                                    ("archived", "archived"),
                                    ("withdrawn", "withdrawn"),
                                    ("merged", "merged"),
                                    ("refused", "refused"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("complainant_kind", models.CharField(blank=True, max_length=8)),
                        ("capacity", models.CharField(blank=True, max_length=40)),
                        ("people_count", models.PositiveIntegerField(default=1)),
                        ("representatives", models.PositiveSmallIntegerField(default=1)),
                        ("channel", models.CharField(max_length=24)),
                        ("received_at", models.DateTimeField()),
                        ("forwarded_at", models.DateTimeField(null=True)),
                        ("nature", models.CharField(blank=True, max_length=24)),
                        ("line", models.CharField(blank=True, max_length=24)),
                        ("cause", models.CharField(blank=True, max_length=24)),
                        ("detail_cause", models.CharField(blank=True, max_length=40)),
                        ("sales_channel", models.CharField(blank=True, max_length=24)),
                        ("policy_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("claim_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("ticket_ref", models.CharField(blank=True, max_length=40)),
                        ("request_fen", models.BigIntegerField(null=True)),
                        ("mood", models.CharField(blank=True, max_length=8)),
                        ("mood_now", models.CharField(blank=True, max_length=8)),
                        ("severity", models.CharField(default="plain", max_length=10)),
                        ("is_internal", models.BooleanField(default=True)),
                        ("is_regulatory", models.BooleanField(default=False)),
                        ("bearing", models.CharField(blank=True, max_length=12)),
                        ("is_supervised", models.BooleanField(default=False)),
                        ("is_escalated", models.BooleanField(default=False)),
                        ("clock", models.JSONField(default=dict)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("amber_at", models.DateTimeField(null=True)),
                        ("target", models.JSONField(default=dict)),
                        ("target_due_at", models.DateTimeField(null=True)),
                        ("pause", models.CharField(blank=True, max_length=12)),
                        ("validity", models.CharField(blank=True, max_length=8)),
                        ("outcome", models.CharField(blank=True, max_length=16)),
                        ("recovered_fen", models.BigIntegerField(default=0)),
                        ("currency", models.CharField(default="CNY", max_length=3)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("satisfaction", models.PositiveSmallIntegerField(null=True)),
                        ("closed_date", models.DateField(null=True)),
                        ("silent_until", models.DateField(null=True)),
                        ("source", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("source_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("is_history", models.BooleanField(default=False)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("finding", models.TextField()),
                        ("basis", models.TextField()),
                        ("measures", models.TextField(blank=True)),
                        ("remedies", models.TextField()),
                        ("way", models.CharField(max_length=8)),
                        ("delivered_at", models.DateTimeField()),
                        ("proof", models.CharField(max_length=200)),
                        ("document_id", models.UUIDField(null=True)),
                        ("made_at", models.DateTimeField()),
                        ("was_in_time", models.BooleanField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("name", models.CharField(max_length=200)),
                        ("document_id", models.UUIDField(null=True)),
                        ("reference", models.CharField(blank=True, max_length=120)),
                        ("added_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Matter",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("key", models.CharField(db_collation="C", max_length=40)),
                        ("respondent", models.CharField(blank=True, max_length=120)),
                        ("line", models.CharField(blank=True, max_length=24)),
                        ("product", models.CharField(blank=True, max_length=120)),
                        ("cause", models.CharField(blank=True, max_length=24)),
                        ("detail_cause", models.CharField(blank=True, max_length=40)),
                        ("words", models.CharField(blank=True, max_length=250)),
                        ("validity", models.CharField(blank=True, max_length=8)),
                        ("outcome", models.CharField(blank=True, max_length=16)),
                        ("outcome_words", models.CharField(blank=True, max_length=160)),
                        ("recovered_fen", models.BigIntegerField(default=0)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="MatterEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("key", models.CharField(db_collation="C", max_length=40)),
                        ("respondent", models.CharField(blank=True, max_length=120)),
                        ("line", models.CharField(blank=True, max_length=24)),
                        ("product", models.CharField(blank=True, max_length=120)),
                        ("cause", models.CharField(blank=True, max_length=24)),
                        ("detail_cause", models.CharField(blank=True, max_length=40)),
                        ("words", models.CharField(blank=True, max_length=250)),
                        ("validity", models.CharField(blank=True, max_length=8)),
                        ("outcome", models.CharField(blank=True, max_length=16)),
                        ("outcome_words", models.CharField(blank=True, max_length=160)),
                        ("recovered_fen", models.BigIntegerField(default=0)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Move",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("action", models.CharField(max_length=24)),
                        ("before", models.CharField(blank=True, max_length=14)),
                        ("after", models.CharField(max_length=14)),
                        ("actor_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField()),
                        ("why", models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Plan",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("outcome", models.CharField(max_length=16)),
                        ("measures", models.TextField()),
                        ("amount_fen", models.BigIntegerField(default=0)),
                        ("method", models.CharField(blank=True, max_length=12)),
                        ("state", models.CharField(default="waiting", max_length=10)),
                        ("proposed_at", models.DateTimeField()),
                        ("decided_by", models.CharField(blank=True, max_length=150)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Rectification",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("cause", models.CharField(blank=True, max_length=24)),
                        ("root_cause", models.TextField()),
                        ("measures", models.TextField()),
                        ("opened_at", models.DateTimeField()),
                        ("due_date", models.DateField()),
                        ("state", models.CharField(default="open", max_length=10)),
                        ("result", models.TextField(blank=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                ),
                migrations.CreateModel(
                    name="Regulation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=14)),
                        ("number", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=120)),
                        ("text", models.TextField()),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        ("made_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Responsibility",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=60)),
                        ("degree", models.CharField(max_length=8)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("found_at", models.DateTimeField()),
                        ("penalty", models.CharField(blank=True, max_length=10)),
                        ("penalty_fen", models.BigIntegerField(default=0)),
                        ("penalty_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Supervision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("order", models.TextField()),
                        ("ordered_by", models.CharField(max_length=150)),
                        ("ordered_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("answer", models.TextField(blank=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Talk",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("way", models.CharField(blank=True, max_length=8)),
                        ("at", models.DateTimeField()),
                        ("summary", models.TextField()),
                        ("offer_fen", models.BigIntegerField(null=True)),
                        ("is_agreed", models.BooleanField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Volume",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        ("quarter", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=120)),
                        ("premium_fen", models.BigIntegerField(default=0)),
                        ("policies", models.BigIntegerField(default=0)),
                        ("insured", models.BigIntegerField(default=0)),
                        ("complaints", models.PositiveIntegerField(null=True)),
                        ("entered_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("ref", models.CharField(db_collation="C", max_length=20)),
                        ("title", models.CharField(max_length=80)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("registered", "registered"),
                                    ("incomplete", "incomplete"),
                                    ("accepted", "accepted"),
                                    ("investigating", "investigating"),
                                    ("fed_back", "fed_back"),
                                    ("planned", "planned"),
                                    ("approved", "approved"),
                                    ("notified", "notified"),
                                    ("executed", "executed"),
                                    ("called_back", "called_back"),
                                    ("archived", "archived"),
                                    ("withdrawn", "withdrawn"),
                                    ("merged", "merged"),
                                    ("refused", "refused"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("complainant", models.CharField(blank=True, max_length=120)),
                        ("complainant_kind", models.CharField(blank=True, max_length=8)),
                        ("capacity", models.CharField(blank=True, max_length=40)),
                        ("contact_sealed", models.BinaryField(null=True)),
                        ("people_count", models.PositiveIntegerField(default=1)),
                        ("representatives", models.PositiveSmallIntegerField(default=1)),
                        ("channel", models.CharField(max_length=24)),
                        ("received_at", models.DateTimeField()),
                        ("forwarded_at", models.DateTimeField(null=True)),
                        ("nature", models.CharField(blank=True, max_length=24)),
                        ("line", models.CharField(blank=True, max_length=24)),
                        ("cause", models.CharField(blank=True, max_length=24)),
                        ("detail_cause", models.CharField(blank=True, max_length=40)),
                        ("sales_channel", models.CharField(blank=True, max_length=24)),
                        ("policy_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("claim_no", models.CharField(blank=True, db_collation="C", max_length=60)),
                        ("ticket_ref", models.CharField(blank=True, max_length=40)),
                        ("request", models.TextField(blank=True)),
                        ("request_fen", models.BigIntegerField(null=True)),
                        ("facts", models.TextField(blank=True)),
                        ("respondent", models.CharField(blank=True, max_length=120)),
                        ("expectation", models.CharField(blank=True, max_length=200)),
                        ("mood", models.CharField(blank=True, max_length=8)),
                        ("mood_now", models.CharField(blank=True, max_length=8)),
                        ("severity", models.CharField(default="plain", max_length=10)),
                        ("is_internal", models.BooleanField(default=True)),
                        ("is_regulatory", models.BooleanField(default=False)),
                        ("bearing", models.CharField(blank=True, max_length=12)),
                        ("is_supervised", models.BooleanField(default=False)),
                        ("is_escalated", models.BooleanField(default=False)),
                        ("clock", models.JSONField(default=dict)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("amber_at", models.DateTimeField(null=True)),
                        ("target", models.JSONField(default=dict)),
                        ("target_due_at", models.DateTimeField(null=True)),
                        ("pause", models.CharField(blank=True, max_length=12)),
                        ("findings", models.TextField(blank=True)),
                        ("root_cause", models.TextField(blank=True)),
                        ("validity", models.CharField(blank=True, max_length=8)),
                        ("outcome", models.CharField(blank=True, max_length=16)),
                        ("recovered_fen", models.BigIntegerField(default=0)),
                        ("currency", models.CharField(default="CNY", max_length=3)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("satisfaction", models.PositiveSmallIntegerField(null=True)),
                        ("closed_date", models.DateField(null=True)),
                        ("silent_until", models.DateField(null=True)),
                        ("source", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("source_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("is_history", models.BooleanField(default=False)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "handler",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="complaints.complaint",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="complaint",
                    name="party",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.party",
                    ),
                ),
                migrations.AddField(
                    model_name="complaint",
                    name="registered_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="complaint",
                    name="repeats",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="complaint",
                    name="unit",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                migrations.AddField(
                    model_name="check",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="complaints.complaint"
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="handler",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="merged_into",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="party",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.party",
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
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
                    model_name="complaintevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="registered_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="repeats",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="unit",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="org.unit",
                    ),
                ),
                migrations.AddField(
                    model_name="decision",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="complaints.complaint"
                    ),
                ),
                migrations.AddField(
                    model_name="decision",
                    name="made_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="evidence",
                    name="added_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="evidence",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="complaints.complaint"
                    ),
                ),
                migrations.AddField(
                    model_name="matter",
                    name="complaint",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matters",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="matterevent",
                    name="complaint",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="matterevent",
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
                    model_name="matterevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="complaints.matter",
                    ),
                ),
                migrations.AddField(
                    model_name="move",
                    name="actor",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="move",
                    name="complaint",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="plan",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="complaints.complaint"
                    ),
                ),
                migrations.AddField(
                    model_name="plan",
                    name="proposed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="rectification",
                    name="opened_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="rectification",
                    name="owner",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="rectification",
                    name="unit",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                migrations.AddField(
                    model_name="rectification",
                    name="verified_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="complaintevent",
                    name="rectification",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="complaints.rectification",
                    ),
                ),
                migrations.AddField(
                    model_name="complaint",
                    name="rectification",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="complaints",
                        to="complaints.rectification",
                    ),
                ),
                migrations.AddField(
                    model_name="regulation",
                    name="made_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="responsibility",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="responsibility",
                    name="penalty_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="responsibility",
                    name="unit",
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                migrations.AddField(
                    model_name="responsibility",
                    name="user",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="supervision",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervisions",
                        to="complaints.complaint",
                    ),
                ),
                migrations.AddField(
                    model_name="talk",
                    name="by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="talk",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="talks", to="complaints.complaint"
                    ),
                ),
                migrations.AddField(
                    model_name="volume",
                    name="unit",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="check",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("complaint",),
                        name="complaints_one_check_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), _negated=True),
                            models.Q(("basis", ""), _negated=True),
                            models.Q(("remedies", ""), _negated=True),
                            models.Q(("proof", ""), _negated=True),
                        ),
                        name="complaints_decision_complete",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="matter",
                    constraint=models.UniqueConstraint(fields=("complaint", "key"), name="complaints_matter_once"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="matter",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "complaints_matterevent" ("batch_id", "cause", "complaint_id", "detail_cause", "digest", "id", "key", "line", "outcome", "outcome_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "recovered_fen", "respondent", "validity", "words") SELECT old_values."batch_id", old_values."cause", old_values."complaint_id", old_values."detail_cause", old_values."digest", old_values."id", old_values."key", old_values."line", old_values."outcome", old_values."outcome_words", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."product", old_values."recovered_fen", old_values."respondent", old_values."validity", old_values."words" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="2cdfe3eaa906b7c8c2a5c664d61462a349cf00d9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_27fca",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="complaints_matter",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="matter",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "complaints_matterevent" ("batch_id", "cause", "complaint_id", "detail_cause", "digest", "id", "key", "line", "outcome", "outcome_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "recovered_fen", "respondent", "validity", "words") SELECT old_values."batch_id", old_values."cause", old_values."complaint_id", old_values."detail_cause", old_values."digest", old_values."id", old_values."key", old_values."line", old_values."outcome", old_values."outcome_words", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."recovered_fen", old_values."respondent", old_values."validity", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="fc07762b64302282808e9f3990455e26b7d8c18d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_21c22",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="complaints_matter",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="move",
                    constraint=models.UniqueConstraint(fields=("complaint", "number"), name="complaints_move_once"),
                ),
                migrations.AddConstraint(
                    model_name="plan",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("complaint",),
                        name="complaints_one_plan_waits",
                    ),
                ),
                migrations.AddIndex(
                    model_name="rectification",
                    index=models.Index(fields=["due_date", "id"], name="complaints_rect_due"),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    anxin.service.complaints.data.State["ARCHIVED"],
                                    anxin.service.complaints.data.State["WITHDRAWN"],
                                    anxin.service.complaints.data.State["MERGED"],
                                    anxin.service.complaints.data.State["REFUSED"],
                                ],
                            ),
                            _negated=True,
                        ),
                        fields=["due_at", "id"],
                        name="complaints_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    anxin.service.complaints.data.State["ARCHIVED"],
                                    anxin.service.complaints.data.State["WITHDRAWN"],
                                    anxin.service.complaints.data.State["MERGED"],
                                    anxin.service.complaints.data.State["REFUSED"],
                                ],
                            ),
                            _negated=True,
                        ),
                        fields=["unit", "due_at"],
                        name="complaints_of_unit",
                    ),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    anxin.service.complaints.data.State["ARCHIVED"],
                                    anxin.service.complaints.data.State["WITHDRAWN"],
                                    anxin.service.complaints.data.State["MERGED"],
                                    anxin.service.complaints.data.State["REFUSED"],
                                ],
                            ),
                            _negated=True,
                        ),
                        fields=["handler", "due_at"],
                        name="complaints_of_handler",
                    ),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(fields=["-received_at", "-id"], name="complaints_recent"),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(fields=["party", "-received_at"], name="complaints_of_party"),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(
                        condition=models.Q(("policy_no", ""), _negated=True),
                        fields=["policy_no"],
                        name="complaints_of_policy",
                    ),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(fields=["source", "closed_date"], name="complaints_closed"),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(
                        condition=models.Q(("silent_until__isnull", False)),
                        fields=["silent_until"],
                        name="complaints_silent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.UniqueConstraint(fields=("ref",), name="complaints_complaint_ref"),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.UniqueConstraint(
                        fields=("source_key", "source"), name="complaints_complaint_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", anxin.service.complaints.data.State["ARCHIVED"]), _negated=True),
                            ("is_history", True),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("told_at__isnull", False),
                                ("closed_date__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_closed_with_proof",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", anxin.service.complaints.data.State["MERGED"]), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="complaints_merged_into_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("representatives__lte", 5)), name="complaints_at_most_five_speak"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="complaint",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "complaints_complaintevent" ("amber_at", "batch_id", "bearing", "capacity", "cause", "channel", "claim_no", "clock", "closed_date", "complainant_kind", "currency", "detail_cause", "digest", "due_at", "forwarded_at", "handler_id", "id", "is_escalated", "is_history", "is_internal", "is_regulatory", "is_supervised", "line", "merged_into_id", "mood", "mood_now", "nature", "outcome", "party_id", "pause", "people_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_no", "received_at", "recovered_fen", "rectification_id", "ref", "registered_by_id", "repeats_id", "representatives", "request_fen", "sales_channel", "satisfaction", "severity", "silent_until", "source", "source_key", "state", "target", "target_due_at", "ticket_ref", "title", "told_at", "unit_id", "validity", "version") SELECT old_values."amber_at", old_values."batch_id", old_values."bearing", old_values."capacity", old_values."cause", old_values."channel", old_values."claim_no", old_values."clock", old_values."closed_date", old_values."complainant_kind", old_values."currency", old_values."detail_cause", old_values."digest", old_values."due_at", old_values."forwarded_at", old_values."handler_id", old_values."id", old_values."is_escalated", old_values."is_history", old_values."is_internal", old_values."is_regulatory", old_values."is_supervised", old_values."line", old_values."merged_into_id", old_values."mood", old_values."mood_now", old_values."nature", old_values."outcome", old_values."party_id", old_values."pause", old_values."people_count", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_no", old_values."received_at", old_values."recovered_fen", old_values."rectification_id", old_values."ref", old_values."registered_by_id", old_values."repeats_id", old_values."representatives", old_values."request_fen", old_values."sales_channel", old_values."satisfaction", old_values."severity", old_values."silent_until", old_values."source", old_values."source_key", old_values."state", old_values."target", old_values."target_due_at", old_values."ticket_ref", old_values."title", old_values."told_at", old_values."unit_id", old_values."validity", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."amber_at" IS DISTINCT FROM (new_values."amber_at") OR old_values."batch_id" IS DISTINCT FROM (new_values."batch_id") OR old_values."bearing" IS DISTINCT FROM (new_values."bearing") OR old_values."capacity" IS DISTINCT FROM (new_values."capacity") OR old_values."cause" IS DISTINCT FROM (new_values."cause") OR old_values."channel" IS DISTINCT FROM (new_values."channel") OR old_values."claim_no" IS DISTINCT FROM (new_values."claim_no") OR old_values."clock" IS DISTINCT FROM (new_values."clock") OR old_values."closed_date" IS DISTINCT FROM (new_values."closed_date") OR old_values."complainant_kind" IS DISTINCT FROM (new_values."complainant_kind") OR old_values."currency" IS DISTINCT FROM (new_values."currency") OR old_values."detail_cause" IS DISTINCT FROM (new_values."detail_cause") OR old_values."digest" IS DISTINCT FROM (new_values."digest") OR old_values."due_at" IS DISTINCT FROM (new_values."due_at") OR old_values."forwarded_at" IS DISTINCT FROM (new_values."forwarded_at") OR old_values."handler_id" IS DISTINCT FROM (new_values."handler_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_escalated" IS DISTINCT FROM (new_values."is_escalated") OR old_values."is_history" IS DISTINCT FROM (new_values."is_history") OR old_values."is_internal" IS DISTINCT FROM (new_values."is_internal") OR old_values."is_regulatory" IS DISTINCT FROM (new_values."is_regulatory") OR old_values."is_supervised" IS DISTINCT FROM (new_values."is_supervised") OR old_values."line" IS DISTINCT FROM (new_values."line") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."mood" IS DISTINCT FROM (new_values."mood") OR old_values."mood_now" IS DISTINCT FROM (new_values."mood_now") OR old_values."nature" IS DISTINCT FROM (new_values."nature") OR old_values."outcome" IS DISTINCT FROM (new_values."outcome") OR old_values."party_id" IS DISTINCT FROM (new_values."party_id") OR old_values."pause" IS DISTINCT FROM (new_values."pause") OR old_values."people_count" IS DISTINCT FROM (new_values."people_count") OR old_values."policy_no" IS DISTINCT FROM (new_values."policy_no") OR old_values."received_at" IS DISTINCT FROM (new_values."received_at") OR old_values."recovered_fen" IS DISTINCT FROM (new_values."recovered_fen") OR old_values."rectification_id" IS DISTINCT FROM (new_values."rectification_id") OR old_values."ref" IS DISTINCT FROM (new_values."ref") OR old_values."registered_by_id" IS DISTINCT FROM (new_values."registered_by_id") OR old_values."repeats_id" IS DISTINCT FROM (new_values."repeats_id") OR old_values."representatives" IS DISTINCT FROM (new_values."representatives") OR old_values."request_fen" IS DISTINCT FROM (new_values."request_fen") OR old_values."sales_channel" IS DISTINCT FROM (new_values."sales_channel") OR old_values."satisfaction" IS DISTINCT FROM (new_values."satisfaction") OR old_values."severity" IS DISTINCT FROM (new_values."severity") OR old_values."silent_until" IS DISTINCT FROM (new_values."silent_until") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."source_key" IS DISTINCT FROM (new_values."source_key") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."target" IS DISTINCT FROM (new_values."target") OR old_values."target_due_at" IS DISTINCT FROM (new_values."target_due_at") OR old_values."ticket_ref" IS DISTINCT FROM (new_values."ticket_ref") OR old_values."title" IS DISTINCT FROM (new_values."title") OR old_values."told_at" IS DISTINCT FROM (new_values."told_at") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."validity" IS DISTINCT FROM (new_values."validity") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="6cd5b075697658d38bb68b089226cd09f790299a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_36c30",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="complaints_complaint",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="complaint",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "complaints_complaintevent" ("amber_at", "batch_id", "bearing", "capacity", "cause", "channel", "claim_no", "clock", "closed_date", "complainant_kind", "currency", "detail_cause", "digest", "due_at", "forwarded_at", "handler_id", "id", "is_escalated", "is_history", "is_internal", "is_regulatory", "is_supervised", "line", "merged_into_id", "mood", "mood_now", "nature", "outcome", "party_id", "pause", "people_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_no", "received_at", "recovered_fen", "rectification_id", "ref", "registered_by_id", "repeats_id", "representatives", "request_fen", "sales_channel", "satisfaction", "severity", "silent_until", "source", "source_key", "state", "target", "target_due_at", "ticket_ref", "title", "told_at", "unit_id", "validity", "version") SELECT old_values."amber_at", old_values."batch_id", old_values."bearing", old_values."capacity", old_values."cause", old_values."channel", old_values."claim_no", old_values."clock", old_values."closed_date", old_values."complainant_kind", old_values."currency", old_values."detail_cause", old_values."digest", old_values."due_at", old_values."forwarded_at", old_values."handler_id", old_values."id", old_values."is_escalated", old_values."is_history", old_values."is_internal", old_values."is_regulatory", old_values."is_supervised", old_values."line", old_values."merged_into_id", old_values."mood", old_values."mood_now", old_values."nature", old_values."outcome", old_values."party_id", old_values."pause", old_values."people_count", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_no", old_values."received_at", old_values."recovered_fen", old_values."rectification_id", old_values."ref", old_values."registered_by_id", old_values."repeats_id", old_values."representatives", old_values."request_fen", old_values."sales_channel", old_values."satisfaction", old_values."severity", old_values."silent_until", old_values."source", old_values."source_key", old_values."state", old_values."target", old_values."target_due_at", old_values."ticket_ref", old_values."title", old_values."told_at", old_values."unit_id", old_values."validity", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="1315f3f71347fb03ad0ffe6c9ce2bb6b0b0c14a7",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a79b8",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="complaints_complaint",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="regulation",
                    constraint=models.UniqueConstraint(fields=("kind", "number"), name="complaints_regulation_version"),
                ),
                migrations.AddConstraint(
                    model_name="regulation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="complaints_regulation_period",
                    ),
                ),
                migrations.AddIndex(
                    model_name="responsibility",
                    index=models.Index(fields=["-found_at", "-id"], name="complaints_responsible"),
                ),
                migrations.AddIndex(
                    model_name="supervision",
                    index=models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["due_at", "id"],
                        name="complaints_watched",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="volume",
                    constraint=models.UniqueConstraint(
                        fields=("year", "quarter", "name"), name="complaints_volume_once"
                    ),
                ),
            ]
        ),
        migrations.RunSQL("CREATE SEQUENCE complaints_complaint_number", "DROP SEQUENCE complaints_complaint_number"),
    ]
