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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("org", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="RequestEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("kind", models.CharField(max_length=60)),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_id", models.UUIDField(null=True)),
                        ("subject_ref", models.CharField(blank=True, max_length=80)),
                        ("summary", models.CharField(max_length=200)),
                        ("summary_values", models.JSONField(default=dict)),
                        ("payload", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("rejected", "Rejected"),
                                    ("withdrawn", "Withdrawn"),
                                    ("expired", "Expired"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Request",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_id", models.UUIDField(null=True)),
                        ("subject_ref", models.CharField(blank=True, max_length=80)),
                        ("summary", models.CharField(max_length=200)),
                        ("summary_values", models.JSONField(default=dict)),
                        ("payload", models.JSONField(default=dict)),
                        ("reason", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("rejected", "Rejected"),
                                    ("withdrawn", "Withdrawn"),
                                    ("expired", "Expired"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="request",
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
                    model_name="requestevent",
                    name="asked_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="requestevent",
                    name="decided_by",
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
                    model_name="requestevent",
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
                    model_name="requestevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="approvals.request",
                    ),
                ),
                migrations.AddField(
                    model_name="requestevent",
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
                migrations.AddIndex(
                    model_name="request",
                    index=models.Index(
                        condition=models.Q(("state", "pending")), fields=["kind", "asked_at"], name="approvals_pending"
                    ),
                ),
                migrations.AddIndex(
                    model_name="request",
                    index=models.Index(
                        condition=models.Q(("state", "pending")), fields=["expires_at"], name="approvals_expiry"
                    ),
                ),
                migrations.AddIndex(
                    model_name="request",
                    index=models.Index(fields=["-asked_at", "-id"], name="approvals_recent"),
                ),
                migrations.AddIndex(
                    model_name="request",
                    index=models.Index(fields=["subject_id"], name="approvals_subject"),
                ),
                migrations.AddConstraint(
                    model_name="request",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("kind", "subject_id"),
                        name="approvals_pending_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="request",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "rejected"]), _negated=True),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="approvals_decision_has_its_maker",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="request",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="approvals_takes_two",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="request",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "approvals_requestevent" ("asked_at", "asked_by_id", "decided_at", "decided_by_id", "expires_at", "id", "kind", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "subject_id", "subject_kind", "subject_ref", "summary", "summary_values", "unit_id", "version") SELECT old_values."asked_at", old_values."asked_by_id", old_values."decided_at", old_values."decided_by_id", old_values."expires_at", old_values."id", old_values."kind", old_values."payload", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."state", old_values."subject_id", old_values."subject_kind", old_values."subject_ref", old_values."summary", old_values."summary_values", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."asked_at" IS DISTINCT FROM (new_values."asked_at") OR old_values."asked_by_id" IS DISTINCT FROM (new_values."asked_by_id") OR old_values."decided_at" IS DISTINCT FROM (new_values."decided_at") OR old_values."decided_by_id" IS DISTINCT FROM (new_values."decided_by_id") OR old_values."expires_at" IS DISTINCT FROM (new_values."expires_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."payload" IS DISTINCT FROM (new_values."payload") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."subject_id" IS DISTINCT FROM (new_values."subject_id") OR old_values."subject_kind" IS DISTINCT FROM (new_values."subject_kind") OR old_values."subject_ref" IS DISTINCT FROM (new_values."subject_ref") OR old_values."summary" IS DISTINCT FROM (new_values."summary") OR old_values."summary_values" IS DISTINCT FROM (new_values."summary_values") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="f76b3486b67ed52315d8dd2368de3b0068157ba5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_67709",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="approvals_request",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="request",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "approvals_requestevent" ("asked_at", "asked_by_id", "decided_at", "decided_by_id", "expires_at", "id", "kind", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "subject_id", "subject_kind", "subject_ref", "summary", "summary_values", "unit_id", "version") SELECT old_values."asked_at", old_values."asked_by_id", old_values."decided_at", old_values."decided_by_id", old_values."expires_at", old_values."id", old_values."kind", old_values."payload", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state", old_values."subject_id", old_values."subject_kind", old_values."subject_ref", old_values."summary", old_values."summary_values", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="4b3e9098d3c5d051ed2b60f8de1fe074c51ce4d3",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1b610",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="approvals_request",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
