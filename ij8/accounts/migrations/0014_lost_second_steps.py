import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import ij8.core.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_works_for_who_leaves")]
    operations = [
        migrations.CreateModel(
            name="SecondStepRemoval",
            fields=[
                ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"),
                ),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.membership"),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"),
                ),
            ],
        ),
    ]
