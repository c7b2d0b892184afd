"""The lineage of a work with 2,000 versions: `python -m tests.bench.lineage`.

Server time of the API's whole graph and of the page that draws its newest part, from the request to the last byte, as
Django gives it. One version in ten branches off, and each tenth had a work of its own beside it. In a database of its own.
"""

import os
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Bar, Measured, best_of, quantile

if TYPE_CHECKING:
    from ij8.accounts.models import Membership
    from studio.models import Artifact

VERSIONS = 2000
GRAPH = Bar("lineage of 2,000 versions by the API, p95", "ms", 100)
PAGE = Bar("lineage of 2,000 versions, its page, p95", "ms")
LINE = Bar("versions of a work of 2,000, as its page lists them, p95", "ms")


def grown(member: "Membership") -> "Artifact":
    """The root of the work."""
    from django.utils import timezone

    from ij8.core.ids import uuid7
    from studio.models import Artifact, Lineage

    chance, now = random.Random(7), timezone.now() - timedelta(days=2)
    shared: dict[str, Any] = {
        "school_id": member.school_id, "owner": member, "medium": "image", "source": "generated", "content_type": "image/png",
        "size_bytes": 500_000, "sha256": "0" * 64, "width_px": 1024, "height_px": 1024, "title": "A long way",
    }  # fmt: skip
    works, lines, root = [], [], uuid7()
    for number in range(VERSIONS):
        ident = uuid7() if number else root
        params = {"model": "gemini/one", "prompt": f"a little warmer, step {number}", "image": str(root), "seed": number}
        meta = {"operation": "image.edit", "model": "gemini/one", "seed": number, "params": params}
        made = {"created": now + timedelta(seconds=number), "key": f"t/{ident}.png", "thumbnail_key": f"t/{ident}.webp"}
        works.append(Artifact(id=ident, root_id=root, is_current=number == VERSIONS - 1, meta=meta, **made, **shared))
        if number:
            parent = works[-2] if number % 10 else chance.choice(works[:-1])
            lines.append(Lineage(school_id=member.school_id, artifact_id=ident, parent_id=parent.pk, operation="image.edit"))
        if number and number % 10 == 0:
            beside = uuid7()
            other = {"created": now + timedelta(seconds=number - 0.5), "key": f"t/{beside}.png"}
            works.insert(-1, Artifact(id=beside, root_id=beside, **other, **shared))
            lines.append(Lineage(school_id=member.school_id, artifact_id=ident, parent_id=beside, operation="image.edit"))
    Artifact.objects.bulk_create(works, batch_size=1000)
    Lineage.objects.bulk_create(lines, batch_size=1000)
    return Artifact.objects.get(pk=root)


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from studio.jobs.backends import ensure_backends
    from tests.bench.pages import page, person, somebody, times

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        ensure_backends()
        one = somebody(person(0, 10))
        work = grown(one.member)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        pages = {
            GRAPH.name: f"/api/artifacts/{work.pk}/lineage/",
            PAGE.name: f"/works/{work.pk}/lineage/",
            LINE.name: f"/works/{work.pk}/panel/",
        }

        def measure() -> Measured:
            return {name: quantile(times(lambda address=address: page(one, address)), 0.95) for name, address in pages.items()}

        met = best_of([GRAPH, PAGE, LINE], measure)
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
