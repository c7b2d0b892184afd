"""The code of a class: shown on its board, typed by pupils, changed or switched off at any time.

Eight signs of 23 are 2^36 codes. Who may try twenty a minute needs, with a thousand classes, about seven years to find one;
from a school's own network, where three hundred a minute are heard, half a year.
"""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.door.passwords import give_passwords
from ij8.accounts.joining.guesses import count_wrong, refuse_guesser
from ij8.accounts.models import Cohort, CohortMembership, JoinCode, Membership, User
from ij8.accounts.people.names import clean_name, clean_username
from ij8.accounts.people.places import add_to_cohort
from ij8.accounts.people.rules import leads, lock_school, refuse_archived, refuse_strangers
from ij8.accounts.words import must_pass
from ij8.core.errors import Conflict, Forbidden, NotFound

ALPHABET = "BCDFGHJKMNPQRSTVWXZ3479"  # no vowels, so no words; of signs that look alike one
LOOK_ALIKE = str.maketrans("8526", "BSZG")
LENGTH = 8
MOST_USES = 1000


def canonical(typed: str) -> str:
    """As it is kept: upper case, without dashes and spaces, what looks alike taken for the sign that is meant."""
    return "".join(typed.upper().split()).replace("-", "").replace("–", "").translate(LOOK_ALIKE)


def new_code(*, cohort: Cohort, by: Membership, days: int | None = 30, most_uses: int | None = None) -> JoinCode:
    """A code from now on; the one before ends. `days` None: until it is changed. Forbidden, Conflict for an archived class."""
    _check(cohort, by)
    refuse_archived(cohort)
    expires = timezone.now() + timedelta(days=days) if days else None
    with transaction.atomic():
        Cohort.objects.select_for_update(no_key=True).filter(pk=cohort.pk).first()
        JoinCode.objects.filter(cohort=cohort, ended_at=None).update(ended_at=timezone.now())
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        return JoinCode.objects.create(
            school_id=cohort.school_id, cohort=cohort, code=code, made_by=by, expires=expires, most_uses=most_uses
        )


def end_code(*, cohort: Cohort, by: Membership) -> None:
    _check(cohort, by)
    JoinCode.objects.filter(cohort=cohort, ended_at=None).update(ended_at=timezone.now())


def code_of(cohort: Cohort) -> JoinCode | None:
    """The one that was not switched off; it may be too old or used up."""
    return JoinCode.objects.filter(cohort=cohort, ended_at=None).first()


def find_code(typed: str, who: str) -> JoinCode:
    """The live code, with its class and school. NotFound, the same for unknown, ended, too old and used up; LimitReached."""
    refuse_guesser(who)
    code = canonical(typed)[: LENGTH + 1]
    found = JoinCode.objects.live().filter(code=code).select_related("cohort__school").first()
    if found is None:
        count_wrong(who, code)
        raise NotFound()
    return found


def join_with(*, code: JoinCode, user: User) -> Membership:
    """Somebody with an account becomes a pupil of the class; nothing of hers changes. Who is in it already stays as she is.

    Conflict when the code ended meanwhile, for who left the school, and for its teachers and admins.
    """
    with transaction.atomic():
        lock_school(code.school_id)
        member = Membership.objects.filter(user=user, school_id=code.school_id).first()
        if member and not member.active:
            raise Conflict(_("You have left this school. Ask a teacher to bring you back."), code="left")
        if member and CohortMembership.objects.in_force().filter(cohort=code.cohort, member=member).exists():
            return member
        if member and member.is_staff_of_school:
            raise Conflict(_("This code is for pupils, and you teach at this school. Ask who leads the class."), code="is_staff")
        member = member or Membership.objects.create(user=user, school_id=code.school_id, role=Membership.Role.STUDENT)
        add_to_cohort(cohort=code.cohort, member=member, by=None)
        _use(code)
    return member


def join_as_new(*, code: JoinCode, username: str, name: str = "") -> tuple[Membership, str]:
    """A pupil's account of this school, and its password, which nobody can show again.

    Conflict for a username that is taken, Invalid for one that the filter of words refuses, which the class's teachers see.
    """
    wanted = clean_username(username)
    newcomer = Membership(school=code.school, role=Membership.Role.STUDENT)
    must_pass(newcomer, wanted, field="username", cohort_id=code.cohort_id)
    try:
        with transaction.atomic():
            user = User(school=code.school, username=wanted, name=clean_name(name) if name.strip() else "")
            user.set_unusable_password()
            user.save(force_insert=True)
            member = Membership.objects.create(user=user, school=code.school, role=Membership.Role.STUDENT)
            add_to_cohort(cohort=code.cohort, member=member, by=None)
            password = give_passwords(members=[member], by=None)[member]
            _use(code)  # last: the row is locked for everybody else in the class from here on
    except IntegrityError:
        raise Conflict(
            _("Somebody has this username already. Choose another one."), code="username_taken", field="username"
        ) from None
    return member, password


def _use(code: JoinCode) -> None:
    if not JoinCode.objects.live().filter(pk=code.pk).update(uses=F("uses") + 1):
        raise Conflict(_("This code has just ended. Ask for the one that is shown now."), code="code_ended")


def _check(cohort: Cohort, by: Membership) -> None:
    refuse_strangers(by, cohort)
    if not leads(by, cohort):
        raise Forbidden(_("Only the lead teachers of this class and the school's admins can do this."))
