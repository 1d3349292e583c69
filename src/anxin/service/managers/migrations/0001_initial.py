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
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("org", "0001_initial"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Waiting",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("since", models.DateTimeField()),
                        (
                            "cause",
                            models.CharField(
                                choices=[("new", "New"), ("recycled", "Recycled"), ("released", "Released")],
                                max_length=8,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, db_collation="C", max_length=12)),
                    ],
                ),
                migrations.CreateModel(
                    name="Absence",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("cause", models.CharField(max_length=10)),
                        ("first", models.DateField()),
                        ("last", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("coming", "Coming"),
                                    ("running", "Running"),
                                    ("over", "Over"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="coming",
                                max_length=9,
                            ),
                        ),
                        ("run_id", models.UUIDField(null=True)),
                        ("made_at", models.DateTimeField()),
                        (
                            "deputy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Assistant",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("line", models.CharField(max_length=20)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("from_at", models.DateTimeField()),
                        ("until_at", models.DateTimeField(null=True)),
                        (
                            "given_by",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Ceiling",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("customers", models.PositiveIntegerField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("set_at", models.DateTimeField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CeilingEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("customers", models.PositiveIntegerField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("set_at", models.DateTimeField()),
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
                                to="managers.ceiling",
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
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                        ("reason", models.CharField(db_collation="C", max_length=12)),
                        ("rule", models.PositiveSmallIntegerField(default=0)),
                        ("load", models.IntegerField(default=0)),
                        ("level", models.PositiveSmallIntegerField(default=0)),
                        ("place", models.CharField(blank=True, db_collation="C", max_length=300)),
                        ("weight", models.IntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("applied", "Applied"),
                                    ("skipped", "Skipped"),
                                    ("undone", "Undone"),
                                ],
                                default="planned",
                                max_length=8,
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "before",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
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
                    name="Given",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("item", models.CharField(db_collation="C", max_length=20)),
                        ("given_on", models.DateField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("cost_fen", models.BigIntegerField(default=0)),
                        ("minutes", models.PositiveIntegerField(default=0)),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "given_by",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="GivenEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("item", models.CharField(db_collation="C", max_length=20)),
                        ("given_on", models.DateField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("cost_fen", models.BigIntegerField(default=0)),
                        ("minutes", models.PositiveIntegerField(default=0)),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "given_by",
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
                                to="managers.given",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("allocate", "Allocate"),
                                    ("hand_over", "Hand Over"),
                                    ("leave", "Leave"),
                                    ("absence", "Absence"),
                                    ("recycle", "Recycle"),
                                    ("claim", "Claim"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planning", "Planning"),
                                    ("planned", "Planned"),
                                    ("applying", "Applying"),
                                    ("done", "Done"),
                                    ("undoing", "Undoing"),
                                    ("undone", "Undone"),
                                    ("dropped", "Dropped"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("is_automatic", models.BooleanField(default=False)),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("arguments", models.JSONField(default=dict)),
                        ("summary", models.JSONField(default=dict)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("tells", models.BooleanField(default=False)),
                        ("asked_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                        ("job_id", models.UUIDField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            "manager",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "undone_by",
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
                    model_name="run",
                    name="unit",
                    field=models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                migrations.AddField(
                    model_name="decision",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="managers.run",
                    ),
                ),
                migrations.AddField(
                    model_name="waiting",
                    name="last_manager",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="waiting",
                    name="party",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="absence",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="managers_absence_period"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="absence",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("user", models.F("deputy")), _negated=True), name="managers_absence_deputy"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="absence",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["coming", "running"])),
                        fields=("user",),
                        name="managers_absence_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="assistant",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until_at__isnull", True)),
                        fields=("party", "line"),
                        name="managers_one_assistant",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ceiling",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "managers_ceilingevent" ("customers", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "user_id") SELECT old_values."customers", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."set_at", old_values."set_by_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="4b00a2ad547b169c42642317a601e4a70cdadc37",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ede7a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="managers_ceiling",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ceiling",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "managers_ceilingevent" ("customers", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "user_id") SELECT old_values."customers", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."set_at", old_values."set_by_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="f7e06d67e1e67b2df3c2be742312575b7779b370",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7246e",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="managers_ceiling",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="given",
                    index=models.Index(fields=["party", "-given_on"], name="managers_given_party"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="given",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "managers_givenevent" ("cost_fen", "created_at", "given_by_id", "given_on", "id", "item", "minutes", "note", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_version") SELECT old_values."cost_fen", old_values."created_at", old_values."given_by_id", old_values."given_on", old_values."id", old_values."item", old_values."minutes", old_values."note", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."scheme_version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="335c9bbb570ac2d79f4aa7f3f8e40338de14c510",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d7cb1",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="managers_given",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="given",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "managers_givenevent" ("cost_fen", "created_at", "given_by_id", "given_on", "id", "item", "minutes", "note", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_version") SELECT old_values."cost_fen", old_values."created_at", old_values."given_by_id", old_values."given_on", old_values."id", old_values."item", old_values."minutes", old_values."note", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."scheme_version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="f7204899fa95fd3c7fd496eeae23be968a22c169",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5cfe7",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="managers_given",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="run",
                    index=models.Index(fields=["-asked_at", "id"], name="managers_run_latest"),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["run", "state", "id"], name="managers_decision_state"),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["run", "after", "id"], name="managers_decision_after"),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.UniqueConstraint(fields=("run", "party"), name="managers_decision_once"),
                ),
                migrations.AddIndex(
                    model_name="waiting",
                    index=models.Index(fields=["since", "id"], name="managers_waiting_since"),
                ),
            ]
        ),
    ]
