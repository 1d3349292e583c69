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
        ("portfolio", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Renewal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("expiry_date", models.DateField()),
                        ("premium_fen", models.BigIntegerField()),
                        ("line", models.CharField(max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("renewed", "Renewed"),
                                    ("lost", "Lost"),
                                    ("excluded", "Excluded"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "intention",
                            models.CharField(
                                choices=[
                                    ("unknown", "Unknown"),
                                    ("renew", "Renew"),
                                    ("not_renew", "Not Renew"),
                                    ("considering", "Considering"),
                                ],
                                default="unknown",
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("next_date", models.DateField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
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
                            "policy",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="portfolio.policy",
                            ),
                        ),
                        (
                            "renewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="portfolio.policy",
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
                    name="RenewalEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("expiry_date", models.DateField()),
                        ("premium_fen", models.BigIntegerField()),
                        ("line", models.CharField(max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("renewed", "Renewed"),
                                    ("lost", "Lost"),
                                    ("excluded", "Excluded"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "intention",
                            models.CharField(
                                choices=[
                                    ("unknown", "Unknown"),
                                    ("renew", "Renew"),
                                    ("not_renew", "Not Renew"),
                                    ("considering", "Considering"),
                                ],
                                default="unknown",
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("next_date", models.DateField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "changed_by",
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
                            "owner",
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
                                to="renewals.renewal",
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
                        (
                            "renewed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["owner", "expiry_date", "id"],
                        name="renewals_owner",
                    ),
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["unit", "expiry_date", "id"],
                        name="renewals_unit",
                    ),
                ),
                migrations.AddIndex(
                    model_name="renewal",
                    index=models.Index(fields=["expiry_date", "id"], name="renewals_expiry"),
                ),
                migrations.AddConstraint(
                    model_name="renewal",
                    constraint=models.UniqueConstraint(fields=("policy", "expiry_date"), name="renewals_once"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="renewal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "renewals_renewalevent" ("changed_at", "changed_by_id", "created_at", "expiry_date", "id", "intention", "line", "next_date", "note", "owner_id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "premium_fen", "reason", "renewed_by_id", "state", "unit_id", "version") SELECT old_values."changed_at", old_values."changed_by_id", old_values."created_at", old_values."expiry_date", old_values."id", old_values."intention", old_values."line", old_values."next_date", old_values."note", old_values."owner_id", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_id", old_values."premium_fen", old_values."reason", old_values."renewed_by_id", old_values."state", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="8c4298024bcd305c6f1db0d5fd955012262830f4",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8d79b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="renewals_renewal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="renewal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "renewals_renewalevent" ("changed_at", "changed_by_id", "created_at", "expiry_date", "id", "intention", "line", "next_date", "note", "owner_id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "premium_fen", "reason", "renewed_by_id", "state", "unit_id", "version") SELECT old_values."changed_at", old_values."changed_by_id", old_values."created_at", old_values."expiry_date", old_values."id", old_values."intention", old_values."line", old_values."next_date", old_values."note", old_values."owner_id", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."premium_fen", old_values."reason", old_values."renewed_by_id", old_values."state", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="ee848b14dd924a694faba1e24fcac5a7bfb37f4d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_21113",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="renewals_renewal",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
