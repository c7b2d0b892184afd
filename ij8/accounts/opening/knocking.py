"""Somebody without an account at the door: what becomes of it depends on the school, what is answered does not.

Whether an address is known, on a list or new is told to that address alone. So each knock ends in one mail (where mail goes
out) and one answer on the page; the mail says which it was.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from ij8.accounts.asks import make_ask
from ij8.accounts.models import OPEN_SCHOOL, AgeBand, Ask, Membership, School, SignUpPolicy, User
from ij8.accounts.opening.kinds import Knock, SchoolWish
from ij8.accounts.opening.letters import write_later_to
from ij8.accounts.opening.people import bring_in
from ij8.accounts.opening.schools import sign_up_of
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.words import must_pass
from ij8.core.errors import Conflict

SALT = "ij8.sign-up"
KEY_LASTS_S = 3 * 24 * 3600
QUIET_S = 10 * 60  # the same person knocks again: the same answer, and no further mail
Mode = SignUpPolicy.Mode


@dataclass(frozen=True)
class Invited:
    """What a mailed key says: this address may make an account there."""

    school: School
    name: str
    email: str
    adults_only: bool


def listed_schools() -> list[School]:
    """Those that say publicly that one may ask; the open school first."""
    rows = School.objects.exclude(sign_up__mode=Mode.CLOSED).filter(Q(sign_up__isnull=False) | Q(slug=OPEN_SCHOOL))
    found = [one for one in rows.order_by("name", "id") if not one.is_open_school or sign_up_of(one).mode != Mode.CLOSED]
    return sorted(found, key=lambda one: not one.is_open_school)


def school_named(typed: str) -> School | None:
    """By its short name, or by its name in any case when only one has it."""
    typed = " ".join(typed.split())
    found = list(School.objects.filter(Q(slug=typed.lower()) | Q(name__iexact=typed)).order_by("id")[:3])
    exact = [one for one in found if one.slug == typed.lower()] or found
    return exact[0] if len(exact) == 1 else None


def may_come_in(policy: SignUpPolicy, email: str) -> bool:
    """Whether the school lets this address in by itself, once it is proven."""
    if policy.mode == Mode.ADULTS:
        return True
    domain = email.rpartition("@")[2]
    return policy.mode == Mode.LISTED and (email in policy.addresses or domain in policy.school.email_domains)


def knock(*, school: School, name: str, email: str, words: str) -> None:
    """Mails the way in to whom the school lets in, a word to whom it knows, and hands every other knock to who decides.

    Invalid for a name that the filter of words refuses.
    """
    must_pass(Membership(school=school, role=_role_of_newcomers(school)), name)
    if _knocked_just_now(school, email):
        return
    with transaction.atomic():
        known, has_left = _known(school, email)
        waits = _waiting(school, email)
        lets_in = mail_goes_out() and may_come_in(sign_up_of(school), email) and not has_left
        stays = not (known or lets_in or waits)
        kind = "artist" if school.is_open_school else "account"
        with transaction.atomic():  # made in every case, so that none takes longer than another
            make_ask(kind=kind, school=school, asked_by=None, details=Knock(name=name, email=email), words=words)
            transaction.set_rollback(not stays)
        if known:
            write_later_to("known", email, school=school)
        elif lets_in:
            write_later_to("make_account", email, school=school, name=name, link=_link(school, name, email))
        else:
            write_later_to("asked", email, school=school, name=name)


def ask_for_school(*, asked_by: Membership | None, wish: SchoolWish, words: str) -> None:
    open_school = School.objects.filter(slug=OPEN_SCHOOL).get()
    if _knocked_just_now(open_school, wish.email, wish.school_name):
        return
    try:
        make_ask(kind="school", school=open_school, asked_by=asked_by, details=wish, words=words)
    except Conflict:
        return  # the same person asked for the same school before: the answer stays the same


def invited(key: str) -> Invited | None:
    """What the key of a mail says, while it holds and the school still lets the address in."""
    try:
        slug, name, email = signing.loads(key, salt=SALT, max_age=KEY_LASTS_S)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    school = School.objects.filter(slug=slug).first()
    policy = sign_up_of(school) if school else None
    if school is None or policy is None or not may_come_in(policy, email) or _known(school, email)[1]:
        return None
    return Invited(school, name, email, policy.mode == Mode.ADULTS)


def come_in(found: Invited) -> User:
    """Makes the account; the person who opened it twice gets the same one, and who was sent away stays away."""
    role = _role_of_newcomers(found.school)
    band = AgeBand.ADULT if found.adults_only else ""
    return bring_in(school=found.school, email=found.email, name=found.name, role=role, age_band=band, brings_back=False).user


def _role_of_newcomers(school: School) -> Membership.Role:
    return Membership.Role.USER if school.is_open_school else Membership.Role.STUDENT


def _link(school: School, name: str, email: str) -> str:
    key = signing.dumps([school.slug, name, email], salt=SALT, compress=True)
    return f"{settings.SITE_URL}{reverse('sign_up')}?{urlencode({'key': key})}"


def _known(school: School, email: str) -> tuple[bool, bool]:
    """Whether this address is a member's, and whether it was one's whose membership has ended: only people undo that."""
    found = Membership.objects.filter(school=school, user__email__iexact=email).values_list("active", flat=True).first()
    return found is True, found is False


def _waiting(school: School, email: str) -> bool:
    same = {"school": school, "details__email": email, "kind__in": ("account", "artist")}
    return Ask.objects.filter(state=Ask.State.OPEN, **same).exists()


def _knocked_just_now(school: School, *who: str) -> bool:
    mark = hashlib.sha256("\n".join(who).encode()).hexdigest()
    return not cache.add(f"knock:{school.pk}:{mark}", 1, QUIET_S)
