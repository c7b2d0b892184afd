"""Two memberships of one school that are one person: everything of the second becomes the first's."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from ij8.accounts.links import spend_all
from ij8.accounts.members import remove_member
from ij8.accounts.models import Ask, CohortMembership, Membership, Notice, User
from ij8.accounts.people.rules import FITTING, Role, keep_an_admin, lock_school, refuse_strangers
from ij8.accounts.people.services import is_of_this_school
from ij8.core.errors import Conflict, Forbidden
from ij8.core.registry import Registry

Merger = Callable[[Membership, Membership], None]
MERGERS: Registry[Merger] = Registry("merger of two members")  # (kept, dropped): rows of an upper app change hands


def merge_members(*, kept: Membership, dropped: Membership, by: Membership) -> None:
    """Cannot be taken back. Works, sessions, jobs and places of `dropped` are `kept`'s; nobody signs in as it any more.

    Its username and address become free. Forbidden, Conflict.
    """
    refuse_strangers(by, kept, dropped)
    with transaction.atomic():
        lock_school(by.school_id)
        _refuse(kept, dropped, by)
        keep_an_admin(dropped)
        for name in MERGERS:
            MERGERS[name](kept, dropped)
        _places(kept, dropped)
        Ask.objects.filter(asked_by=dropped).update(asked_by=kept)
        Notice.objects.filter(member=dropped).update(member=kept)
        remove_member(member=dropped)
        Membership.objects.filter(pk=dropped.pk).update(merged_into=kept)
        _close_account(dropped.user)
    dropped.merged_into = kept


def _refuse(kept: Membership, dropped: Membership, by: Membership) -> None:
    rows = dict(Membership.objects.filter(pk__in=[kept.pk, dropped.pk]).values_list("pk", "role"))
    if not Membership.objects.filter(pk=by.pk, active=True, role=Role.ADMIN).exists():
        raise Forbidden(_("Only an admin of your school can do this."))
    if kept.pk == dropped.pk:
        raise Conflict(_("This is one account already."), code="same_person")
    if by.pk == dropped.pk:
        raise Forbidden(_("Your own account cannot be given up like this. Keep it, and merge the other into it."))
    if kept.merged_into_id or dropped.merged_into_id or not kept.active:
        raise Conflict(_("One of the two is gone by now. Reload the page."), code="gone")
    if not is_of_this_school(dropped):
        raise Conflict(_("The second account belongs elsewhere too. Keep that one."), code="not_ours")
    if rows[dropped.pk] != rows[kept.pk] and rows[dropped.pk] in (Role.ADMIN, Role.TEACHER):
        raise Conflict(_("The two have different roles. Give them the same one first, or keep the other."), code="roles")


def _places(kept: Membership, dropped: Membership) -> None:
    """Where both are in a class, the kept one's place stays; so does nobody come into a place that would not fit."""
    fitting = [place for place, fits in FITTING.items() if kept.role in fits]
    own = CohortMembership.objects.filter(member=kept).values_list("cohort", flat=True)
    CohortMembership.objects.filter(member=dropped, role__in=fitting).exclude(cohort__in=list(own)).update(member=kept)
    CohortMembership.objects.filter(member=dropped).delete()


def _close_account(user: User) -> None:
    """Blanked apart from the name, which stands beside what was made."""
    spend_all(user)
    EmailAddress.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(is_active=False, email=None, username="", password=make_password(None))
