from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_faster_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityHold",
            fields=[
                ("key", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
            ],
        ),
        # Its rows never outlive their transaction: nothing to be logged.
        migrations.RunSQL(
            "ALTER TABLE customers_identityhold SET UNLOGGED", "ALTER TABLE customers_identityhold SET LOGGED"
        ),
    ]
