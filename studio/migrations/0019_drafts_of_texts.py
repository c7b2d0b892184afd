import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_works_for_who_leaves"), ("studio", "0018_words_within_texts")]
    operations = [
        migrations.CreateModel(
            name="TextDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("place", models.UUIDField()),
                ("is_new", models.BooleanField()),
                ("base", models.UUIDField(blank=True, null=True)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="text_drafts", to="accounts.membership"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["member", "-updated"], name="draft_of_member")],
                "constraints": [models.UniqueConstraint(fields=("member", "place"), name="one_draft_per_place")],
            },
        )
    ]
