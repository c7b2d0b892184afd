import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import ij8.core.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_works_for_who_leaves"), ("studio", "0016_strokes_of_drawings")]

    operations = [
        migrations.CreateModel(
            name="Folder",
            fields=[
                ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "held_works",
                    django.contrib.postgres.fields.ArrayField(models.UUIDField(), blank=True, default=list),
                ),
                (
                    "held_folders",
                    django.contrib.postgres.fields.ArrayField(models.UUIDField(), blank=True, default=list),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="folders", to="accounts.membership"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="studio.folder",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"),
                ),
            ],
        ),
        migrations.AddField(
            "artifact",
            "folder",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="artifacts",
                to="studio.folder",
            ),
        ),
    ]
