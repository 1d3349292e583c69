import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("sequence", models.PositiveBigIntegerField()),
                        ("first_entry", models.BigIntegerField()),
                        ("last_entry", models.BigIntegerField()),
                        ("entry_count", models.PositiveIntegerField()),
                        ("gaps", models.JSONField(default=list)),
                        ("late", models.JSONField(default=list)),
                        ("digest", models.BinaryField(max_length=32)),
                        ("sealed_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("actor_id", models.UUIDField(null=True)),
                        ("actor_name", models.CharField(max_length=150)),
                        ("action", models.CharField(max_length=60)),
                        ("object_kind", models.CharField(blank=True, max_length=40)),
                        ("object_id", models.CharField(blank=True, max_length=64)),
                        ("object_ref", models.CharField(blank=True, max_length=80)),
                        ("reason", models.TextField(blank=True)),
                        ("detail", models.JSONField(default=dict)),
                        ("channel", models.CharField(max_length=10)),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("request_ref", models.CharField(blank=True, max_length=36)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["object_kind", "object_id", "-id"], name="audit_entry_object"),
                            models.Index(fields=["actor_id", "-id"], name="audit_entry_actor"),
                            models.Index(fields=["action", "-id"], name="audit_entry_action"),
                            models.Index(fields=["at"], name="audit_entry_at"),
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="entry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1b389f8260e22d0fbf38b4ff1e20214212b176ee",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a6b88",
                            table="audit_entry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="entry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'The audit trail is append-only: TRUNCATE is refused.';",
                            hash="cbb248c2d94bd392e20c65e5b0b09444d744174a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_32091",
                            table="audit_entry",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seal",
                    constraint=models.UniqueConstraint(fields=("sequence",), name="audit_seal_sequence"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="seal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="425da599b8e4cf7384a383a64e17697a9d08a345",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4de12",
                            table="audit_seal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="seal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'The audit trail is append-only: TRUNCATE is refused.';",
                            hash="0ab50e86a24db5137046e0431c9aab7beb7e6562",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_2e740",
                            table="audit_seal",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
