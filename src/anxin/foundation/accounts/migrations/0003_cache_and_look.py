from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_idempotent_calls"),
    ]

    operations = [
        # Instances of before had the table from `createcachetable`; nothing in it outlives a few minutes.
        migrations.RunSQL("DROP TABLE IF EXISTS anxin_cache", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="CacheEntry",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "anxin_cache"},
        ),
    ]
