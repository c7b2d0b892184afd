"""Invitations: made, mailed, shown, sent again, taken back. Accepting one is in accepting.py.

The secret exists in the mail or on the issuer's page alone; the row keeps its digest, and sending again makes a new one.
"""

import hashlib
import logging
import secrets
import uuid
from datetime import timedelta
from smtplib import SMTPException
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.joining.offers import OFFERS, offers_of
from ij8.accounts.models import Cohort, CohortMembership, Invitation, Membership
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.people.rules import leads, led_by, lock_school, may_grant, refuse_archived, refuse_strangers
from ij8.core.errors import Conflict, Forbidden, Ij8Error, Invalid, NotFound

log = logging.getLogger(__name__)
LIFETIME = timedelta(days=14)


def waiting() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, taken_back_at=None, expires__gt=timezone.now())


def invite(*, by: Membership, email: str, offer: str, cohort: Cohort | None = None, words: str = "") -> tuple[Invitation, str]:
    """The invitation and its link. An earlier one that waits for the same is renewed, so that its old link ends.

    Forbidden for a role that `by` may not give, Conflict for who is in the school already.
    """
    email = email.strip().lower()
    _check(by, offer, cohort)
    given = OFFERS[offer]
    cohort_role = given.cohort_role if cohort else ""
    with transaction.atomic():
        lock_school(by.school_id)
        if cohort is None and Membership.objects.filter(school_id=by.school_id, user__email=email, active=True).exists():
            raise Conflict(
                _("This person is in your school already. Change the role on their page."), code="is_here", field="email"
            )
        same = waiting().filter(school_id=by.school_id, email=email, role=given.role, cohort=cohort, cohort_role=cohort_role)
        invitation = same.first() or Invitation(
            school_id=by.school_id, email=email, role=given.role, cohort=cohort, cohort_role=cohort_role, invited_by=by
        )
        invitation.words, invitation.invited_by = words, by
        link = renew_invitation(invitation)
    return invitation, link


def _check(by: Membership, offer: str, cohort: Cohort | None) -> None:
    if offer not in OFFERS:
        raise Invalid(_("There is no such role."), field="offer", allowed=", ".join(OFFERS))
    if offer not in offers_of(by):
        raise Forbidden(_("Only an admin of your school can invite somebody in this role."))
    if cohort:
        refuse_strangers(by, cohort)
        refuse_archived(cohort)
        if not _may_seat(by, cohort, OFFERS[offer].cohort_role):
            raise Forbidden(_("Only the lead teachers of this class and the school's admins can do this."))
    elif by.role != Membership.Role.ADMIN or OFFERS[offer].needs_class:
        raise Invalid(_("Choose the class."), field="cohort", allowed=_("a class"))


def _may_seat(by: Membership, cohort: Cohort, role: str) -> bool:
    """Pupils also as a substitute; who else is in the class is said by those who lead it for good."""
    return leads(by, cohort, for_good=role != CohortMembership.Role.STUDENT)


def still_holds(invitation: Invitation) -> bool:
    """An invitation is worth as much as the right of who gave it, now. Two queries at most, with issuer and class loaded."""
    by = invitation.invited_by
    if not by.user.is_active or not may_grant(by, invitation.role):
        return False
    if invitation.cohort:
        return _may_seat(by, invitation.cohort, invitation.cohort_role)
    return by.role == Membership.Role.ADMIN


def renew_invitation(invitation: Invitation) -> str:
    """A new secret and a new fortnight; what was sent before ends. Returns the link."""
    secret = secrets.token_urlsafe(32)
    invitation.digest = digest_of(secret)
    invitation.expires = timezone.now() + LIFETIME
    invitation.sent_at = None
    invitation.save()
    return f"{settings.SITE_URL}{reverse('invitation')}?{urlencode({'key': secret})}"


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()  # 256 random bits need no slow hash


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Whether it went out by mail. Outside of any transaction, for this waits for the network."""
    if not mail_goes_out():
        return False
    context = {"invitation": invitation, "link": link, "by": invitation.invited_by.user, "days": LIFETIME.days}
    subject = " ".join(render_to_string("joining/mail/invitation_subject.txt", context).split())
    try:
        send_mail(subject, render_to_string("joining/mail/invitation.txt", context).strip(), None, [invitation.email])
    except (OSError, SMTPException, Ij8Error) as error:
        log.warning("invitation not sent: %s", error)
        return False
    invitation.sent_at = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=invitation.sent_at)
    return True


def send_new(ids: list[str]) -> None:
    """Mails what a roster brought, after its transaction. Those that cannot be mailed wait on the list of invitations."""
    if mail_goes_out():
        for invitation in waiting().filter(pk__in=ids).select_related("school", "cohort", "invited_by__user"):
            send_invitation(invitation, renew_invitation(invitation))


def renew(*, invitation_id: uuid.UUID, by: Membership) -> tuple[Invitation, str]:
    """Another link, also for one that is too old; where its issuer may give it no more, `by` does.

    Conflict when it was accepted or taken back.
    """
    with transaction.atomic():
        invitation = access_invitation(by, invitation_id, lock=True)
        if invitation.accepted_at or invitation.taken_back_at:
            told = invitation.State(invitation.state).label
            raise Conflict(_("This invitation is %(state)s. Make a new one.") % {"state": told}, code="ended")
        if invitation.cohort:
            refuse_archived(invitation.cohort)
        if not still_holds(invitation):
            invitation.invited_by = by
        link = renew_invitation(invitation)
    return invitation, link


def take_back(*, invitation_id: uuid.UUID, by: Membership) -> None:
    """Its link opens nothing any more. Conflict when somebody has accepted it."""
    with transaction.atomic():
        invitation = access_invitation(by, invitation_id, lock=True)
        if invitation.accepted_at:
            raise Conflict(_("This invitation was accepted. End the membership on the person's page."), code="accepted")
        Invitation.objects.filter(pk=invitation.pk, taken_back_at=None).update(taken_back_at=timezone.now())


def invitations_of(by: Membership, cohort: Cohort | None = None) -> QuerySet[Invitation]:
    """Those that this person may see: an admin the school's, a teacher those of the classes that she leads."""
    rows = Invitation.objects.filter(school_id=by.school_id)
    if cohort:
        rows = rows.filter(cohort=cohort)
    if by.role != Membership.Role.ADMIN:
        mine = led_by(by).filter(role="lead_teacher").values("cohort")
        rows = rows.filter(Q(cohort__in=mine))
    return rows


def access_invitation(by: Membership, invitation_id: uuid.UUID, *, lock: bool = False) -> Invitation:
    """NotFound for another school's; Forbidden for a class that she does not lead or a role that she may not give."""
    rows = Invitation.objects.filter(school_id=by.school_id, pk=invitation_id)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    invitation = rows.select_related("school", "cohort__school", "invited_by__user").first()
    if invitation is None:
        raise NotFound()
    given = {(offer.role, offer.cohort_role if invitation.cohort else "") for offer in offers_of(by).values()}
    place, is_admin = invitation.cohort_role, by.role == Membership.Role.ADMIN
    leads_it = _may_seat(by, invitation.cohort, place) if invitation.cohort else is_admin
    if not leads_it or (invitation.role, invitation.cohort_role) not in given:
        raise Forbidden(_("Only the admins of your school and the lead teachers of that class can do this."))
    return invitation
