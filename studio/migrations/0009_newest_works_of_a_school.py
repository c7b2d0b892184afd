from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("studio", "0008_answers_of_a_backend")]

    operations = [
        migrations.AddIndex(
            model_name="artifact",
            index=models.Index(
                fields=["school", "-created", "-id"], name="artifact_of_school", condition=Q(trashed_at=None, purged_at=None)
            ),
        ),
    ]
