import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_invitations_codes_and_rosters")]

    operations = [
        migrations.AddField("preferences", "mail_digest", models.BooleanField(default=True)),
        migrations.AddField(
            "preferences",
            "mail_quiet",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
            ),
        ),
        migrations.AddIndex(
            "notice", models.Index(condition=models.Q(("read_at", None)), fields=["member"], name="unread_notices")
        ),
    ]
