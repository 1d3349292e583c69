import django.contrib.postgres.fields
from django.db import migrations, models

from anxin.kernel.migrating import AtOnce

LINES = ("motor", "property", "liability", "accident", "health", "life", "annuity", "agricultural", "guarantee")
ORDERED = {"premium": "annual_premium_fen", "expiry": "next_expiry_date", "contact": "last_contact_at"}


class Migration(migrations.Migration):
    """The lines come with the next night; the migration of the policies fills them until then."""

    dependencies = [("customers", "0001_initial")]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="standing",
                    name="lines",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                migrations.AddIndex(
                    model_name="standing",
                    index=models.Index(
                        condition=models.Q(("next_expiry_date__isnull", False)),
                        fields=["annual_premium_fen", "party"],
                        name="customers_standing_ending",
                    ),
                ),
                *(
                    migrations.AddIndex(
                        model_name="standing",
                        index=models.Index(
                            condition=models.Q(("lines__contains", [line])),
                            fields=[figure, "party"],
                            name=f"customers_{line[:8]}_{code}",
                        ),
                    )
                    for line in LINES
                    for code, figure in ORDERED.items()
                ),
            ]
        )
    ]
