from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0002_drafts_and_dimensions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("claim_no", ""), _negated=True), fields=["claim_no"], name="complaints_of_claim"
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["complainant"], name="complaints_of_name", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("is_history", False)), fields=["-received_at", "-id"], name="complaints_here"
            ),
        ),
    ]
