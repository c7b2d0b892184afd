from django.db import migrations, models

BANDS = [("under_12", "under 12"), ("12_15", "12 to 15"), ("16_18", "16 to 18"), ("adult", "adult")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_open_school")]
    operations = [
        migrations.AddField("school", "simple_up_to", models.CharField(blank=True, choices=BANDS, default="", max_length=10)),
        migrations.AddField("membership", "age_band", models.CharField(blank=True, choices=BANDS, default="", max_length=10)),
    ]
