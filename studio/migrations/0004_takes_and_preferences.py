import django.db.models.deletion
from django.db import migrations, models

import ij8.core.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_age_bands"), ("studio", "0003_live_index")]
    operations = [
        migrations.AddField("studiosession", "takes", models.PositiveSmallIntegerField(default=4)),
        migrations.CreateModel(
            name="StudioPreferences",
            fields=[
                ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("all_settings", models.BooleanField(default=False)),
                ("told_who_sees", models.BooleanField(default=False)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="studio_preferences",
                        to="accounts.membership",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"),
                ),
            ],
        ),
    ]
