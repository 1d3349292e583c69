import django.db.models.deletion
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Golden",
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
                        ("own", models.JSONField(default=dict)),
                        ("computed", models.JSONField(default=dict)),
                        ("why", models.JSONField(default=dict)),
                        ("chosen", models.JSONField(default=dict)),
                        ("scheme_version", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Candidate",
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
                                choices=[
                                    ("open", "Open"),
                                    ("merged", "Merged"),
                                    ("different", "Different"),
                                    ("later", "Later"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("weight", models.FloatField()),
                        ("evidence", models.JSONField(default=list)),
                        ("contradiction", models.CharField(blank=True, max_length=40)),
                        ("sources", models.CharField(blank=True, max_length=81)),
                        ("scheme_version", models.PositiveIntegerField(default=0)),
                        ("later_until", models.DateField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by_id", models.UUIDField(null=True)),
                        ("decided_by_name", models.CharField(blank=True, max_length=150)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "left",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "right",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Merge",
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
                                choices=[("done", "Done"), ("undone", "Undone")], default="done", max_length=8
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("hand", "Hand"),
                                    ("review", "Review"),
                                    ("bulk", "Bulk"),
                                    ("automatic", "Automatic"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("counts", models.JSONField(default=dict)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.UUIDField(null=True)),
                        ("by_name", models.CharField(max_length=150)),
                        ("undone_at", models.DateTimeField(null=True)),
                        ("undone_by_id", models.UUIDField(null=True)),
                        ("undone_by_name", models.CharField(blank=True, max_length=150)),
                        ("undone_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "candidate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="matching.candidate",
                            ),
                        ),
                        (
                            "loser",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "survivor",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Move",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("table_name", models.CharField(db_collation="C", max_length=63)),
                        ("column_name", models.CharField(db_collation="C", max_length=63)),
                        ("row_id", models.UUIDField()),
                        ("is_lowered", models.BooleanField(default=False)),
                        (
                            "home",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "merge",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matching.merge"
                            ),
                        ),
                    ],
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
                        ("kind", models.CharField(choices=[("full", "Full"), ("batch", "Batch")], max_length=8)),
                        (
                            "state",
                            models.CharField(
                                choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                                default="running",
                                max_length=8,
                            ),
                        ),
                        ("batch_id", models.UUIDField(null=True)),
                        ("scheme_version", models.PositiveIntegerField()),
                        ("stage", models.CharField(blank=True, max_length=10)),
                        ("figures", models.JSONField(default=dict)),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-started_at"], name="matching_run_latest")],
                    },
                ),
                migrations.AddField(
                    model_name="candidate",
                    name="run",
                    field=models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="matching.run"
                    ),
                ),
                migrations.CreateModel(
                    name="ShelvedRow",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("table_name", models.CharField(db_collation="C", max_length=63)),
                        ("row_id", models.UUIDField()),
                        ("payload", models.JSONField()),
                        (
                            "home",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.party"
                            ),
                        ),
                        (
                            "merge",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matching.merge"
                            ),
                        ),
                        (
                            "other_home",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                    ],
                ),
                migrations.AddIndex(
                    model_name="merge",
                    index=models.Index(fields=["survivor", "-at"], name="matching_merge_of"),
                ),
                migrations.AddConstraint(
                    model_name="merge",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "done")), fields=("loser",), name="matching_merged_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="move",
                    constraint=models.UniqueConstraint(
                        fields=("row_id", "table_name", "column_name"), name="matching_move_once"
                    ),
                ),
                migrations.AddIndex(
                    model_name="candidate",
                    index=models.Index(
                        condition=models.Q(("state", "open")), fields=["-weight", "id"], name="matching_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="candidate",
                    constraint=models.UniqueConstraint(fields=("left", "right"), name="matching_pair_once"),
                ),
                migrations.AddConstraint(
                    model_name="candidate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("left__lt", models.F("right"))), name="matching_pair_ordered"
                    ),
                ),
            ]
        ),
    ]
