import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anxin.kernel.identifiers.uuid7
from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("page", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=60)),
                        ("query", models.JSONField()),
                        ("is_shared", models.BooleanField(default=False)),
                        ("is_default", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_shared", True)), fields=["page"], name="workspace_shared"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("owner", "page", "name"), name="workspace_view_name"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("owner", "page"),
                                name="workspace_one_default",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
