from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE customers_party_number", "DROP SEQUENCE customers_party_number"),
    ]
