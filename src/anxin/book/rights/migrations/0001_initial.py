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
                    name="Restriction",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("ground", models.CharField(max_length=12)),
                        ("reason", models.TextField()),
                        ("from_at", models.DateTimeField()),
                        ("until_at", models.DateTimeField(null=True)),
                        ("lift_reason", models.TextField(blank=True)),
                        (
                            "lifted_by",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "set_by",
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
                    name="RetentionDue",
                    fields=[
                        (
                            "party",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="customers.party",
                            ),
                        ),
                        ("due_date", models.DateField()),
                        ("ground", models.CharField(blank=True, max_length=20)),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("found_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["due_date", "party"], name="rights_due")],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectRequest",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("ref", models.CharField(db_collation="C", max_length=9)),
                        ("kind", models.CharField(max_length=12)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("working", "Working"),
                                    ("answered", "Answered"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="received",
                                max_length=10,
                            ),
                        ),
                        ("channel", models.CharField(max_length=12)),
                        ("capacity", models.CharField(max_length=12)),
                        ("requester", models.CharField(max_length=120)),
                        ("detail", models.TextField(blank=True)),
                        ("received_at", models.DateTimeField()),
                        ("due_date", models.DateField()),
                        ("scheme_version", models.PositiveIntegerField(default=0)),
                        ("extended_to", models.DateField(null=True)),
                        ("extension_reason", models.TextField(blank=True)),
                        ("identity_method", models.CharField(blank=True, max_length=12)),
                        ("identity_note", models.TextField(blank=True)),
                        ("identity_at", models.DateTimeField(null=True)),
                        ("answer", models.TextField(blank=True)),
                        ("evidence", models.TextField(blank=True)),
                        ("refusal", models.CharField(blank=True, max_length=12)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("archive_document_id", models.UUIDField(null=True)),
                        ("archive_at", models.DateTimeField(null=True)),
                        ("archive_taken_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "assignee",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "identity_by",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    name="RestrictionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("ground", models.CharField(max_length=12)),
                        ("from_at", models.DateTimeField()),
                        ("until_at", models.DateTimeField(null=True)),
                        (
                            "lifted_by",
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
                                to="rights.restriction",
                            ),
                        ),
                        (
                            "set_by",
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
                            "request",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="rights.subjectrequest",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="restriction",
                    name="request",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="rights.subjectrequest",
                    ),
                ),
                migrations.CreateModel(
                    name="RequestMove",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("action", models.CharField(max_length=16)),
                        ("before", models.CharField(max_length=12)),
                        ("after", models.CharField(max_length=12)),
                        ("actor_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField()),
                        ("why", models.TextField(blank=True)),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="rights.subjectrequest",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("ref", models.CharField(db_collation="C", max_length=9)),
                        ("customer_ref", models.CharField(max_length=9)),
                        ("asked_by", models.CharField(max_length=150)),
                        ("approved_by", models.CharField(max_length=150)),
                        ("erased_at", models.DateTimeField()),
                        ("lines", models.JSONField(default=list)),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("document_id", models.UUIDField(null=True)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="rights.subjectrequest",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SubjectRequestEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("ref", models.CharField(db_collation="C", max_length=9)),
                        ("kind", models.CharField(max_length=12)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("working", "Working"),
                                    ("answered", "Answered"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="received",
                                max_length=10,
                            ),
                        ),
                        ("channel", models.CharField(max_length=12)),
                        ("capacity", models.CharField(max_length=12)),
                        ("received_at", models.DateTimeField()),
                        ("due_date", models.DateField()),
                        ("scheme_version", models.PositiveIntegerField(default=0)),
                        ("extended_to", models.DateField(null=True)),
                        ("identity_method", models.CharField(blank=True, max_length=12)),
                        ("identity_at", models.DateTimeField(null=True)),
                        ("refusal", models.CharField(blank=True, max_length=12)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("archive_document_id", models.UUIDField(null=True)),
                        ("archive_at", models.DateTimeField(null=True)),
                        ("archive_taken_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "assignee",
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
                            "identity_by",
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
                                to="rights.subjectrequest",
                            ),
                        ),
                        (
                            "received_by",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="subjectrequest",
                    index=models.Index(
                        condition=models.Q(("state__in", ["received", "working"])),
                        fields=["due_date", "id"],
                        name="rights_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="subjectrequest",
                    index=models.Index(fields=["-received_at", "-id"], name="rights_recent"),
                ),
                migrations.AddConstraint(
                    model_name="subjectrequest",
                    constraint=models.UniqueConstraint(fields=("ref",), name="rights_request_ref"),
                ),
                migrations.AddConstraint(
                    model_name="subjectrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["working", "answered"]), _negated=True),
                            ("identity_at__isnull", False),
                            _connector="OR",
                        ),
                        name="rights_identity_first",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subjectrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refusal", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="rights_refusal_has_its_ground",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="subjectrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "rights_subjectrequestevent" ("archive_at", "archive_document_id", "archive_taken_at", "assignee_id", "capacity", "channel", "closed_at", "due_date", "extended_to", "id", "identity_at", "identity_by_id", "identity_method", "kind", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "ref", "refusal", "scheme_version", "state", "unit_id", "version") SELECT old_values."archive_at", old_values."archive_document_id", old_values."archive_taken_at", old_values."assignee_id", old_values."capacity", old_values."channel", old_values."closed_at", old_values."due_date", old_values."extended_to", old_values."id", old_values."identity_at", old_values."identity_by_id", old_values."identity_method", old_values."kind", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."received_at", old_values."received_by_id", old_values."ref", old_values."refusal", old_values."scheme_version", old_values."state", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."archive_at" IS DISTINCT FROM (new_values."archive_at") OR old_values."archive_document_id" IS DISTINCT FROM (new_values."archive_document_id") OR old_values."archive_taken_at" IS DISTINCT FROM (new_values."archive_taken_at") OR old_values."assignee_id" IS DISTINCT FROM (new_values."assignee_id") OR old_values."capacity" IS DISTINCT FROM (new_values."capacity") OR old_values."channel" IS DISTINCT FROM (new_values."channel") OR old_values."closed_at" IS DISTINCT FROM (new_values."closed_at") OR old_values."due_date" IS DISTINCT FROM (new_values."due_date") OR old_values."extended_to" IS DISTINCT FROM (new_values."extended_to") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."identity_at" IS DISTINCT FROM (new_values."identity_at") OR old_values."identity_by_id" IS DISTINCT FROM (new_values."identity_by_id") OR old_values."identity_method" IS DISTINCT FROM (new_values."identity_method") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."party_id" IS DISTINCT FROM (new_values."party_id") OR old_values."received_at" IS DISTINCT FROM (new_values."received_at") OR old_values."received_by_id" IS DISTINCT FROM (new_values."received_by_id") OR old_values."ref" IS DISTINCT FROM (new_values."ref") OR old_values."refusal" IS DISTINCT FROM (new_values."refusal") OR old_values."scheme_version" IS DISTINCT FROM (new_values."scheme_version") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="9fbbd86ae9aedc7f9fb0c38fe78be58ad33d9425",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3b63e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="rights_subjectrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="subjectrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "rights_subjectrequestevent" ("archive_at", "archive_document_id", "archive_taken_at", "assignee_id", "capacity", "channel", "closed_at", "due_date", "extended_to", "id", "identity_at", "identity_by_id", "identity_method", "kind", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "ref", "refusal", "scheme_version", "state", "unit_id", "version") SELECT old_values."archive_at", old_values."archive_document_id", old_values."archive_taken_at", old_values."assignee_id", old_values."capacity", old_values."channel", old_values."closed_at", old_values."due_date", old_values."extended_to", old_values."id", old_values."identity_at", old_values."identity_by_id", old_values."identity_method", old_values."kind", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."received_at", old_values."received_by_id", old_values."ref", old_values."refusal", old_values."scheme_version", old_values."state", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="08fc99f68c38a1d11b293ef3c272ac778794248a",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2792f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="rights_subjectrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="restriction",
                    index=models.Index(fields=["-from_at", "-id"], name="rights_restriction_recent"),
                ),
                migrations.AddConstraint(
                    model_name="restriction",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until_at__isnull", True)), fields=("party",), name="rights_restricted_once"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="restriction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "rights_restrictionevent" ("from_at", "ground", "id", "lifted_by_id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "set_by_id", "until_at") SELECT old_values."from_at", old_values."ground", old_values."id", old_values."lifted_by_id", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."request_id", old_values."set_by_id", old_values."until_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."from_at" IS DISTINCT FROM (new_values."from_at") OR old_values."ground" IS DISTINCT FROM (new_values."ground") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."lifted_by_id" IS DISTINCT FROM (new_values."lifted_by_id") OR old_values."party_id" IS DISTINCT FROM (new_values."party_id") OR old_values."request_id" IS DISTINCT FROM (new_values."request_id") OR old_values."set_by_id" IS DISTINCT FROM (new_values."set_by_id") OR old_values."until_at" IS DISTINCT FROM (new_values."until_at")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="1b3842680fc6d08473bfb37fe3b723691bced241",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b210d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="rights_restriction",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="restriction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "rights_restrictionevent" ("from_at", "ground", "id", "lifted_by_id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "set_by_id", "until_at") SELECT old_values."from_at", old_values."ground", old_values."id", old_values."lifted_by_id", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."request_id", old_values."set_by_id", old_values."until_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="d5e9d4457fd7b921c36218e6fdc9894a242180b8",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_00530",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="rights_restriction",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="certificate",
                    index=models.Index(fields=["-erased_at", "-id"], name="rights_certificate_recent"),
                ),
                migrations.AddConstraint(
                    model_name="certificate",
                    constraint=models.UniqueConstraint(fields=("ref",), name="rights_certificate_ref"),
                ),
                migrations.AddConstraint(
                    model_name="certificate",
                    constraint=models.UniqueConstraint(fields=("party",), name="rights_erased_once"),
                ),
            ]
        ),
        migrations.RunSQL("CREATE SEQUENCE rights_request_number", "DROP SEQUENCE rights_request_number"),
    ]
