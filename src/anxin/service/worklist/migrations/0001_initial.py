import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("org", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="WorkItem",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=200)),
                        ("detail", models.JSONField(default=dict)),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "High"), (2, "Normal"), (3, "Low")], default=2
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("outcome", models.CharField(blank=True, max_length=20)),
                        ("outcome_note", models.TextField(blank=True)),
                        ("starts_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                        ("occurrence", models.CharField(max_length=120)),
                        ("subject_kind", models.CharField(blank=True, max_length=40)),
                        ("subject_id", models.UUIDField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "finished_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            "owner",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.party",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="WorkItemMove",
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
                        ("why", models.TextField(blank=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="worklist.workitem",
                            ),
                        ),
                    ],
                ),
                migrations.AddIndex(
                    model_name="workitem",
                    index=models.Index(
                        condition=models.Q(("state", "open")), fields=["owner", "due_at", "id"], name="worklist_open"
                    ),
                ),
                migrations.AddIndex(
                    model_name="workitem",
                    index=models.Index(
                        condition=models.Q(("state", "open"), _negated=True),
                        fields=["owner", "-finished_at"],
                        name="worklist_done",
                    ),
                ),
                migrations.AddIndex(
                    model_name="workitem",
                    index=models.Index(
                        condition=models.Q(("state", "open")), fields=["unit", "due_at", "id"], name="worklist_unit"
                    ),
                ),
                migrations.AddIndex(
                    model_name="workitem",
                    index=models.Index(
                        condition=models.Q(("subject_id__isnull", False)),
                        fields=["subject_id"],
                        name="worklist_subject",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="workitem",
                    constraint=models.UniqueConstraint(fields=("kind", "occurrence"), name="worklist_occurrence_once"),
                ),
                migrations.AddConstraint(
                    model_name="workitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="worklist_finished_has_time",
                    ),
                ),
            ]
        ),
    ]
