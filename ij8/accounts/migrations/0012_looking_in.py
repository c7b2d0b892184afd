import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import ij8.accounts.models.impersonation
import ij8.core.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_rules_of_the_door_cards_and_devices")]

    operations = [
        migrations.CreateModel(
            name="Impersonation",
            fields=[
                ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
                ("started", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(default=ij8.accounts.models.impersonation.end_of_look_in)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="impersonations",
                        to="accounts.membership",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="impersonation", index=models.Index(fields=["member", "-started"], name="looked_in_as_lately")
        ),
    ]
