import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="BreachEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("found_at", models.DateTimeField()),
                        ("what", models.TextField()),
                        ("cause", models.TextField(blank=True)),
                        ("kinds", models.CharField(max_length=300)),
                        ("people", models.PositiveIntegerField(blank=True, null=True)),
                        ("harm", models.TextField(blank=True)),
                        ("measures", models.TextField()),
                        ("authority_told_at", models.DateTimeField(blank=True, null=True)),
                        ("people_told_at", models.DateTimeField(blank=True, null=True)),
                        ("why_people_not_told", models.TextField(blank=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("recorded_by_name", models.CharField(max_length=150)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ImpactAssessment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("assessed_on", models.DateField()),
                        ("necessity", models.TextField()),
                        ("impact", models.TextField()),
                        (
                            "risk",
                            models.CharField(
                                choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=8
                            ),
                        ),
                        ("measures", models.TextField()),
                        ("conclusion", models.TextField()),
                        ("review_date", models.DateField()),
                        ("keep_until", models.DateField()),
                        ("assessor_id", models.UUIDField(null=True)),
                        ("assessor_name", models.CharField(max_length=150)),
                        ("recorded_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="KeyProof",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("only", models.BooleanField(default=True)),
                        ("sealed", models.BinaryField()),
                        ("blind", models.BinaryField(max_length=16)),
                    ],
                ),
                migrations.CreateModel(
                    name="PrivacyNotice",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("version", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=120)),
                        ("text", models.TextField()),
                        ("effective_from", models.DateField()),
                        ("published_by_id", models.UUIDField(null=True)),
                        ("published_by_name", models.CharField(max_length=150)),
                        ("published_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PrivacyNoticeEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("code", models.CharField(max_length=20)),
                        ("version", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=120)),
                        ("text", models.TextField()),
                        ("effective_from", models.DateField()),
                        ("published_by_id", models.UUIDField(null=True)),
                        ("published_by_name", models.CharField(max_length=150)),
                        ("published_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ProcessingActivity",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("purpose", models.CharField(max_length=300)),
                        (
                            "legal_basis",
                            models.CharField(
                                choices=[
                                    ("contract", "Contract"),
                                    ("consent", "Consent"),
                                    ("duty", "Duty"),
                                    ("emergency", "Emergency"),
                                    ("public", "Public"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("kinds", models.CharField(max_length=300)),
                        ("recipients", models.CharField(blank=True, max_length=300)),
                        ("retention", models.CharField(max_length=200)),
                        ("is_sensitive", models.BooleanField(default=False)),
                        ("is_automated", models.BooleanField(default=False)),
                        ("is_shared", models.BooleanField(default=False)),
                        ("is_abroad", models.BooleanField(default=False)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                ),
                migrations.CreateModel(
                    name="ProcessingActivityEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("name", models.CharField(max_length=120)),
                        ("purpose", models.CharField(max_length=300)),
                        (
                            "legal_basis",
                            models.CharField(
                                choices=[
                                    ("contract", "Contract"),
                                    ("consent", "Consent"),
                                    ("duty", "Duty"),
                                    ("emergency", "Emergency"),
                                    ("public", "Public"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("kinds", models.CharField(max_length=300)),
                        ("recipients", models.CharField(blank=True, max_length=300)),
                        ("retention", models.CharField(max_length=200)),
                        ("is_sensitive", models.BooleanField(default=False)),
                        ("is_automated", models.BooleanField(default=False)),
                        ("is_shared", models.BooleanField(default=False)),
                        ("is_abroad", models.BooleanField(default=False)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Breach",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("found_at", models.DateTimeField()),
                        ("what", models.TextField()),
                        ("cause", models.TextField(blank=True)),
                        ("kinds", models.CharField(max_length=300)),
                        ("people", models.PositiveIntegerField(blank=True, null=True)),
                        ("harm", models.TextField(blank=True)),
                        ("measures", models.TextField()),
                        ("authority_told_at", models.DateTimeField(blank=True, null=True)),
                        ("people_told_at", models.DateTimeField(blank=True, null=True)),
                        ("why_people_not_told", models.TextField(blank=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("recorded_by_name", models.CharField(max_length=150)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-found_at", "-id"], name="privacy_breach_recent")],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="breach",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "privacy_breachevent" ("authority_told_at", "cause", "closed_at", "found_at", "harm", "id", "kinds", "measures", "people", "people_told_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_name", "version", "what", "why_people_not_told") SELECT old_values."authority_told_at", old_values."cause", old_values."closed_at", old_values."found_at", old_values."harm", old_values."id", old_values."kinds", old_values."measures", old_values."people", old_values."people_told_at", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."recorded_by_name", old_values."version", old_values."what", old_values."why_people_not_told" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="d70a94a00e8a0c526289f6cfdac19e1aae40b637",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_94c6e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="privacy_breach",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="breach",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "privacy_breachevent" ("authority_told_at", "cause", "closed_at", "found_at", "harm", "id", "kinds", "measures", "people", "people_told_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_name", "version", "what", "why_people_not_told") SELECT old_values."authority_told_at", old_values."cause", old_values."closed_at", old_values."found_at", old_values."harm", old_values."id", old_values."kinds", old_values."measures", old_values."people", old_values."people_told_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_by_name", old_values."version", old_values."what", old_values."why_people_not_told" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="70c36b17e87dc01635e78eabea0840892a4db2ef",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_58361",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="privacy_breach",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="breachevent",
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
                    model_name="breachevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="privacy.breach",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="keyproof",
                    constraint=models.UniqueConstraint(fields=("only",), name="privacy_one_key_proof"),
                ),
                migrations.AddConstraint(
                    model_name="keyproof",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("only", True)), name="privacy_key_proof_only"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="privacynotice",
                    constraint=models.UniqueConstraint(fields=("code", "version"), name="privacy_notice_version"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="privacynotice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "privacy_privacynoticeevent" ("code", "effective_from", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "published_by_name", "text", "title", "version") SELECT old_values."code", old_values."effective_from", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."published_by_name", old_values."text", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="f0477fcf3d7228d6c97bca71d6204edef5d6750c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fb284",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="privacy_privacynotice",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="privacynotice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "privacy_privacynoticeevent" ("code", "effective_from", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "published_by_name", "text", "title", "version") SELECT old_values."code", old_values."effective_from", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."published_by_name", old_values."text", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="cfd969c8df94bc434ac80fc7ef726658900de1e5",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_383dc",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="privacy_privacynotice",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="privacynoticeevent",
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
                    model_name="privacynoticeevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="privacy.privacynotice",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="processingactivity",
                    constraint=models.UniqueConstraint(fields=("name",), name="privacy_activity_name"),
                ),
                migrations.AddField(
                    model_name="impactassessment",
                    name="activity",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="privacy.processingactivity",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="processingactivity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "privacy_processingactivityevent" ("id", "is_abroad", "is_active", "is_automated", "is_sensitive", "is_shared", "kinds", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recipients", "retention", "version") SELECT old_values."id", old_values."is_abroad", old_values."is_active", old_values."is_automated", old_values."is_sensitive", old_values."is_shared", old_values."kinds", old_values."legal_basis", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."purpose", old_values."recipients", old_values."retention", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="b74ea46d23706a3f81ccc1463a97f2d238fe87c2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_876d4",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="privacy_processingactivity",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="processingactivity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "privacy_processingactivityevent" ("id", "is_abroad", "is_active", "is_automated", "is_sensitive", "is_shared", "kinds", "legal_basis", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recipients", "retention", "version") SELECT old_values."id", old_values."is_abroad", old_values."is_active", old_values."is_automated", old_values."is_sensitive", old_values."is_shared", old_values."kinds", old_values."legal_basis", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."purpose", old_values."recipients", old_values."retention", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="fbdf3bfcdf31216e82bcbaeb27f3c10aa4e47013",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0b60f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="privacy_processingactivity",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="processingactivityevent",
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
                    model_name="processingactivityevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="privacy.processingactivity",
                    ),
                ),
                migrations.AddIndex(
                    model_name="impactassessment",
                    index=models.Index(fields=["activity", "-assessed_on"], name="privacy_assessment_recent"),
                ),
            ]
        ),
    ]
