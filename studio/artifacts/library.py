"""Lists of works, for the API and for pages alike."""

from django.contrib.postgres.search import SearchVector
from django.db.models import QuerySet

from ij8.accounts.models import Membership
from ij8.core.paging import Page, page
from ij8.core.search import CONFIG, words_query
from studio.models import Artifact, StudioSession

WORDS = SearchVector("title", "prompt", "alt", config=CONFIG)  # as the index `artifact_words` has it


def works(
    member: Membership,
    *,
    session: StudioSession | None = None,
    q: str = "",
    medium: str = "",
    starred: bool | None = None,
    trashed: bool = False,
    cursor: str | None = None,
) -> Page[Artifact]:
    """The member's own works, or all of a session that she may see; newest first, each with its root. One query.

    `q` asks for works whose title, prompt and alt text hold all of its words.
    """
    rows: QuerySet[Artifact] = Artifact.objects.filter(school_id=member.school_id, purged_at=None)
    rows = rows.filter(session=session) if session else rows.filter(owner=member)
    rows = rows.filter(root__trashed_at__isnull=not trashed)
    if trashed:
        rows = rows.filter(owner=member)
    if medium:
        rows = rows.filter(medium=medium)
    if starred is not None:
        rows = rows.filter(root__starred=starred)
    if q.strip():
        query = words_query(q)
        rows = rows.none() if query is None else rows.annotate(words=WORDS).filter(words=query)
    return page(rows.select_related("root"), cursor=cursor)
