import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0002_refusals_of_texts"), ("accounts", "0001_initial")]
    operations = [
        migrations.AlterField(
            "refusal",
            "member",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="refusals",
                to="accounts.membership",
            ),
        ),
        migrations.AddConstraint(
            "refusal",
            models.UniqueConstraint(
                condition=models.Q(member=None), fields=["cohort", "where", "digest"], name="one_refusal_per_text_at_a_door"
            ),
        ),
        migrations.AddConstraint(
            "refusal",
            models.CheckConstraint(
                condition=models.Q(member__isnull=False) | models.Q(cohort__isnull=False), name="refusal_of_a_member_or_at_a_door"
            ),
        ),
    ]
