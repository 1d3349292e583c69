import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        ("task_name", models.CharField(blank=True, max_length=200)),
                        ("title", models.CharField(max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("arguments", models.JSONField(default=dict)),
                        ("done", models.BigIntegerField(default=0)),
                        ("total", models.BigIntegerField(null=True)),
                        ("message", models.TextField(blank=True)),
                        ("message_values", models.JSONField(default=dict)),
                        ("result", models.JSONField(default=dict)),
                        ("dedupe_key", models.CharField(blank=True, max_length=120)),
                        ("attempt", models.PositiveIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("is_cancel_wanted", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "document",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="documents.document",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "-created_at", "-id"], name="jobs_owner"),
                            models.Index(fields=["-created_at", "-id"], name="jobs_recent"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "running"])),
                                fields=["lease_until"],
                                name="jobs_unfinished",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["waiting", "running"]), models.Q(("dedupe_key", ""), _negated=True)
                                ),
                                fields=("kind", "dedupe_key"),
                                name="jobs_one_at_a_time",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
