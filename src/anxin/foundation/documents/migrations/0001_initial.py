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
                    name="Document",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=anxin.kernel.identifiers.uuid7.uuid7, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=255)),
                        ("content_type", models.CharField(max_length=100)),
                        ("size", models.BigIntegerField()),
                        ("sha256", models.BinaryField(max_length=32)),
                        ("purpose", models.CharField(max_length=40)),
                        ("key_sealed", models.BinaryField(null=True)),
                        ("owner_id", models.UUIDField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner_id", "-created_at"], name="documents_owner"),
                            models.Index(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=["expires_at"],
                                name="documents_expiry",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
