"""What the studio does when people change: two become one, and what an admin reads about somebody."""

from django.db import connection
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from studio.models import Artifact, Folder, Job, Preset, StudioPreferences, StudioSession, TextDraft, WordList
from studio.models.job import Flow

_KEYS = """
update studio_job mine set dedupe_key = null
 where mine.member_id = %s and mine.dedupe_key is not null
   and exists (select 1 from studio_job theirs where theirs.member_id = %s and theirs.dedupe_key = mine.dedupe_key)
"""


def merge(kept: Membership, dropped: Membership) -> None:
    """Rows change hands; a job that runs goes on. Hints of the queue are made anew by the sweeper."""
    StudioSession.objects.filter(member=dropped).update(member=kept)
    Artifact.objects.filter(owner=dropped).update(owner=kept)
    Folder.objects.filter(member=dropped).update(member=kept)
    TextDraft.objects.filter(member=dropped).exclude(place__in=TextDraft.objects.filter(member=kept).values("place")).update(
        member=kept
    )
    for rows in (Preset.objects, WordList.objects):
        rows.filter(member=dropped).exclude(name__in=rows.filter(member=kept).values("name")).update(member=kept)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [dropped.pk, kept.pk])
    Job.objects.filter(member=dropped).update(member=kept)
    Flow.objects.filter(member=dropped).delete()
    if StudioPreferences.objects.filter(member=kept).exists():
        StudioPreferences.objects.filter(member=dropped).delete()
    StudioPreferences.objects.filter(member=dropped).update(member=kept)


def facts(member: Membership) -> list[tuple[str, str]]:
    """Two counts, each from an index."""
    works = Artifact.objects.filter(owner=member, is_current=True, trashed_at=None, purged_at=None).count()
    sessions = StudioSession.objects.filter(member=member, trashed_at=None).count()
    return [(_("Works"), str(works)), (_("Sessions"), str(sessions))]
