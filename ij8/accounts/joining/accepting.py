"""Accepting an invitation: as somebody who has an account already, or as somebody new. Once."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.joining.invitations import digest_of, still_holds, waiting
from ij8.accounts.models import AgeBand, CohortMembership, Invitation, Membership, User
from ij8.accounts.notices import NoticeKind, notify
from ij8.accounts.people.places import add_to_cohort
from ij8.accounts.people.rules import lock_school
from ij8.accounts.words import must_pass
from ij8.core.errors import Conflict

Role = Membership.Role
ACCEPTED = NoticeKind(gettext_lazy("%(name)s accepted your invitation to %(school)s."), "user-plus")
BESIDE = ("school", "cohort__school", "invited_by__user")
RANK = {Role.STUDENT: 0, Role.USER: 0, Role.TEACHER: 1, Role.ADMIN: 2}


def find_invitation(secret: str) -> Invitation | None:
    """The one that waits, with school, class and issuer. Spends nothing: mail scanners open every link."""
    found = waiting().filter(digest=digest_of(secret)).select_related(*BESIDE).first()
    return found if found is not None and still_holds(found) else None


def accept(*, invitation: Invitation, user: User) -> Membership:
    """Makes the person a member, and gives the place in the class. Whoever is a member already keeps what is more.

    Conflict when it was accepted, taken back or became too old in the meantime, or its issuer may give it no more; for the
    issuer herself; and, unless an admin gave it, for who has left the school.
    """
    with transaction.atomic():
        lock_school(invitation.school_id)
        invitation = Invitation.objects.select_related(*BESIDE).filter(pk=invitation.pk).first() or invitation
        if invitation.invited_by.user_id == user.pk:
            raise Conflict(_("You made this invitation yourself. It is for the person to whom you send it."), code="own")
        is_spent = waiting().filter(pk=invitation.pk).update(accepted_at=timezone.now())
        if not is_spent or not still_holds(invitation):
            raise Conflict(_("This invitation has been used or taken back. Ask for a new one."), code="ended")
        member = _member(invitation, user)
        if invitation.cohort and not CohortMembership.objects.in_force().filter(cohort=invitation.cohort, member=member).exists():
            add_to_cohort(cohort=invitation.cohort, member=member, role=invitation.cohort_role, by=None)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_by=member)
        told = {"name": str(user), "school": invitation.school.name}
        notify(Membership.objects.filter(pk=invitation.invited_by_id, active=True), "invitation_accepted", told)
    return member


def accept_as_new(*, invitation: Invitation, name: str, password: str = "") -> User:
    """An account with the invited address. Without a password the person signs in by mailed codes.

    Conflict when the address has an account, Invalid for a name that the filter of words refuses.
    """
    newcomer = Membership(school=invitation.school, role=invitation.role)
    must_pass(newcomer, name, cohort_id=invitation.cohort_id)
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password or None, name=name)
            accept(invitation=invitation, user=user)
    except IntegrityError:
        words = _("This address has an account already. Sign in with it, then accept the invitation.")
        raise Conflict(words, code="has_account") from None
    return user


def _member(invitation: Invitation, user: User) -> Membership:
    by_admin = invitation.invited_by.role == Role.ADMIN  # who says of everybody but pupils that they are adults
    band = AgeBand.ADULT if by_admin and invitation.role != Role.STUDENT else ""
    member, made = Membership.objects.select_for_update(of=("self",)).get_or_create(
        user=user, school_id=invitation.school_id, defaults={"role": invitation.role, "age_band": band}
    )
    if made:
        return member
    if member.merged_into_id:
        raise Conflict(_("This account was merged with another one. Sign in with that one."), code="merged")
    if not member.active and not by_admin:
        raise Conflict(_("You have left this school. Ask its admins to bring you back."), code="left")
    if not member.active:
        member.active, member.left_at, member.role = True, None, invitation.role
        CohortMembership.objects.filter(member=member).delete()
    elif RANK[Role(invitation.role)] > RANK[Role(member.role)]:
        member.role = invitation.role
    member.save(update_fields=["active", "left_at", "role"])
    return member
