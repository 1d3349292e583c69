import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="ProfileEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("name", models.CharField(max_length=80)),
                        ("source", models.CharField(max_length=40)),
                        ("content", models.JSONField()),
                        ("header_digest", models.BinaryField(max_length=16, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("is_active", models.BooleanField(default=True)),
                        ("updated_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RowNote",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("matter", models.CharField(choices=[("absent", "Absent"), ("kept", "Kept")], max_length=10)),
                        ("key", models.CharField(max_length=160)),
                        ("ref", models.CharField(blank=True, max_length=40)),
                        ("reason", models.CharField(blank=True, max_length=40)),
                    ],
                ),
                migrations.CreateModel(
                    name="RowProblem",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("line", models.BigIntegerField()),
                        ("column", models.CharField(max_length=120)),
                        ("code", models.CharField(max_length=40)),
                        ("value_sealed", models.BinaryField(null=True)),
                        ("is_warning", models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="Batch",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("ref", models.CharField(max_length=20)),
                        ("source", models.CharField(max_length=40)),
                        ("profile_name", models.CharField(max_length=80)),
                        ("profile_content", models.JSONField()),
                        ("file_name", models.CharField(max_length=255)),
                        ("file_sha256", models.BinaryField(max_length=32)),
                        ("file_size", models.BigIntegerField()),
                        ("path", models.CharField(blank=True, max_length=500)),
                        ("file_format", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("uploaded", "Uploaded"),
                                    ("checking", "Checking"),
                                    ("checked", "Checked"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("stopped", "Stopped"),
                                    ("failed", "Failed"),
                                    ("undoing", "Undoing"),
                                    ("undone", "Undone"),
                                    ("discarded", "Discarded"),
                                ],
                                default="uploaded",
                                max_length=10,
                            ),
                        ),
                        ("is_full_load", models.BooleanField(default=False)),
                        ("on_error", models.CharField(default="skip", max_length=10)),
                        ("rows_read", models.BigIntegerField(default=0)),
                        ("rows_total", models.BigIntegerField(null=True)),
                        ("rows_rejected", models.BigIntegerField(default=0)),
                        ("chunks_done", models.PositiveIntegerField(default=0)),
                        ("rows_warned", models.BigIntegerField(default=0)),
                        ("problem_count", models.BigIntegerField(default=0)),
                        ("message", models.TextField(blank=True)),
                        ("message_values", models.JSONField(default=dict)),
                        ("preview", models.JSONField(default=dict)),
                        ("seconds", models.FloatField(default=0)),
                        ("is_cancel_wanted", models.BooleanField(default=False)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("kinds_undone", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("lease_holder", models.CharField(blank=True, max_length=60)),
                        (
                            "document",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="documents.document",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rows_document",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="documents.document",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BatchCount",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("rows_read", models.BigIntegerField(default=0)),
                        ("created", models.BigIntegerField(default=0)),
                        ("updated", models.BigIntegerField(default=0)),
                        ("unchanged", models.BigIntegerField(default=0)),
                        ("rejected", models.BigIntegerField(default=0)),
                        ("warnings", models.BigIntegerField(default=0)),
                        ("absent", models.BigIntegerField(default=0)),
                        ("ended", models.BigIntegerField(default=0)),
                        ("kept", models.BigIntegerField(default=0)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="counts", to="intake.batch"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProblemPart",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("content_sealed", models.BinaryField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.batch"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("source", models.CharField(max_length=40)),
                        ("content", models.JSONField()),
                        ("header_digest", models.BinaryField(max_length=16, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("is_active", models.BooleanField(default=True)),
                        ("updated_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["header_digest"], name="intake_profile_header")],
                        "constraints": [models.UniqueConstraint(fields=("name",), name="intake_profile_name")],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="profile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "intake_profileevent" ("content", "header_digest", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "updated_at", "version") SELECT old_values."content", old_values."header_digest", old_values."id", old_values."is_active", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."source", old_values."updated_at", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="dc9a9981c28ee07aad70ecdfad17cf32d3f11481",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0dbcd",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="intake_profile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="profile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "intake_profileevent" ("content", "header_digest", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "updated_at", "version") SELECT old_values."content", old_values."header_digest", old_values."id", old_values."is_active", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."source", old_values."updated_at", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="e0339878f9917654f97097230f1b03f44f4e9a18",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_43a00",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="intake_profile",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="profileevent",
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
                    model_name="profileevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="intake.profile",
                    ),
                ),
                migrations.AddField(
                    model_name="rownote",
                    name="batch",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.batch"
                    ),
                ),
                migrations.AddField(
                    model_name="rowproblem",
                    name="batch",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="problems", to="intake.batch"
                    ),
                ),
                migrations.AddIndex(
                    model_name="batch",
                    index=models.Index(fields=["-created_at", "-id"], name="intake_batch_recent"),
                ),
                migrations.AddConstraint(
                    model_name="batch",
                    constraint=models.UniqueConstraint(fields=("ref",), name="intake_batch_ref"),
                ),
                migrations.AddConstraint(
                    model_name="batch",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("profile_name", "file_sha256"),
                        name="intake_batch_running_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="batchcount",
                    constraint=models.UniqueConstraint(fields=("batch", "kind"), name="intake_count_once"),
                ),
                migrations.AddConstraint(
                    model_name="batchcount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows_read",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("created"), "+", models.F("updated")
                                        ),
                                        "+",
                                        models.F("unchanged"),
                                    ),
                                    "+",
                                    models.F("rejected"),
                                ),
                            )
                        ),
                        name="intake_count_adds_up",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="problempart",
                    constraint=models.UniqueConstraint(fields=("batch", "number"), name="intake_problems_of_portion"),
                ),
                migrations.AddIndex(
                    model_name="rownote",
                    index=models.Index(fields=["batch", "matter", "id"], name="intake_note_list"),
                ),
                migrations.AddIndex(
                    model_name="rowproblem",
                    index=models.Index(fields=["batch", "is_warning", "line"], name="intake_problem_line"),
                ),
            ]
        ),
    ]
