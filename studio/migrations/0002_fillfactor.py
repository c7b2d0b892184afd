from django.db import migrations


class Migration(migrations.Migration):
    """Rows that change often keep room on their page, so that most updates touch no index."""

    dependencies = [("studio", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "alter table studio_job set (fillfactor = 80); alter table studio_flow set (fillfactor = 70)",
            "alter table studio_job reset (fillfactor); alter table studio_flow reset (fillfactor)",
        )
    ]
