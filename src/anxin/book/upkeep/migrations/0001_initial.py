import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("org", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="CardLink",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("token_hash", models.BinaryField(max_length=32)),
                        ("language", models.CharField(default="zh-hans", max_length=10)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "created_by",
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
                ),
                migrations.CreateModel(
                    name="CardAnswer",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("decided", "Decided")], default="open", max_length=8
                            ),
                        ),
                        ("values_sealed", models.BinaryField(null=True)),
                        ("notice", models.CharField(max_length=10)),
                        ("submitted_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decisions", models.JSONField(default=dict)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "decided_by",
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
                        (
                            "link",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="answer", to="upkeep.cardlink"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Cell",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("as_of", models.DateField()),
                        ("source", models.CharField(max_length=40)),
                        ("customers", models.PositiveIntegerField()),
                        ("score_sum", models.BigIntegerField()),
                        ("completeness_sum", models.BigIntegerField()),
                        ("truth_sum", models.BigIntegerField()),
                        ("poor", models.PositiveIntegerField()),
                        ("problems", models.JSONField(default=dict)),
                        (
                            "manager",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Confirmation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField()),
                        ("means", models.CharField(max_length=12)),
                        (
                            "confirmed_by",
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
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(max_length=24)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("resolved", "Resolved"), ("dismissed", "Dismissed")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("outcome", models.CharField(blank=True, max_length=300)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
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
                ),
                migrations.CreateModel(
                    name="CorrectionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("code", models.CharField(max_length=24)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("resolved", "Resolved"), ("dismissed", "Dismissed")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("outcome", models.CharField(blank=True, max_length=300)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                                to="upkeep.correction",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Score",
                    fields=[
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("score", models.PositiveSmallIntegerField()),
                        ("completeness", models.PositiveSmallIntegerField()),
                        ("truth", models.PositiveSmallIntegerField()),
                        (
                            "missing",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=24), default=list, size=None
                            ),
                        ),
                        (
                            "problems",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=24), default=list, size=None
                            ),
                        ),
                        ("details", models.CharField(blank=True, max_length=300)),
                        ("scheme_version", models.PositiveIntegerField()),
                        (
                            "party",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="cardlink",
                    constraint=models.UniqueConstraint(fields=("token_hash",), name="upkeep_link_token"),
                ),
                migrations.AddIndex(
                    model_name="cell",
                    index=models.Index(fields=["as_of"], name="upkeep_cell_day"),
                ),
                migrations.AddConstraint(
                    model_name="correction",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("party", "code"), name="upkeep_correction_open"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="correction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "upkeep_correctionevent" ("closed_at", "closed_by_id", "code", "id", "note", "opened_at", "opened_by_id", "outcome", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") SELECT old_values."closed_at", old_values."closed_by_id", old_values."code", old_values."id", old_values."note", old_values."opened_at", old_values."opened_by_id", old_values."outcome", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."state" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="e6f2228a720830cc19f97ac7673fb93e23369fb2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9d316",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="upkeep_correction",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="correction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "upkeep_correctionevent" ("closed_at", "closed_by_id", "code", "id", "note", "opened_at", "opened_by_id", "outcome", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") SELECT old_values."closed_at", old_values."closed_by_id", old_values."code", old_values."id", old_values."note", old_values."opened_at", old_values."opened_by_id", old_values."outcome", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="202bc0da5f55431a2dabd0a0a6451ff8e2080968",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_eaa56",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="upkeep_correction",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="score",
                    index=models.Index(fields=["score", "id"], name="upkeep_score_lowest"),
                ),
                migrations.AddIndex(
                    model_name="score",
                    index=django.contrib.postgres.indexes.GinIndex(fields=["problems"], name="upkeep_score_problems"),
                ),
                migrations.AddIndex(
                    model_name="score",
                    index=django.contrib.postgres.indexes.GinIndex(fields=["missing"], name="upkeep_score_missing"),
                ),
            ]
        ),
    ]
