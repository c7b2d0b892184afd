"""Who is affected when a place or a provider is ill: whose work waits for it, and who worked with it of late."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ij8.core.ids import first_uuid7_at
from studio.models import Backend, Job, State

LATE = timedelta(hours=24)
NAMED = 5  # schools


@dataclass
class _Touched:
    """`stuck`: of what waits, what no open place may take instead."""

    waiting: int = 0
    stuck: int = 0
    waits: dict[str, int] = field(default_factory=dict)  # school: people
    used: dict[str, int] = field(default_factory=dict)


def affected_by(places: Sequence[str]) -> dict[str, str]:
    """For each of these places (slugs of Backend), a sentence that names the schools. Three queries, none for no places."""
    if not places:
        return {}
    found: dict[str, _Touched] = defaultdict(_Touched)
    for slug, school, jobs, stuck, people in _waiting(places):
        if slug in places:
            one = found[slug]
            one.waiting, one.stuck, one.waits[school] = one.waiting + jobs, one.stuck + stuck, people
    for slug, school, people in _used(places):
        found[slug].used[school] = people
    return {slug: _told(found[slug]) for slug in places}


def _waiting(places: Sequence[str]) -> "QuerySet[Job, tuple[str, str, int, int, int]]":
    elsewhere = Backend.objects.filter(enabled=True, state=Backend.State.UP).exclude(slug__in=places)
    stuck = ~Q(allowed_backends__overlap=list(elsewhere.values_list("slug", flat=True)))
    rows = Job.objects.filter(state__in=(State.QUEUED, State.HELD), allowed_backends__overlap=list(places)).order_by()
    rows = rows.annotate(place=Func(F("allowed_backends"), function="unnest", output_field=CharField()))
    people = Count("member", distinct=True)
    return (
        rows.values("place", "school__name")
        .annotate(jobs=Count("id"), stuck=Count("id", filter=stuck), people=people)
        .values_list("place", "school__name", "jobs", "stuck", "people")
    )


def _used(places: Sequence[str]) -> "QuerySet[Job, tuple[str, str, int]]":
    """By those whose work ran there; talk with a provider runs at no place of its own, but its model names it."""
    by_model = [When(model__startswith=f"{slug}/", then=Value(slug)) for slug in places]
    rows = Job.objects.filter(id__gte=first_uuid7_at(timezone.now() - LATE)).order_by()
    rows = rows.annotate(place=Case(When(backend__in=places, then=F("backend")), *by_model, output_field=CharField()))
    of_school = rows.filter(place__isnull=False).values("place", "school__name")
    return of_school.annotate(people=Count("member", distinct=True)).values_list("place", "school__name", "people")


def _told(one: _Touched) -> str:
    lines = []
    if one.waiting:
        what = ngettext("%(n)d piece of work waits for it", "%(n)d pieces of work wait for it", one.waiting) % {"n": one.waiting}
        lines.append(_("%(what)s: %(who)s.") % {"what": what, "who": _who(one.waits)})
        if one.stuck:
            lines.append(ngettext("%(n)d can go nowhere else.", "%(n)d can go nowhere else.", one.stuck) % {"n": one.stuck})
    if one.used:
        lines.append(_("In the last 24 hours it worked for %(who)s.") % {"who": _who(one.used)})
    return " ".join(lines) or _("Nobody waits for it, and nobody worked with it in the last 24 hours.")


def _who(people_of: dict[str, int]) -> str:
    """Like "3 people in Linden School, Harbour School"."""
    total = sum(people_of.values())
    names = sorted(people_of, key=lambda school: (-people_of[school], school))
    shown = ", ".join(names[:NAMED])
    if more := len(names) - NAMED if len(names) > NAMED else 0:
        shown = ngettext("%(names)s and %(n)d more school", "%(names)s and %(n)d more schools", more) % {
            "names": shown,
            "n": more,
        }
    return ngettext("%(n)d person in %(schools)s", "%(n)d people in %(schools)s", total) % {"n": total, "schools": shown}
