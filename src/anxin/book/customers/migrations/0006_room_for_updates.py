from django.db import migrations


class Migration(migrations.Migration):
    """Room on each page for new versions of its rows: an update that changes no indexed value then touches no index.

    A file imported from one system is updated when the next system knows the person too; measured on the sample: 13 % of
    these updates stayed on their page when pages were full, and each of the others wrote to twelve indexes.
    """

    dependencies = [("customers", "0005_source_record_history")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE customers_party SET (fillfactor = 85)", "ALTER TABLE customers_party RESET (fillfactor)"
        ),
        migrations.RunSQL(
            "ALTER TABLE customers_sourcerecord SET (fillfactor = 90)",
            "ALTER TABLE customers_sourcerecord RESET (fillfactor)",
        ),
    ]
