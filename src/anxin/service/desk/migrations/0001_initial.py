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
        ("customers", "0001_initial"),
        ("org", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Call",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("system", models.CharField(db_collation="C", max_length=20)),
                        ("external_id", models.CharField(db_collation="C", max_length=80)),
                        ("direction", models.CharField(default="inbound", max_length=8)),
                        ("number_sealed", models.BinaryField(null=True)),
                        ("menu", models.JSONField(default=list)),
                        ("wanted_human", models.BooleanField(default=True)),
                        ("state", models.CharField(max_length=10)),
                        ("rang_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("hold_seconds", models.PositiveIntegerField(default=0)),
                        ("recording", models.CharField(blank=True, max_length=200)),
                        ("wrap_code", models.CharField(blank=True, max_length=20)),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("wrapped_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                ),
                migrations.CreateModel(
                    name="CallEvent",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("system", models.CharField(db_collation="C", max_length=20)),
                        ("event_id", models.CharField(db_collation="C", max_length=80)),
                        ("kind", models.CharField(max_length=10)),
                        ("at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="CounterDay",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("series", models.CharField(max_length=2)),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="CounterOutlet",
                    fields=[
                        (
                            "unit",
                            models.OneToOneField(
                                db_column="unit_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="org.unit",
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[("auto", "Auto"), ("small", "Small"), ("full", "Full")],
                                default="auto",
                                max_length=5,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "user",
                            models.OneToOneField(
                                db_column="user_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("queues", models.JSONField(default=list)),
                        ("skills", models.JSONField(default=list)),
                        ("languages", models.JSONField(default=list)),
                        ("most_open", models.PositiveSmallIntegerField(default=30)),
                        ("is_available", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Seat",
                    fields=[
                        (
                            "user",
                            models.OneToOneField(
                                db_column="user_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("extension", models.CharField(db_collation="C", max_length=20, unique=True)),
                        ("state", models.CharField(default="offline", max_length=10)),
                        ("since", models.DateTimeField()),
                        ("pushed", models.BigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Series",
                    fields=[
                        ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.AddField(
                    model_name="call",
                    name="agent",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="call",
                    name="party",
                    field=models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="customers.party"
                    ),
                ),
                migrations.AddField(
                    model_name="callevent",
                    name="call",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="desk.call"
                    ),
                ),
                migrations.AddField(
                    model_name="counterday",
                    name="unit",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                migrations.CreateModel(
                    name="CounterTicket",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("series", models.CharField(max_length=2)),
                        ("number", models.PositiveIntegerField()),
                        ("business", models.CharField(max_length=20)),
                        ("is_internal", models.BooleanField(default=False)),
                        ("is_first", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("called", "Called"),
                                    ("serving", "Serving"),
                                    ("done", "Done"),
                                    ("missed", "Missed"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("window", models.CharField(blank=True, max_length=8)),
                        ("taken_at", models.DateTimeField()),
                        ("called_at", models.DateTimeField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("step", models.PositiveSmallIntegerField(default=1)),
                        ("rating", models.PositiveSmallIntegerField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "party",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "teller",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CounterWindow",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("code", models.CharField(max_length=8)),
                        ("side", models.CharField(default="all", max_length=10)),
                        ("is_open", models.BooleanField(default=True)),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DutyRecord",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("duty", models.PositiveSmallIntegerField()),
                        ("at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Macro",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("name_en", models.CharField(blank=True, max_length=60)),
                        (
                            "reach",
                            models.CharField(
                                choices=[("shared", "Shared"), ("team", "Team"), ("own", "Own")], max_length=6
                            ),
                        ),
                        ("type", models.CharField(blank=True, max_length=40)),
                        ("priority", models.PositiveSmallIntegerField(null=True)),
                        ("queue", models.CharField(blank=True, max_length=20)),
                        ("action", models.CharField(blank=True, max_length=20)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("tag", models.CharField(blank=True, max_length=20)),
                        ("note", models.CharField(blank=True, max_length=1000)),
                        ("reply", models.CharField(blank=True, max_length=2000)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "changed_by",
                            models.ForeignKey(
                                db_index=False,
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="org.unit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="MacroEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("name", models.CharField(max_length=40)),
                        ("name_en", models.CharField(blank=True, max_length=60)),
                        (
                            "reach",
                            models.CharField(
                                choices=[("shared", "Shared"), ("team", "Team"), ("own", "Own")], max_length=6
                            ),
                        ),
                        ("type", models.CharField(blank=True, max_length=40)),
                        ("priority", models.PositiveSmallIntegerField(null=True)),
                        ("queue", models.CharField(blank=True, max_length=20)),
                        ("action", models.CharField(blank=True, max_length=20)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("tag", models.CharField(blank=True, max_length=20)),
                        ("note", models.CharField(blank=True, max_length=1000)),
                        ("reply", models.CharField(blank=True, max_length=2000)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField()),
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
                                to="desk.macro",
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
                migrations.CreateModel(
                    name="Ticket",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.CharField(db_collation="C", max_length=20)),
                        ("kind", models.CharField(max_length=16)),
                        ("type", models.CharField(max_length=40)),
                        ("queue", models.CharField(max_length=20)),
                        ("skill", models.CharField(blank=True, max_length=20)),
                        ("channel", models.CharField(max_length=16)),
                        ("language", models.CharField(blank=True, max_length=10)),
                        ("tier", models.CharField(blank=True, max_length=16)),
                        ("priority", models.PositiveSmallIntegerField(default=3)),
                        ("state", models.CharField(max_length=12)),
                        ("policy_no", models.CharField(blank=True, max_length=60)),
                        ("subject", models.CharField(max_length=120)),
                        ("answers", models.JSONField(default=dict)),
                        ("result", models.CharField(blank=True, max_length=500)),
                        ("amount_fen", models.BigIntegerField(null=True)),
                        ("is_green", models.BooleanField(default=False)),
                        ("satisfaction", models.PositiveSmallIntegerField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("changed_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("amber_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("source", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("source_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "first_owner",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="desk.ticket",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                db_index=False,
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
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="children",
                                to="desk.ticket",
                            ),
                        ),
                        (
                            "party",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
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
                    name="Promise",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=10)),
                        ("clock", models.JSONField()),
                        ("started_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("amber_at", models.DateTimeField()),
                        ("is_paused", models.BooleanField(default=False)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("is_kept", models.BooleanField(null=True)),
                        ("told_level", models.PositiveSmallIntegerField(default=0)),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="promises",
                                to="desk.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Presence",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("typing_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="desk.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TicketEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("number", models.CharField(db_collation="C", max_length=20)),
                        ("kind", models.CharField(max_length=16)),
                        ("type", models.CharField(max_length=40)),
                        ("queue", models.CharField(max_length=20)),
                        ("skill", models.CharField(blank=True, max_length=20)),
                        ("channel", models.CharField(max_length=16)),
                        ("language", models.CharField(blank=True, max_length=10)),
                        ("tier", models.CharField(blank=True, max_length=16)),
                        ("priority", models.PositiveSmallIntegerField(default=3)),
                        ("state", models.CharField(max_length=12)),
                        ("policy_no", models.CharField(blank=True, max_length=60)),
                        ("subject", models.CharField(max_length=120)),
                        ("answers", models.JSONField(default=dict)),
                        ("result", models.CharField(blank=True, max_length=500)),
                        ("amount_fen", models.BigIntegerField(null=True)),
                        ("is_green", models.BooleanField(default=False)),
                        ("satisfaction", models.PositiveSmallIntegerField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("changed_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("amber_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("source", models.CharField(blank=True, db_collation="C", max_length=40)),
                        ("source_key", models.CharField(blank=True, db_collation="C", max_length=80)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
                        (
                            "first_owner",
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
                            "merged_into",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="desk.ticket",
                            ),
                        ),
                        (
                            "opened_by",
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
                            "parent",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="desk.ticket",
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
                                to="desk.ticket",
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
                migrations.CreateModel(
                    name="TicketFile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("document_id", models.UUIDField(null=True)),
                        ("required", models.CharField(blank=True, max_length=40)),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="desk.ticket"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TicketMessage",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=6)),
                        ("channel", models.CharField(blank=True, max_length=16)),
                        ("body", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="desk.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TicketMove",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("action", models.CharField(max_length=20)),
                        ("before", models.CharField(blank=True, max_length=40)),
                        ("after", models.CharField(blank=True, max_length=40)),
                        ("actor_id", models.UUIDField(null=True)),
                        ("actor_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField()),
                        ("why", models.CharField(blank=True, max_length=500)),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="desk.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TicketTag",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("tag", models.CharField(max_length=20)),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tags",
                                to="desk.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Touchpoint",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("channel", models.CharField(max_length=16)),
                        ("direction", models.CharField(max_length=8)),
                        ("at", models.DateTimeField()),
                        ("duration_seconds", models.PositiveIntegerField(blank=True, null=True)),
                        ("topic", models.CharField(max_length=60)),
                        ("summary", models.CharField(blank=True, max_length=500)),
                        ("result", models.CharField(blank=True, max_length=40)),
                        ("next_step", models.CharField(blank=True, max_length=200)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("stage", models.CharField(blank=True, db_default="", default="", max_length=8)),
                        ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("policy_no", models.CharField(blank=True, max_length=60)),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("source_key", models.CharField(db_collation="C", max_length=80)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
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
                            "staff",
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
                    name="TouchpointEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=anxin.kernel.identifiers.uuid7.uuid7, serialize=False)),
                        ("channel", models.CharField(max_length=16)),
                        ("direction", models.CharField(max_length=8)),
                        ("at", models.DateTimeField()),
                        ("duration_seconds", models.PositiveIntegerField(blank=True, null=True)),
                        ("topic", models.CharField(max_length=60)),
                        ("summary", models.CharField(blank=True, max_length=500)),
                        ("result", models.CharField(blank=True, max_length=40)),
                        ("next_step", models.CharField(blank=True, max_length=200)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("stage", models.CharField(blank=True, db_default="", default="", max_length=8)),
                        ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("policy_no", models.CharField(blank=True, max_length=60)),
                        ("source", models.CharField(db_collation="C", max_length=40)),
                        ("source_key", models.CharField(db_collation="C", max_length=80)),
                        ("digest", models.BinaryField(max_length=16, null=True)),
                        ("batch_id", models.UUIDField(null=True)),
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
                                to="desk.touchpoint",
                            ),
                        ),
                        (
                            "staff",
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
                    name="TouchpointFile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("document_id", models.UUIDField(null=True)),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "touchpoint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="desk.touchpoint"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Watcher",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watchers",
                                to="desk.ticket",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.AddIndex(
                    model_name="call",
                    index=models.Index(fields=["agent", "-rang_at"], name="desk_call_agent"),
                ),
                migrations.AddIndex(
                    model_name="call",
                    index=models.Index(fields=["rang_at"], name="desk_call_rang"),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.UniqueConstraint(fields=("external_id", "system"), name="desk_call_once"),
                ),
                migrations.AddConstraint(
                    model_name="callevent",
                    constraint=models.UniqueConstraint(fields=("event_id", "system"), name="desk_call_event_once"),
                ),
                migrations.AddConstraint(
                    model_name="counterday",
                    constraint=models.UniqueConstraint(fields=("unit", "day", "series"), name="desk_counter_day_once"),
                ),
                migrations.AddIndex(
                    model_name="counterticket",
                    index=models.Index(fields=["unit", "day", "state", "taken_at"], name="desk_counter_queue"),
                ),
                migrations.AddConstraint(
                    model_name="counterticket",
                    constraint=models.UniqueConstraint(
                        fields=("unit", "day", "series", "number"), name="desk_counter_number_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counterticket",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("rating", None), ("rating__range", (1, 5)), _connector="OR"),
                        name="desk_counter_rating",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counterwindow",
                    constraint=models.UniqueConstraint(fields=("unit", "code"), name="desk_window_once"),
                ),
                migrations.AddIndex(
                    model_name="dutyrecord",
                    index=models.Index(fields=["unit", "day", "duty"], name="desk_duty_day"),
                ),
                migrations.AddConstraint(
                    model_name="dutyrecord",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("duty__range", (1, 6))), name="desk_duty_of_six"
                    ),
                ),
                migrations.AddIndex(
                    model_name="macro",
                    index=models.Index(fields=["reach", "unit", "name"], name="desk_macro_list"),
                ),
                migrations.AddIndex(
                    model_name="macro",
                    index=models.Index(fields=["owner", "name"], name="desk_macro_own"),
                ),
                migrations.AddConstraint(
                    model_name="macro",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner", None), ("reach", "shared"), ("unit", None)),
                            models.Q(("owner", None), ("reach", "team"), ("unit__isnull", False)),
                            models.Q(("owner__isnull", False), ("reach", "own"), ("unit", None)),
                            _connector="OR",
                        ),
                        name="desk_macro_belongs",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="macro",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "desk_macroevent" ("action", "changed_at", "changed_by_id", "id", "is_active", "name", "name_en", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "queue", "reach", "reply", "tag", "type", "unit_id", "version", "why") SELECT old_values."action", old_values."changed_at", old_values."changed_by_id", old_values."id", old_values."is_active", old_values."name", old_values."name_en", old_values."note", old_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."priority", old_values."queue", old_values."reach", old_values."reply", old_values."tag", old_values."type", old_values."unit_id", old_values."version", old_values."why" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="dab9d9fce529992605e38ce17e1f6429bbe46f9c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_18e5d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="desk_macro",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="macro",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "desk_macroevent" ("action", "changed_at", "changed_by_id", "id", "is_active", "name", "name_en", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "queue", "reach", "reply", "tag", "type", "unit_id", "version", "why") SELECT old_values."action", old_values."changed_at", old_values."changed_by_id", old_values."id", old_values."is_active", old_values."name", old_values."name_en", old_values."note", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."priority", old_values."queue", old_values."reach", old_values."reply", old_values."tag", old_values."type", old_values."unit_id", old_values."version", old_values."why" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="d6b143f58da19b3a6e8c3616d5ee3ec70ae7c07b",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0ee7a",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="desk_macro",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["owner", "due_at", "id"],
                        name="desk_ticket_owner",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("owner__isnull", True)),
                        fields=["queue", "due_at", "id"],
                        name="desk_ticket_queue",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("owner__isnull", True), ("state", "new")),
                        fields=["queue", "priority", "due_at", "id"],
                        name="desk_ticket_next",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["unit", "due_at", "id"],
                        name="desk_ticket_unit",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["due_at", "id"], name="desk_ticket_due"
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["opened_by", "due_at", "id"],
                        name="desk_ticket_opener",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(fields=["party", "-opened_at"], name="desk_ticket_party"),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True), _negated=True),
                        fields=["owner", "ended_at", "id"],
                        name="desk_ticket_done",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ticket",
                    index=models.Index(
                        condition=models.Q(("ended_at__isnull", True), _negated=True),
                        fields=["ended_at", "id"],
                        name="desk_ticket_ended",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ticket",
                    constraint=models.UniqueConstraint(fields=("number",), name="desk_ticket_number"),
                ),
                migrations.AddConstraint(
                    model_name="ticket",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("source_key", ""), _negated=True),
                        fields=("source_key", "source"),
                        name="desk_ticket_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ticket",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True), ("state__in", ["new", "working", "waiting", "referred"])
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["resolved", "closed", "withdrawn", "merged"]),
                            ),
                            _connector="OR",
                        ),
                        name="desk_ticket_ended_has_time",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ticket",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "desk_ticketevent" ("amber_at", "amount_fen", "answered_at", "answers", "batch_id", "changed_at", "channel", "digest", "due_at", "ended_at", "first_owner_id", "id", "is_green", "kind", "language", "merged_into_id", "number", "opened_at", "opened_by_id", "owner_id", "parent_id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_no", "priority", "queue", "result", "satisfaction", "skill", "source", "source_key", "state", "subject", "tier", "type", "unit_id", "version") SELECT old_values."amber_at", old_values."amount_fen", old_values."answered_at", old_values."answers", old_values."batch_id", old_values."changed_at", old_values."channel", old_values."digest", old_values."due_at", old_values."ended_at", old_values."first_owner_id", old_values."id", old_values."is_green", old_values."kind", old_values."language", old_values."merged_into_id", old_values."number", old_values."opened_at", old_values."opened_by_id", old_values."owner_id", old_values."parent_id", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_no", old_values."priority", old_values."queue", old_values."result", old_values."satisfaction", old_values."skill", old_values."source", old_values."source_key", old_values."state", old_values."subject", old_values."tier", old_values."type", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="18f4bef53a671c407ebb5767c662fc59017eda2c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_97d27",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="desk_ticket",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ticket",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "desk_ticketevent" ("amber_at", "amount_fen", "answered_at", "answers", "batch_id", "changed_at", "channel", "digest", "due_at", "ended_at", "first_owner_id", "id", "is_green", "kind", "language", "merged_into_id", "number", "opened_at", "opened_by_id", "owner_id", "parent_id", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_no", "priority", "queue", "result", "satisfaction", "skill", "source", "source_key", "state", "subject", "tier", "type", "unit_id", "version") SELECT old_values."amber_at", old_values."amount_fen", old_values."answered_at", old_values."answers", old_values."batch_id", old_values."changed_at", old_values."channel", old_values."digest", old_values."due_at", old_values."ended_at", old_values."first_owner_id", old_values."id", old_values."is_green", old_values."kind", old_values."language", old_values."merged_into_id", old_values."number", old_values."opened_at", old_values."opened_by_id", old_values."owner_id", old_values."parent_id", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_no", old_values."priority", old_values."queue", old_values."result", old_values."satisfaction", old_values."skill", old_values."source", old_values."source_key", old_values."state", old_values."subject", old_values."tier", old_values."type", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="d629a1664824e6f27618b74a949af7d289a79f57",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7acc8",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="desk_ticket",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="promise",
                    index=models.Index(
                        condition=models.Q(("done_at__isnull", True), ("is_paused", False), ("told_level", 0)),
                        fields=["amber_at", "id"],
                        name="desk_promise_amber",
                    ),
                ),
                migrations.AddIndex(
                    model_name="promise",
                    index=models.Index(
                        condition=models.Q(("done_at__isnull", True), ("is_paused", False), ("told_level__lt", 2)),
                        fields=["due_at", "id"],
                        name="desk_promise_due",
                    ),
                ),
                migrations.AddIndex(
                    model_name="promise",
                    index=models.Index(
                        condition=models.Q(("done_at__isnull", False)), fields=["done_at"], name="desk_promise_done"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.UniqueConstraint(fields=("ticket", "kind"), name="desk_promise_once"),
                ),
                migrations.AddConstraint(
                    model_name="presence",
                    constraint=models.UniqueConstraint(fields=("ticket", "user"), name="desk_presence_once"),
                ),
                migrations.AddIndex(
                    model_name="ticketmessage",
                    index=models.Index(fields=["ticket", "at"], name="desk_message_thread"),
                ),
                migrations.AddIndex(
                    model_name="ticketmove",
                    index=models.Index(fields=["ticket", "at"], name="desk_move_history"),
                ),
                migrations.AddIndex(
                    model_name="tickettag",
                    index=models.Index(fields=["tag"], name="desk_tag_word"),
                ),
                migrations.AddConstraint(
                    model_name="tickettag",
                    constraint=models.UniqueConstraint(fields=("ticket", "tag"), name="desk_tag_once"),
                ),
                migrations.AddIndex(
                    model_name="touchpoint",
                    index=models.Index(fields=["party", "-at"], name="desk_touchpoint_recent"),
                ),
                migrations.AddConstraint(
                    model_name="touchpoint",
                    constraint=models.UniqueConstraint(fields=("source_key", "source"), name="desk_touchpoint_once"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="touchpoint",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "desk_touchpointevent" ("at", "batch_id", "channel", "digest", "direction", "duration_seconds", "id", "next_at", "next_step", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_no", "result", "satisfaction", "source", "source_key", "staff_id", "stage", "summary", "topic") SELECT old_values."at", old_values."batch_id", old_values."channel", old_values."digest", old_values."direction", old_values."duration_seconds", old_values."id", old_values."next_at", old_values."next_step", old_values."party_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy_no", old_values."result", old_values."satisfaction", old_values."source", old_values."source_key", old_values."staff_id", old_values."stage", old_values."summary", old_values."topic" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="c3b839ba7942e368e51d252e0138079bf0c138cc",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_84859",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="desk_touchpoint",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="touchpoint",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "desk_touchpointevent" ("at", "batch_id", "channel", "digest", "direction", "duration_seconds", "id", "next_at", "next_step", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_no", "result", "satisfaction", "source", "source_key", "staff_id", "stage", "summary", "topic") SELECT old_values."at", old_values."batch_id", old_values."channel", old_values."digest", old_values."direction", old_values."duration_seconds", old_values."id", old_values."next_at", old_values."next_step", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_no", old_values."result", old_values."satisfaction", old_values."source", old_values."source_key", old_values."staff_id", old_values."stage", old_values."summary", old_values."topic" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="9f7a21c07c982c1c817896a1fe5006a73b11fed5",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_76609",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="desk_touchpoint",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="watcher",
                    constraint=models.UniqueConstraint(fields=("ticket", "user"), name="desk_watcher_once"),
                ),
            ]
        ),
    ]
