"""A colleague's lost second step, taken away by an admin when nothing else helps: no app, no passkey, no recovery codes.

School admins help their school's staff, platform admins help school admins; so no admin opens the door of an equal.
"""

import uuid
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.door.sessions import end_all_of
from ij8.accounts.models import KnownDevice, Membership, SecondStepRemoval, User
from ij8.accounts.notices import NoticeKind, notify
from ij8.accounts.people.rules import Role
from ij8.accounts.people.services import is_of_this_school
from ij8.core.errors import Conflict, Forbidden, NotFound

REMOVED = NoticeKind(
    gettext_lazy("%(name)s took your second step away, since you had lost it. Was it not you who asked? Tell your admins."),
    "shield", group="house",
)  # fmt: skip


def has_second_step(user: User) -> bool:
    return bool(is_mfa_enabled(user, ["totp", "webauthn"]))


def with_second_step(user_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of many people who have one. One query."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return set(Authenticator.objects.filter(user_id__in=user_ids, type__in=kinds).values_list("user_id", flat=True))


def may_remove_second_step(by: Membership, member: Membership) -> bool:
    """Whether this is hers to do at all; for a platform admin `member` may be of any school."""
    if by.user_id == member.user_id or not member.active:
        return False
    if by.user.platform_role == User.PlatformRole.ADMIN and member.role == Role.ADMIN:
        return not member.user.platform_role
    return by.school_id == member.school_id and by.role == Role.ADMIN and member.role in (Role.TEACHER, Role.USER)


def remove_second_step(*, member: Membership, by: Membership) -> None:
    """Signed out everywhere; must set a new one up at the next sign-in. Forbidden; Conflict where there is none, or for who
    belongs to another school too, which a platform admin does.
    """
    if not may_remove_second_step(by, member):
        raise Forbidden(_("School admins do this for their teachers, platform admins for school admins."))
    if by.user.platform_role != User.PlatformRole.ADMIN and not is_of_this_school(member):
        raise Conflict(_("This person belongs to another school too. Ask an admin of the platform."), code="not_ours")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=member.user_id).first()
        if user is None:
            raise NotFound()
        if not has_second_step(user):
            raise Conflict(_("%(name)s has no second step.") % {"name": user}, code="no_second_step")
        Authenticator.objects.filter(user_id=user.pk).delete()
        KnownDevice.objects.filter(user=user).delete()
        SecondStepRemoval.objects.create(school_id=member.school_id, member=member, by=by)
        end_all_of([user])
        notify([member], "second-step-removed", {"name": str(by.user)}, "/settings/security/")


def must_set_up_again(user: User) -> bool:
    """Whose second step was taken away has one again before anything else."""
    return SecondStepRemoval.objects.filter(member__user=user).exists()
