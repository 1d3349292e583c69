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
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        ("title_zh", models.CharField(max_length=200)),
                        ("title_en", models.CharField(max_length=200)),
                        ("url", models.CharField(blank=True, max_length=300)),
                        ("dedupe_key", models.CharField(max_length=120)),
                        ("created_at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["user", "-created_at", "-id"], name="notices_user"),
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)), fields=["user"], name="notices_unread"
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("user", "dedupe_key"), name="notices_once")],
                    },
                ),
            ]
        ),
    ]
