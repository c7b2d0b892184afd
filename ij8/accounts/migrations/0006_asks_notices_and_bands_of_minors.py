import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import ij8.core.ids

BANDS = [("under_13", "under 13"), ("13_15", "13 to 15"), ("16_17", "16 to 17"), ("adult", "adult")]
# a person of twelve stood in 12_15: only the younger band is sure to protect, so 12_15 becomes it
NEW = {"under_12": "under_13", "12_15": "under_13", "16_18": "16_17"}
STATES = [("open", "open"), ("granted", "granted"), ("declined", "declined"), ("withdrawn", "taken back")]


def rename_bands(apps, schema_editor):
    for model, field in (("School", "simple_up_to"), ("Membership", "age_band")):
        rows = apps.get_model("accounts", model).objects
        for old, new in NEW.items():
            rows.filter(**{field: old}).update(**{field: new})


def key(to, **options):
    return models.ForeignKey(to=to, related_name=options.pop("related_name", "+"), **options)


PROTECT, CASCADE = django.db.models.deletion.PROTECT, django.db.models.deletion.CASCADE
ID = ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_preferences_and_names_of_tokens")]
    operations = [
        migrations.AlterField("school", "simple_up_to", models.CharField(blank=True, choices=BANDS, default="", max_length=10)),
        migrations.AlterField("membership", "age_band", models.CharField(blank=True, choices=BANDS, default="", max_length=10)),
        migrations.RunPython(rename_bands, migrations.RunPython.noop),
        migrations.CreateModel(
            "Ask",
            [
                ID,
                ("kind", models.CharField(max_length=40)),
                ("details", models.JSONField(default=dict)),
                ("words", models.CharField(blank=True, default="", max_length=1000)),
                ("state", models.CharField(choices=STATES, default="open", max_length=10)),
                ("answer", models.CharField(blank=True, default="", max_length=1000)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked_by", key("accounts.membership", blank=True, null=True, on_delete=PROTECT, related_name="asks")),
                ("decided_by", key("accounts.membership", blank=True, null=True, on_delete=PROTECT)),
                ("school", key("accounts.school", on_delete=PROTECT)),
            ],
            options={"indexes": [models.Index(fields=["school", "state", "-created"], name="accounts_as_school__8f9dca_idx")]},
        ),
        migrations.CreateModel(
            "Notice",
            [
                ID,
                ("kind", models.CharField(max_length=40)),
                ("params", models.JSONField(default=dict)),
                ("url", models.CharField(blank=True, default="", max_length=300)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                ("member", key("accounts.membership", on_delete=CASCADE, related_name="notices")),
                ("school", key("accounts.school", on_delete=PROTECT)),
            ],
            options={"indexes": [models.Index(fields=["member", "-created"], name="accounts_no_member__4e094d_idx")]},
        ),
    ]
