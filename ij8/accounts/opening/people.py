"""Bringing one person into a school by an address, and the link that lets a new one in where no mail can be sent."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.urls import reverse

from ij8.accounts.backend import may_sign_in
from ij8.accounts.models import CohortMembership, Membership, School, User

SALT = "ij8.welcome"


def bring_in(*, school: School, email: str, name: str, role: str, age_band: str = "", brings_back: bool = True) -> Membership:
    """The person with this address, who is made when there is none, as a member. A role that somebody has already stays.

    A membership that had ended begins again with the `role` and in no class, for power over pupils is given anew, and keeps its
    age band where none is given. Where nobody of the school has decided that (`brings_back` False) it stays ended.
    """
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name=name)
        given = {"role": role, "age_band": age_band}
        member, made = Membership.objects.get_or_create(user=user, school=school, defaults=given)
        if brings_back and not made and not member.active:
            CohortMembership.objects.filter(member=member).delete()
            given["age_band"] = age_band or member.age_band
            Membership.objects.filter(pk=member.pk, active=False).update(active=True, left_at=None, **given)
            member.refresh_from_db()
    return member


def welcome_url(user: User) -> str:
    """The full address at which somebody who never came in chooses a password; "" for all others. It lasts as long as Django's
    links for a new password, and until the password is chosen.
    """
    if not is_new(user):
        return ""
    key = signing.dumps([str(user.pk), default_token_generator.make_token(user)], salt=SALT, compress=True)
    return f"{settings.SITE_URL}{reverse('welcome')}?{urlencode({'key': key})}"


def welcomed(key: str) -> User | None:
    """Whose link it is, while it may be used."""
    try:
        ident, token = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=ident).first()
    good = user is not None and is_new(user) and may_sign_in(user) and default_token_generator.check_token(user, token)
    return user if good else None


def is_new(user: User) -> bool:
    """Nobody has ever been in: a link made by one school must not open what somebody has in another."""
    return user.last_login is None and not user.has_usable_password() and user.memberships.count() == 1
