from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_note_due")]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("birth_date__isnull", False)),
                fields=["birth_date", "name_sort"],
                name="customers_party_birth_name",
            ),
        ),
    ]
