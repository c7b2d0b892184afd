from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0004_refusals_of_pictures")]
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
                    ("answer", "answer of the AI"),
                    ("brought", "picture that was brought"),
                    ("input", "picture to be sent on"),
                    ("made", "picture that was made"),
                ],
                max_length=10,
            ),
        )
    ]
