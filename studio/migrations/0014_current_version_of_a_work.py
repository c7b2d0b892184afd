import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

# the newest of several stands for its work
CURRENT = """
update studio_artifact set current_at = created, is_current = not exists (
  select 1 from studio_artifact later
   where later.root_id = studio_artifact.root_id and (later.created, later.id) > (studio_artifact.created, studio_artifact.id))
"""


class Migration(migrations.Migration):
    dependencies = [("studio", "0013_turns_follow_each_other")]

    operations = [
        migrations.AddField("artifact", "is_current", models.BooleanField(default=True)),
        migrations.AddField("artifact", "current_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.RunSQL(CURRENT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "artifact", models.UniqueConstraint(fields=["root"], name="one_current_version", condition=Q(is_current=True))
        ),
        migrations.AddIndex(
            "artifact",
            models.Index(
                fields=["owner", "-created", "-id"], name="artifact_current", condition=Q(is_current=True, purged_at=None)
            ),
        ),
    ]
