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
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="AccessToken",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("digest", models.BinaryField(max_length=32)),
                        ("permissions", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="CacheEntry",
                    fields=[
                        ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                        ("value", models.TextField()),
                        ("expires", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "db_table": "anxin_cache",
                    },
                ),
                migrations.CreateModel(
                    name="CallCount",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("subject", models.UUIDField()),
                        ("minute", models.IntegerField()),
                        ("calls", models.IntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("permission", models.CharField(max_length=80)),
                        ("scope", models.CharField(max_length=10)),
                    ],
                ),
                migrations.CreateModel(
                    name="GrantEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("permission", models.CharField(max_length=80)),
                        ("scope", models.CharField(max_length=10)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="IdempotentCall",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("key", models.CharField(db_collation="C", max_length=80)),
                        ("fingerprint", models.BinaryField(max_length=32)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("body_sealed", models.BinaryField(null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="RoleDefinition",
                    fields=[
                        ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("name_zh", models.CharField(max_length=60)),
                        ("name_en", models.CharField(max_length=60)),
                        ("is_shipped", models.BooleanField(default=False)),
                        ("known_permissions", models.JSONField(default=list)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                ),
                migrations.CreateModel(
                    name="RoleDefinitionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("code", models.CharField(max_length=40, serialize=False)),
                        ("name_zh", models.CharField(max_length=60)),
                        ("name_en", models.CharField(max_length=60)),
                        ("is_shipped", models.BooleanField(default=False)),
                        ("known_permissions", models.JSONField(default=list)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="UserEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("username", models.CharField(db_collation="C", max_length=150)),
                        ("display_name", models.CharField(max_length=80)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("staff_no", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("mobile", models.CharField(blank=True, max_length=20)),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_demo", models.BooleanField(default=False)),
                        ("language", models.CharField(blank=True, max_length=10)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("auto", "Auto"), ("light", "Light"), ("dark", "Dark")],
                                default="auto",
                                max_length=10,
                            ),
                        ),
                        (
                            "density",
                            models.CharField(
                                choices=[("compact", "Compact"), ("normal", "Normal"), ("relaxed", "Relaxed")],
                                default="normal",
                                max_length=10,
                            ),
                        ),
                        ("has_shortcuts", models.BooleanField(default=True)),
                        ("date_joined", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("username", models.CharField(db_collation="C", max_length=150)),
                        ("display_name", models.CharField(max_length=80)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("staff_no", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("mobile", models.CharField(blank=True, max_length=20)),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_demo", models.BooleanField(default=False)),
                        ("language", models.CharField(blank=True, max_length=10)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("auto", "Auto"), ("light", "Light"), ("dark", "Dark")],
                                default="auto",
                                max_length=10,
                            ),
                        ),
                        (
                            "density",
                            models.CharField(
                                choices=[("compact", "Compact"), ("normal", "Normal"), ("relaxed", "Relaxed")],
                                default="normal",
                                max_length=10,
                            ),
                        ),
                        ("has_shortcuts", models.BooleanField(default=True)),
                        ("date_joined", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("username",), name="accounts_username"),
                            models.UniqueConstraint(
                                condition=models.Q(("staff_no", ""), _negated=True),
                                fields=("staff_no",),
                                name="accounts_staff_no",
                            ),
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_userevent" ("date_joined", "density", "display_name", "email", "has_shortcuts", "id", "is_active", "is_demo", "language", "mobile", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_no", "theme", "username") SELECT old_values."date_joined", old_values."density", old_values."display_name", old_values."email", old_values."has_shortcuts", old_values."id", old_values."is_active", old_values."is_demo", old_values."language", old_values."mobile", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."staff_no", old_values."theme", old_values."username" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."date_joined" IS DISTINCT FROM (new_values."date_joined") OR old_values."density" IS DISTINCT FROM (new_values."density") OR old_values."display_name" IS DISTINCT FROM (new_values."display_name") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."has_shortcuts" IS DISTINCT FROM (new_values."has_shortcuts") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."language" IS DISTINCT FROM (new_values."language") OR old_values."mobile" IS DISTINCT FROM (new_values."mobile") OR old_values."staff_no" IS DISTINCT FROM (new_values."staff_no") OR old_values."theme" IS DISTINCT FROM (new_values."theme") OR old_values."username" IS DISTINCT FROM (new_values."username")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="3fdb24407a6de23bbda599ed21008cc698185653",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0e890",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="accounts_user",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_userevent" ("date_joined", "density", "display_name", "email", "has_shortcuts", "id", "is_active", "is_demo", "language", "mobile", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_no", "theme", "username") SELECT old_values."date_joined", old_values."density", old_values."display_name", old_values."email", old_values."has_shortcuts", old_values."id", old_values."is_active", old_values."is_demo", old_values."language", old_values."mobile", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."staff_no", old_values."theme", old_values."username" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="53372c9bc71485043de6d45f331640b745a50f69",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_19f14",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="accounts_user",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="accesstoken",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="callcount",
                    constraint=models.UniqueConstraint(fields=("subject", "minute"), name="accounts_calls_of_minute"),
                ),
                migrations.AddField(
                    model_name="grantevent",
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
                    model_name="grantevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts.grant",
                    ),
                ),
                migrations.AddField(
                    model_name="idempotentcall",
                    name="user",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="grantevent",
                    name="role",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.roledefinition",
                    ),
                ),
                migrations.AddField(
                    model_name="grant",
                    name="role",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="accounts.roledefinition"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="roledefinition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_roledefinitionevent" ("code", "is_shipped", "known_permissions", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") SELECT old_values."code", old_values."is_shipped", old_values."known_permissions", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', old_values."code", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."code") = (new_values."code") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="52425f67dbd3b80bd3b8e8c0197b60102abc3a5f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6a842",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="accounts_roledefinition",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="roledefinition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_roledefinitionevent" ("code", "is_shipped", "known_permissions", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") SELECT old_values."code", old_values."is_shipped", old_values."known_permissions", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."code", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="e60dd26966d134992f25b1febc9b2de15ef1675d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_38dd0",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="accounts_roledefinition",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="roledefinitionevent",
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
                    model_name="roledefinitionevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts.roledefinition",
                    ),
                ),
                migrations.AddField(
                    model_name="userevent",
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
                    model_name="userevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accesstoken",
                    constraint=models.UniqueConstraint(fields=("digest",), name="accounts_token_digest"),
                ),
                migrations.AddIndex(
                    model_name="idempotentcall",
                    index=models.Index(fields=["created_at"], name="accounts_idempotency_age"),
                ),
                migrations.AddConstraint(
                    model_name="idempotentcall",
                    constraint=models.UniqueConstraint(fields=("user", "key"), name="accounts_idempotency_key"),
                ),
                migrations.AddConstraint(
                    model_name="grant",
                    constraint=models.UniqueConstraint(fields=("role", "permission"), name="accounts_grant_once"),
                ),
                migrations.AddConstraint(
                    model_name="grant",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("scope__in", ["own", "team", "unit", "all"])), name="accounts_grant_scope"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grant",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_grantevent" ("id", "permission", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "scope") SELECT old_values."id", old_values."permission", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."role_id", old_values."scope" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="791be6af5e8589f6730dedea9dbecde1c763fc77",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c6802",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="accounts_grant",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grant",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_grantevent" ("id", "permission", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "scope") SELECT old_values."id", old_values."permission", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role_id", old_values."scope" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="bf5130768f7f280b4040f0af51baaecadc766d58",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_505e5",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="accounts_grant",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grant",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_grantevent" ("id", "permission", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "scope") SELECT new_values."id", new_values."permission", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role_id", new_values."scope" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="dd5b0068ffe5be3a53c7fcf90889d57076ebc386",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a8d42",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="accounts_grant",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        # Counts of the last minutes: nothing to be logged.
        migrations.RunSQL("ALTER TABLE accounts_callcount SET UNLOGGED", migrations.RunSQL.noop),
    ]
