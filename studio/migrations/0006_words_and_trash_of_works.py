import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Func, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

# signs become spaces, so that a part of "comfy/ckpt/sdxl.safetensors" is a word; immutable, as a stored column asks:
# array_to_string is not, for arrays of any kind, but of texts it is
WORDS = """
create function studio_artifact_words(title text, prompt text, alt text, tags text[], meta jsonb) returns tsvector
language sql immutable parallel safe as $$
  select to_tsvector('simple', regexp_replace(
    title || ' ' || prompt || ' ' || alt || ' ' || array_to_string(tags, ' ') || ' ' || coalesce(meta ->> 'model', ''),
    '[^[:alnum:]]+', ' ', 'g'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("studio", "0005_offers_of_a_backend")]
    operations = [
        migrations.RunSQL(WORDS, "drop function studio_artifact_words"),
        migrations.RemoveIndex("artifact", "artifact_words"),
        migrations.AddField("artifact", "changed", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.RunSQL("update studio_artifact set changed = created", migrations.RunSQL.noop),
        migrations.AddField(
            "artifact",
            "model",
            models.GeneratedField(
                db_persist=True,
                expression=Coalesce(KT("meta__model"), Value(""), output_field=models.TextField()),
                output_field=models.TextField(),
            ),
        ),
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
                    function="studio_artifact_words",
                    output_field=django.contrib.postgres.search.SearchVectorField(),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "artifact", django.contrib.postgres.indexes.GinIndex(fields=["words"], name="artifact_words")
        ),
        migrations.AddIndex(
            "artifact",
            models.Index(
                condition=Q(("purged_at", None), ("trashed_at", None)),
                fields=["owner", "medium", "source", "model"],
                name="artifact_kinds",
            ),
        ),
        migrations.AddIndex(
            "artifact",
            models.Index(
                condition=Q(("purged_at", None), ("trashed_at__isnull", False)),
                fields=["owner", "trashed_at"],
                name="artifact_trash",
            ),
        ),
        migrations.AddIndex(
            "artifact",
            models.Index(
                condition=Q(("purged_at__isnull", False), Q(("key", ""), _negated=True)),
                fields=["id"],
                name="artifact_tombstone",
            ),
        ),
    ]
