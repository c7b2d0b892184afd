import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import ij8.core.ids


def _columns(name_length: int) -> list:
    return [
        ("id", models.UUIDField(default=ij8.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
        ("name", models.CharField(max_length=name_length)),
        ("created", models.DateTimeField(default=django.utils.timezone.now)),
        ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school")),
    ]


def _member(name: str) -> tuple:
    return (
        "member",
        models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name=name, to="accounts.membership"),
    )


class Migration(migrations.Migration):
    dependencies = [("studio", "0019_drafts_of_texts")]
    operations = [
        migrations.AddField("turn", "sheet", models.JSONField(blank=True, null=True)),
        migrations.CreateModel(
            name="Preset",
            fields=[*_columns(60), _member("presets"), ("values", models.JSONField(default=dict))],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("member"), django.db.models.functions.text.Lower("name"), name="one_preset_per_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WordList",
            fields=[
                *_columns(40),
                _member("word_lists"),
                ("words", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [models.UniqueConstraint(fields=("member", "name"), name="one_word_list_per_name")],
            },
        ),
    ]
