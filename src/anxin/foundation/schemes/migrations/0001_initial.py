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
                    name="SchemeVersion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        ("version", models.PositiveIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("effective_from", models.DateField(null=True)),
                        ("content", models.JSONField()),
                        ("note", models.TextField(blank=True)),
                        ("edition", models.PositiveIntegerField(default=1)),
                        ("created_by_id", models.UUIDField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("activated_by_id", models.UUIDField(null=True)),
                        ("activated_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["kind", "state", "-effective_from"], name="schemes_active")],
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "version"), name="schemes_kind_version"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"), ("effective_from__isnull", False), _connector="OR"
                                ),
                                name="schemes_active_has_date",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
