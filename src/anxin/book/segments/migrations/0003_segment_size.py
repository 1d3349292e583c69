from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("segments", "0002_regrouped"),
    ]

    operations = [
        migrations.AddField(model_name="segment", name="size", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="segment", name="sized_at", field=models.DateTimeField(null=True)),
    ]
