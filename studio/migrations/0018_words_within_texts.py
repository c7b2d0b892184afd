from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models import Func

WORDS = """
create function studio_artifact_words(title text, prompt text, alt text, tags text[], meta jsonb, body text) returns tsvector
language sql immutable parallel safe as $$
  select to_tsvector('simple', regexp_replace(
    title || ' ' || prompt || ' ' || alt || ' ' || array_to_string(tags, ' ') || ' ' || coalesce(meta ->> 'model', '')
      || ' ' || left(body, 100000),
    '[^[:alnum:]]+', ' ', 'g'))
$$
"""
BEFORE = """
create function studio_artifact_words(title text, prompt text, alt text, tags text[], meta jsonb) returns tsvector
language sql immutable parallel safe as $$
  select to_tsvector('simple', regexp_replace(
    title || ' ' || prompt || ' ' || alt || ' ' || array_to_string(tags, ' ') || ' ' || coalesce(meta ->> 'model', ''),
    '[^[:alnum:]]+', ' ', 'g'))
$$
"""


class Migration(migrations.Migration):
    """The index goes with its column, and comes again with it. Of long texts the beginning is known: a vector ends at 1 MB."""

    dependencies = [("studio", "0017_folders_of_works")]
    operations = [
        migrations.AddField("artifact", "body", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RemoveIndex("artifact", "artifact_words"),
        migrations.RemoveField("artifact", "words"),
        migrations.RunSQL("drop function studio_artifact_words(text, text, text, text[], jsonb)", BEFORE),
        migrations.RunSQL(WORDS, "drop function studio_artifact_words(text, text, text, text[], jsonb, text)"),
        migrations.AddField(
            "artifact",
            "words",
            models.GeneratedField(
                db_persist=True,
                expression=Func(
                    "title",
                    "prompt",
                    "alt",
                    "tags",
                    "meta",
                    "body",
                    function="studio_artifact_words",
                    output_field=SearchVectorField(),
                ),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex("artifact", GinIndex(fields=["words"], name="artifact_words")),
    ]
