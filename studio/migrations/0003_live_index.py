from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0002_fillfactor")]
    operations = [
        migrations.RemoveIndex("job", "job_live_backend"),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(("backend__isnull", False), ("state__in", ("leased", "submitted", "storing"))),
                fields=["backend"],
                name="job_live_backend",
            ),
        ),
    ]
