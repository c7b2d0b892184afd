import django.db.models.deletion
from django.db import migrations, models

import ij8.core.ids

WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_schools_terms_and_sign_up")]

    operations = [
        migrations.AddField("cohort", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "cohort",
            "copied_from",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="accounts.cohort"
            ),
        ),
        migrations.AddField("cohort", "term", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("cohort", "trashed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("cohortmembership", "until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("membership", "left_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "membership",
            "merged_into",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.RunSQL("update accounts_membership set left_at = now() where not active", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("weekday", models.PositiveSmallIntegerField(choices=WEEKDAYS)),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
                (
                    "cohort",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="accounts.cohort"),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"),
                ),
            ],
            options={
                "ordering": ["weekday", "starts", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))), name="slot_ends_after_it_starts"
                    ),
                    models.UniqueConstraint(fields=("cohort", "weekday", "starts"), name="one_slot_at_a_time"),
                ],
            },
        ),
    ]
