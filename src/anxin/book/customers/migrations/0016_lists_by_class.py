from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0015_forgotten_document"),
        ("org", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="party",
            name="customers_party_birthday",
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("kind", "person")), fields=["birthday", "manager"], name="customers_party_born_on"
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["abc", "annual_premium_fen", "party"], name="customers_standing_abc"),
        ),
    ]
