"""What the search of the frame finds of the studio: own sessions, own works, and the people whose work one may see."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import CohortMembership, Membership
from ij8.core.find import Found
from studio.artifacts.library import works
from studio.models import Folder, StudioSession
from studio.sessions import sessions_of

SHOWN = 5


class Sessions:
    label, rank = gettext_lazy("Sessions"), 20

    def find(self, member: Membership, words: str) -> list[Found]:
        rows = sessions_of(member, q=words).items[:SHOWN]
        return [Found(row.title or _("New session"), reverse("studio_session", args=[row.id]), "brush") for row in rows]


class Works:
    label, rank = gettext_lazy("Works"), 30

    def find(self, member: Membership, words: str) -> list[Found]:
        if not words:
            return []
        rows = works(member, q=words).items[:SHOWN]
        return [Found(row.root.title or row.prompt or _("Untitled"), reverse("work", args=[row.id]), "image") for row in rows]


class Folders:
    label, rank = gettext_lazy("Folders"), 35

    def find(self, member: Membership, words: str) -> list[Found]:
        if not words:
            return []
        rows = Folder.objects.filter(member=member, removed_at=None, name__icontains=words).order_by("name", "pk")[:SHOWN]
        return [Found(row.name, f"{reverse('works')}?folder={row.pk}", "folder") for row in rows]


class People:
    """Pupils of the classes that one leads, and for the school's admins everybody; each leads to their newest session."""

    label, rank = gettext_lazy("People"), 40

    def find(self, member: Membership, words: str) -> list[Found]:
        if not words or member.user.platform_role:
            return []
        rows = _named(_known_to(member), words).select_related("user")
        return [_person(row) for row in _with_newest(rows, member)[:SHOWN]]


def _known_to(member: Membership) -> QuerySet[Membership]:
    rows = Membership.objects.filter(school_id=member.school_id, active=True).exclude(pk=member.pk)
    classes = ArrayAgg("cohorts__cohort__name", distinct=True, filter=Q(cohorts__cohort__isnull=False), default=[])
    if member.role != Membership.Role.ADMIN:
        led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING).values("cohort")
        rows = rows.filter(cohorts__in=CohortMembership.objects.in_force().filter(cohort__in=led))
    return rows.annotate(classes=classes)


def _named(rows: QuerySet[Membership], words: str) -> QuerySet[Membership]:
    for word in words.split():
        rows = rows.filter(Q(user__name__istartswith=word) | Q(user__name__icontains=f" {word}"))
    return rows.order_by("user__name", "id")


def _with_newest(rows: QuerySet[Membership], member: Membership) -> QuerySet[Any]:
    seen = StudioSession.objects.visible_to(member).filter(member=OuterRef("pk"), trashed_at=None)
    return rows.annotate(newest=Subquery(seen.order_by("-updated", "-id").values("id")[:1]))


def _person(row: Any) -> Found:
    """The classes are what tells two of the same name apart."""
    told = ", ".join(row.classes)
    if row.newest is None:
        return Found(str(row.user), "", "users", " · ".join(filter(None, (told, _("no session yet")))))
    return Found(str(row.user), reverse("studio_session", args=[row.newest]), "users", told)
