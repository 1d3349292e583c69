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
                    name="Profile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("risk", models.CharField(max_length=8)),
                        ("risk_reason", models.TextField(blank=True)),
                        ("is_pep", models.BooleanField(default=False)),
                        ("pep_note", models.CharField(blank=True, max_length=300)),
                        ("source_of_funds", models.CharField(blank=True, max_length=200)),
                        ("use_of_funds", models.CharField(blank=True, max_length=200)),
                        ("verification", models.CharField(default="none", max_length=8)),
                        ("verification_method", models.CharField(blank=True, max_length=60)),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("business_scope", models.CharField(blank=True, max_length=500)),
                        ("licence_no", models.CharField(blank=True, max_length=40)),
                        ("licence_until", models.DateField(blank=True, null=True)),
                        ("next_review_date", models.DateField()),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("reviewed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "party",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "reviewed_by",
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
                    name="ProfileEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("risk", models.CharField(max_length=8)),
                        ("risk_reason", models.TextField(blank=True)),
                        ("is_pep", models.BooleanField(default=False)),
                        ("pep_note", models.CharField(blank=True, max_length=300)),
                        ("source_of_funds", models.CharField(blank=True, max_length=200)),
                        ("use_of_funds", models.CharField(blank=True, max_length=200)),
                        ("verification", models.CharField(default="none", max_length=8)),
                        ("verification_method", models.CharField(blank=True, max_length=60)),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("business_scope", models.CharField(blank=True, max_length=500)),
                        ("licence_no", models.CharField(blank=True, max_length=40)),
                        ("licence_until", models.DateField(blank=True, null=True)),
                        ("next_review_date", models.DateField()),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("reviewed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
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
                                to="diligence.profile",
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
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
                    name="RelatedPerson",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("role", models.CharField(max_length=24)),
                        ("name", models.CharField(max_length=120)),
                        ("document_kind", models.CharField(max_length=20)),
                        ("number_sealed", models.BinaryField()),
                        ("number_blind", models.BinaryField(max_length=16)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("share_bp", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="people",
                                to="diligence.profile",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RelatedPersonEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("role", models.CharField(max_length=24)),
                        ("name", models.CharField(max_length=120)),
                        ("document_kind", models.CharField(max_length=20)),
                        ("number_sealed", models.BinaryField()),
                        ("number_blind", models.BinaryField(max_length=16)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("share_bp", models.PositiveIntegerField(blank=True, null=True)),
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
                                to="diligence.relatedperson",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="diligence.profile",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="profile",
                    index=models.Index(fields=["next_review_date", "id"], name="diligence_due"),
                ),
                migrations.AddConstraint(
                    model_name="profile",
                    constraint=models.UniqueConstraint(fields=("party",), name="diligence_profile_once"),
                ),
                migrations.AddConstraint(
                    model_name="profile",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("risk__in", ["high", "medium", "low"])), name="diligence_risk_is_known"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="profile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "diligence_profileevent" ("business_scope", "id", "is_pep", "licence_no", "licence_until", "next_review_date", "party_id", "pep_note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_at", "reviewed_by_id", "risk", "risk_reason", "scheme_version", "source_of_funds", "use_of_funds", "verification", "verification_method", "verified_at", "version") SELECT old_values."business_scope", old_values."id", old_values."is_pep", old_values."licence_no", old_values."licence_until", old_values."next_review_date", old_values."party_id", old_values."pep_note", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."reviewed_at", old_values."reviewed_by_id", old_values."risk", old_values."risk_reason", old_values."scheme_version", old_values."source_of_funds", old_values."use_of_funds", old_values."verification", old_values."verification_method", old_values."verified_at", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="a6daf84bb0c6a3aa19f37687f192d795915f9bb8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_57259",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="diligence_profile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="profile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "diligence_profileevent" ("business_scope", "id", "is_pep", "licence_no", "licence_until", "next_review_date", "party_id", "pep_note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_at", "reviewed_by_id", "risk", "risk_reason", "scheme_version", "source_of_funds", "use_of_funds", "verification", "verification_method", "verified_at", "version") SELECT old_values."business_scope", old_values."id", old_values."is_pep", old_values."licence_no", old_values."licence_until", old_values."next_review_date", old_values."party_id", old_values."pep_note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reviewed_at", old_values."reviewed_by_id", old_values."risk", old_values."risk_reason", old_values."scheme_version", old_values."source_of_funds", old_values."use_of_funds", old_values."verification", old_values."verification_method", old_values."verified_at", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="da73afe3f0bbf71e5b70f5076f5c33d1f8a53146",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5b964",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="diligence_profile",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="relatedperson",
                    constraint=models.UniqueConstraint(
                        fields=("profile", "role", "number_blind"), name="diligence_person_once"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="relatedperson",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "diligence_relatedpersonevent" ("document_kind", "id", "name", "number_blind", "number_sealed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile_id", "role", "share_bp", "valid_until") SELECT old_values."document_kind", old_values."id", old_values."name", old_values."number_blind", old_values."number_sealed", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."profile_id", old_values."role", old_values."share_bp", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="573a036eb59be7fc494e0372e7a5bd33e6b43f71",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7db68",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="diligence_relatedperson",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="relatedperson",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "diligence_relatedpersonevent" ("document_kind", "id", "name", "number_blind", "number_sealed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile_id", "role", "share_bp", "valid_until") SELECT old_values."document_kind", old_values."id", old_values."name", old_values."number_blind", old_values."number_sealed", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."profile_id", old_values."role", old_values."share_bp", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="a5704b25481ccdcd311ab81ec1c641d04d7258af",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1be6f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="diligence_relatedperson",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
