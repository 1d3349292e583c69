import django.db.models.deletion
from django.db import migrations, models

from anxin.kernel.migrating import AtOnce


class Migration(migrations.Migration):
    """One index by customer and run instead of one by each order: a night may write a million decisions."""

    dependencies = [
        ("customers", "0003_fewer_indexes"),
        ("managers", "0001_initial"),
    ]

    operations = [
        AtOnce(
            [
                migrations.RemoveConstraint(model_name="decision", name="managers_decision_once"),
                migrations.AlterField(
                    model_name="decision",
                    name="party",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.party",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.UniqueConstraint(fields=("party", "run"), name="managers_decision_once"),
                ),
            ]
        ),
    ]
