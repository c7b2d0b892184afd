from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studio", "0004_takes_and_preferences"),
    ]

    operations = [
        migrations.AddField("backend", "reason", models.CharField(blank=True, max_length=300)),
        migrations.AddField("backend", "looked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("backend", "offers", models.JSONField(blank=True, default=list)),
        migrations.AddField("backend", "offered_at", models.DateTimeField(blank=True, null=True)),
    ]
