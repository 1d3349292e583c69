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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("category", models.CharField(blank=True, max_length=20)),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("new", "New"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                                default="new",
                                max_length=10,
                            ),
                        ),
                        ("edition", models.PositiveIntegerField(default=0)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("helpful", models.PositiveIntegerField(default=0)),
                        ("unhelpful", models.PositiveIntegerField(default=0)),
                        ("opened", models.PositiveIntegerField(default=0)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("index_number", models.BigIntegerField(default=0)),
                        ("source", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("source_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
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
                    name="ArticleEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("kind", models.CharField(max_length=12)),
                        ("category", models.CharField(blank=True, max_length=20)),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("new", "New"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                                default="new",
                                max_length=10,
                            ),
                        ),
                        ("edition", models.PositiveIntegerField(default=0)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("source", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("source_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
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
                                to="knowledge.article",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("document_id", models.UUIDField()),
                        ("name", models.CharField(max_length=255)),
                        ("size", models.BigIntegerField()),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attachments",
                                to="knowledge.article",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("kind", models.CharField(max_length=12)),
                        ("category", models.CharField(blank=True, max_length=20)),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In Review"),
                                    ("published", "Published"),
                                    ("superseded", "Superseded"),
                                    ("rejected", "Rejected"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("request_id", models.UUIDField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="editions",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
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
                migrations.CreateModel(
                    name="EditionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("kind", models.CharField(max_length=12)),
                        ("category", models.CharField(blank=True, max_length=20)),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In Review"),
                                    ("published", "Published"),
                                    ("superseded", "Superseded"),
                                    ("rejected", "Rejected"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("request_id", models.UUIDField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "article",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "author",
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
                            "decided_by",
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
                                to="knowledge.edition",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Feedback",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("is_helpful", models.BooleanField()),
                        ("comment", models.CharField(blank=True, max_length=300)),
                        ("edition", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="feedback",
                                to="knowledge.article",
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
                    name="IndexStamp",
                    fields=[
                        ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("number", models.BigIntegerField(default=0)),
                        ("whole", models.BigIntegerField(default=0)),
                        ("mark", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="knowledge_one_stamp")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Search",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("question", models.CharField(max_length=120)),
                        ("place", models.CharField(max_length=8)),
                        ("found", models.PositiveSmallIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "opened",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.AddIndex(
                    model_name="article",
                    index=models.Index(fields=["index_number"], name="knowledge_article_changed"),
                ),
                migrations.AddIndex(
                    model_name="article",
                    index=models.Index(fields=["-published_at", "id"], name="knowledge_article_recent"),
                ),
                migrations.AddConstraint(
                    model_name="article",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source_key", "source"),
                        name="knowledge_article_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="article",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_from", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="knowledge_validity",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="article",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_articleevent" ("batch_id", "body", "category", "created_at", "created_by_id", "digest", "edition", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "source", "source_key", "state", "title", "valid_from", "valid_until", "version") SELECT old_values."batch_id", old_values."body", old_values."category", old_values."created_at", old_values."created_by_id", old_values."digest", old_values."edition", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."published_at", old_values."source", old_values."source_key", old_values."state", old_values."title", old_values."valid_from", old_values."valid_until", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."batch_id" IS DISTINCT FROM (new_values."batch_id") OR old_values."body" IS DISTINCT FROM (new_values."body") OR old_values."category" IS DISTINCT FROM (new_values."category") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."digest" IS DISTINCT FROM (new_values."digest") OR old_values."edition" IS DISTINCT FROM (new_values."edition") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."published_at" IS DISTINCT FROM (new_values."published_at") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."source_key" IS DISTINCT FROM (new_values."source_key") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."title" IS DISTINCT FROM (new_values."title") OR old_values."valid_from" IS DISTINCT FROM (new_values."valid_from") OR old_values."valid_until" IS DISTINCT FROM (new_values."valid_until") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="8105f7fcc84b56f914899296b27854362bdba29c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_020d0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="knowledge_article",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="article",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_articleevent" ("batch_id", "body", "category", "created_at", "created_by_id", "digest", "edition", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "source", "source_key", "state", "title", "valid_from", "valid_until", "version") SELECT old_values."batch_id", old_values."body", old_values."category", old_values."created_at", old_values."created_by_id", old_values."digest", old_values."edition", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."source", old_values."source_key", old_values."state", old_values."title", old_values."valid_from", old_values."valid_until", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="18ca44cdba8961939b7c4a887ae8e18174675977",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_67746",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="knowledge_article",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="edition",
                    constraint=models.UniqueConstraint(fields=("article", "number"), name="knowledge_edition_number"),
                ),
                migrations.AddConstraint(
                    model_name="edition",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review"])),
                        fields=("article",),
                        name="knowledge_edition_open",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="edition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_editionevent" ("article_id", "author_id", "body", "category", "created_at", "decided_at", "decided_by_id", "id", "kind", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "state", "title", "valid_from", "valid_until", "version") SELECT old_values."article_id", old_values."author_id", old_values."body", old_values."category", old_values."created_at", old_values."decided_at", old_values."decided_by_id", old_values."id", old_values."kind", old_values."note", old_values."number", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."request_id", old_values."state", old_values."title", old_values."valid_from", old_values."valid_until", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="6d8adbc0ac4ada236342784f7d5a8454c9a96435",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_05282",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="knowledge_edition",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="edition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_editionevent" ("article_id", "author_id", "body", "category", "created_at", "decided_at", "decided_by_id", "id", "kind", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id", "state", "title", "valid_from", "valid_until", "version") SELECT old_values."article_id", old_values."author_id", old_values."body", old_values."category", old_values."created_at", old_values."decided_at", old_values."decided_by_id", old_values."id", old_values."kind", old_values."note", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."request_id", old_values."state", old_values."title", old_values."valid_from", old_values."valid_until", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="deec422cb12dc8bd339e74b1219236f90bff65a0",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e9ab4",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="knowledge_edition",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="feedback",
                    constraint=models.UniqueConstraint(fields=("article", "user"), name="knowledge_feedback_once"),
                ),
                migrations.AddIndex(
                    model_name="search",
                    index=models.Index(fields=["at"], name="knowledge_search_at"),
                ),
            ]
        ),
    ]
