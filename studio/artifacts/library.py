"""Lists of works, for the API and for pages alike."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.db.models import Count
from django.db.models.functions import Lower

from ij8.accounts.models import Membership
from ij8.core.paging import NEWEST, Order, Page, page
from studio.artifacts.filters import WorksFilter, narrowed, own_works
from studio.models import Artifact, StudioSession

Sort = Literal["newest", "oldest", "title", "changed"]
SORTS: dict[str, Order] = {
    "newest": NEWEST,
    "oldest": Order("created", ascending=True),
    "title": Order(Lower("title"), ascending=True, is_text=True),
    "changed": Order("changed"),
}
LAST_THROWN_AWAY = Order("trashed_at")
TAGS_SHOWN = 50
_TAGS = """
select tag, count(*) from studio_artifact work, unnest(work.tags) tag
 where work.owner_id = %s and work.is_current and work.trashed_at is null and work.purged_at is null
   and position(lower(%s) in lower(tag)) > 0
 group by tag order by lower(tag) = lower(%s) desc, count(*) desc, lower(tag), tag limit %s
"""


@dataclass(frozen=True)
class TagCount:
    tag: str
    count: int


@dataclass(frozen=True)
class Kinds:
    """What there is to choose from among a person's works: names of media, sources and models, most frequent first."""

    media: list[str]
    sources: list[str]
    models: list[str]


def works(
    member: Membership,
    filters: WorksFilter | None = None,
    *,
    q: str = "",
    session: StudioSession | None = None,
    sort: Sort = "newest",
    cursor: str | None = None,
) -> Page[Artifact]:
    """The member's own works, or all of a session that she may see, each with its root. One query.

    The trash shows first what was thrown away last.
    """
    filters = filters or WorksFilter(q=q)
    if session and not filters.trashed:
        rows = narrowed(Artifact.objects.filter(school_id=member.school_id, session=session), filters)
    else:
        rows = own_works(member, filters)
    order = LAST_THROWN_AWAY if filters.trashed and sort == "newest" else SORTS[sort]
    return page(rows, cursor=cursor, order=order, beside=("root",))


def kinds_of(member: Membership) -> Kinds:
    """Of all own works outside of the trash. One query, from an index alone."""
    rows = Artifact.objects.filter(owner=member, is_current=True, trashed_at=None, purged_at=None)
    found = list(rows.order_by().values_list("medium", "source", "model").annotate(count=Count("pk")))
    columns = []
    for place in range(3):
        counts: Counter[str] = Counter()
        for row in found:
            counts[row[place]] += row[3]
        columns.append([name for name, _ in counts.most_common() if name])
    return Kinds(*columns)


def tags_of(member: Membership, q: str = "", *, limit: int = TAGS_SHOWN) -> list[TagCount]:
    """Own tags that hold `q`, whatever its case, most used first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TAGS, [member.pk, q.strip(), q.strip(), limit])
        return [TagCount(tag, count) for tag, count in cursor.fetchall()]
