import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    """What changing a file cost and nobody asked by: indexes of its history and of who manages it. The index of name
    characters takes in by the lot."""

    dependencies = [
        ("customers", "0002_lines_held"),
        ("org", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.RemoveIndex(model_name="party", name="customers_party_chars"),
                migrations.AlterField(
                    model_name="custody",
                    name="assigned_by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="custody",
                    name="manager",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="party",
                    name="replaced_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.party",
                    ),
                ),
                *(
                    migrations.AlterField(
                        model_name="partyevent",
                        name=name,
                        field=models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to=to,
                            **more,
                        ),
                    )
                    for name, to, more in (
                        ("manager", settings.AUTH_USER_MODEL, {}),
                        ("replaced_by", "customers.party", {"blank": True}),
                        ("unit", "org.unit", {}),
                    )
                ),
                migrations.AddIndex(
                    model_name="party",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fastupdate=True, fields=["name_chars"], gin_pending_list_limit=256, name="customers_party_chars"
                    ),
                ),
                migrations.AddIndex(
                    model_name="party",
                    index=models.Index(
                        condition=models.Q(("replaced_by__isnull", False)),
                        fields=["replaced_by"],
                        name="customers_party_replaced",
                    ),
                ),
            ]
        ),
    ]
