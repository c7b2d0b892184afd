from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_lost_second_steps")]
    operations = [
        migrations.AddField("school", "pictures_by", models.CharField(blank=True, default="", db_default="", max_length=40)),
    ]
