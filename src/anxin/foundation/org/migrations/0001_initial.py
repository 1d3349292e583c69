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
        ("accounts", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Post",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("from_date", models.DateField()),
                        ("until_date", models.DateField(blank=True, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "role",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.roledefinition",
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
                    name="Unit",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(db_collation="C", max_length=40)),
                        ("name", models.CharField(max_length=80)),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("hq", "Headquarters"),
                                    ("province", "Province"),
                                    ("city", "City"),
                                    ("county", "County"),
                                    ("outlet", "Outlet"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("path", models.CharField(db_collation="C", max_length=300)),
                        ("division_code", models.CharField(blank=True, max_length=12)),
                        ("is_active", models.BooleanField(default=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PostEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("from_date", models.DateField()),
                        ("until_date", models.DateField(blank=True, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
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
                                to="org.post",
                            ),
                        ),
                        (
                            "role",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="accounts.roledefinition",
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
                        (
                            "unit",
                            models.ForeignKey(
                                db_constraint=False,
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
                migrations.AddField(
                    model_name="post",
                    name="unit",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="org.unit"
                    ),
                ),
                migrations.CreateModel(
                    name="UnitEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("code", models.CharField(db_collation="C", max_length=40)),
                        ("name", models.CharField(max_length=80)),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("hq", "Headquarters"),
                                    ("province", "Province"),
                                    ("city", "City"),
                                    ("county", "County"),
                                    ("outlet", "Outlet"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("path", models.CharField(db_collation="C", max_length=300)),
                        ("division_code", models.CharField(blank=True, max_length=12)),
                        ("is_active", models.BooleanField(default=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.unit",
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
                                to="org.unit",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="WorkingCalendar",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=80)),
                        ("weekly_hours", models.JSONField()),
                        ("timezone", models.CharField(default="Asia/Shanghai", max_length=40)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calendars",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CalendarDay",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("date", models.DateField()),
                        ("is_working", models.BooleanField()),
                        ("hours", models.JSONField(blank=True, default=list)),
                        ("name", models.CharField(blank=True, max_length=60)),
                        ("is_published", models.BooleanField(default=False)),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="org.workingcalendar",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="unit",
                    constraint=models.UniqueConstraint(fields=("code",), name="org_unit_code"),
                ),
                migrations.AddConstraint(
                    model_name="unit",
                    constraint=models.UniqueConstraint(fields=("path",), name="org_unit_path"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "org_unitevent" ("batch_id", "code", "division_code", "id", "is_active", "level", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."batch_id", old_values."code", old_values."division_code", old_values."id", old_values."is_active", old_values."level", old_values."name", old_values."parent_id", old_values."path", _pgh_attached_context.value, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="836bfc554f4dc06b4a785cc3293201c9cef21222",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f1e85",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="org_unit",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "org_unitevent" ("batch_id", "code", "division_code", "id", "is_active", "level", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."batch_id", old_values."code", old_values."division_code", old_values."id", old_values."is_active", old_values."level", old_values."name", old_values."parent_id", old_values."path", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="1b41557f468d4659846714d736824be4b937d502",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e79c1",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="org_unit",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="post",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until_date__isnull", True)),
                        fields=("user", "unit", "role"),
                        name="org_post_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="post",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                        ),
                        name="org_post_period",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="post",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "org_postevent" ("batch_id", "from_date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "unit_id", "until_date", "user_id") SELECT old_values."batch_id", old_values."from_date", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."role_id", old_values."unit_id", old_values."until_date", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="480172641069e7fba8df7d4583eaf9eb8b2a0351",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4b277",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="org_post",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="post",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "org_postevent" ("batch_id", "from_date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "unit_id", "until_date", "user_id") SELECT old_values."batch_id", old_values."from_date", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role_id", old_values."unit_id", old_values."until_date", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="6486929e50abdacf5e3fd3a6e347b03ad4b22784",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a6492",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="org_post",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="post",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "org_postevent" ("batch_id", "from_date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "unit_id", "until_date", "user_id") SELECT new_values."batch_id", new_values."from_date", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role_id", new_values."unit_id", new_values."until_date", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ac66fac2f0a4a4e4961d0075b5c693e8b360371a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_0546b",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="org_post",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="workingcalendar",
                    constraint=models.UniqueConstraint(fields=("code",), name="org_calendar_code"),
                ),
                migrations.AddConstraint(
                    model_name="calendarday",
                    constraint=models.UniqueConstraint(fields=("calendar", "date"), name="org_calendar_day"),
                ),
            ]
        ),
    ]
