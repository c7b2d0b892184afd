from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_protection")]
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
                ],
                max_length=10,
            ),
        )
    ]
