from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0003_refusals_at_the_door")]
    operations = [
        migrations.AlterField(
            "refusal",
            "where",
            models.CharField(
                choices=[
                    ("prompt", "prompt"),
                    ("chat", "chat"),
                    ("title", "title"),
                    ("tag", "tag"),
                    ("alt", "alt text"),
                    ("name", "name"),
                    ("text", "text"),
                    ("brought", "picture that was brought"),
                    ("input", "picture to be sent on"),
                    ("made", "picture that was made"),
                ],
                max_length=10,
            ),
        )
    ]
