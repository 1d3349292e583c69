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
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Household",
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
                                choices=[("active", "Active"), ("dissolved", "Dissolved")],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("source", models.CharField(max_length=20)),
                        ("created_at", models.DateTimeField()),
                        ("dissolved_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "created_by",
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
                    name="HouseholdEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[("active", "Active"), ("dissolved", "Dissolved")],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("source", models.CharField(max_length=20)),
                        ("created_at", models.DateTimeField()),
                        ("dissolved_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "created_by",
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
                                to="households.household",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("role", models.CharField(max_length=10)),
                        ("from_date", models.DateField()),
                        ("until_date", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(max_length=20)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("created_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="households.household",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.party"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="MembershipEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("role", models.CharField(max_length=10)),
                        ("from_date", models.DateField()),
                        ("until_date", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(max_length=20)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("created_at", models.DateTimeField()),
                        (
                            "added_by",
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
                            "household",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="households.household",
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
                                to="households.membership",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Proposal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("key", models.CharField(db_collation="C", max_length=32)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("accepted", "Accepted"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("score", models.PositiveIntegerField()),
                        ("evidence", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
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
                            "household",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proposals",
                                to="households.household",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProposalMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("role", models.CharField(max_length=10)),
                        ("is_in_household", models.BooleanField(default=False)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="households.proposal",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Refusal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("refused_at", models.DateTimeField()),
                        (
                            "left",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "refused_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "right",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Total",
                    fields=[
                        (
                            "household",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                primary_key=True,
                                related_name="total",
                                serialize=False,
                                to="households.household",
                            ),
                        ),
                        ("members", models.PositiveIntegerField(default=0)),
                        ("annual_premium_fen", models.BigIntegerField(default=0)),
                        ("cover_fen", models.BigIntegerField(default=0)),
                        ("claims_paid_fen", models.BigIntegerField(default=0)),
                        ("active_policies", models.PositiveIntegerField(default=0)),
                        ("open_claims", models.PositiveIntegerField(default=0)),
                        ("uncovered", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["annual_premium_fen", "household"], name="households_by_premium")
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="household",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_householdevent" ("created_at", "created_by_id", "dissolved_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "state", "version") SELECT old_values."created_at", old_values."created_by_id", old_values."dissolved_at", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."source", old_values."state", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="791d97698fb289cd33517c06d24d3454118433b5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d279e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="households_household",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="household",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_householdevent" ("created_at", "created_by_id", "dissolved_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "state", "version") SELECT old_values."created_at", old_values."created_by_id", old_values."dissolved_at", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."source", old_values."state", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="7ffb3bc7396fe65cf57b831e8e642310f94f02e2",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4f9c4",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="households_household",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until_date__isnull", True)),
                        fields=("party",),
                        name="households_one_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("role", "head"), ("until_date__isnull", True)),
                        fields=("household",),
                        name="households_one_head",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_membershipevent" ("added_by_id", "created_at", "from_date", "household_id", "id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source", "until_date") SELECT old_values."added_by_id", old_values."created_at", old_values."from_date", old_values."household_id", old_values."id", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."reason", old_values."role", old_values."source", old_values."until_date" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="372fcc0d205c7105868e70e4ef6329aef9e4d18c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e8420",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="households_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_membershipevent" ("added_by_id", "created_at", "from_date", "household_id", "id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source", "until_date") SELECT old_values."added_by_id", old_values."created_at", old_values."from_date", old_values."household_id", old_values."id", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."role", old_values."source", old_values."until_date" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="031c788c0bc7178c3a3ff2b8281dbbf3f06d7f6a",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1d877",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="households_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="proposal",
                    index=models.Index(
                        condition=models.Q(("state", "open")), fields=["-score", "id"], name="households_proposal_queue"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="proposal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("key",), name="households_proposal_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="proposalmember",
                    constraint=models.UniqueConstraint(
                        fields=("proposal", "position"), name="households_proposal_place"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="refusal",
                    constraint=models.UniqueConstraint(fields=("left", "right"), name="households_refusal_once"),
                ),
                migrations.AddConstraint(
                    model_name="refusal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("left__lt", models.F("right"))), name="households_refusal_order"
                    ),
                ),
            ]
        ),
    ]
