from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0014_current_version_of_a_work")]

    operations = [
        migrations.AddField(
            model_name="studiosession",
            name="working",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
