"""Whoever leaves a school can take the works along: copied into a personal account of the open school.

An admin offers, the person says yes in the personal account, and the copying goes on in steps until nothing is left; who is
killed in the middle begins again where it was. The school keeps what it has.
"""

import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import OPEN_SCHOOL, Handover, Membership, School
from ij8.accounts.notices import NoticeKind, notify
from ij8.accounts.opening.people import bring_in
from ij8.accounts.people.rules import Role, refuse_strangers
from ij8.core.chores import Chore
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.core.registry import Registry

State = Handover.State
Step = Callable[[Handover], int]
HANDOVERS: Registry[Step] = Registry("step of a handover")  # copies a few rows; returns how many of them are still to come
OFFERED = NoticeKind(gettext_lazy("%(school)s offers you the works you made there."), "download")
DONE = NoticeKind(gettext_lazy("Your works from %(school)s are in your library."), "check")


def offer_handover(*, member: Membership, email: str, by: Membership) -> Handover:
    """To an address, whose person is made in the open school when there is none, as old as the one who leaves.

    Forbidden; Conflict for works that are offered already, and for an account whose membership of the open school has ended.
    """
    refuse_strangers(by, member)
    if by.role != Role.ADMIN or by.pk == member.pk:
        raise Forbidden(_("Another admin of your school can do this."))
    home = School.objects.filter(slug=OPEN_SCHOOL).first()
    if home is None or home.pk == member.school_id:
        raise Conflict(_("This is a personal account already."), code="personal")
    with transaction.atomic():
        newcomer = {"email": email.strip().lower(), "name": member.user.name, "age_band": member.counted_band}
        to = bring_in(school=home, role=Role.USER, brings_back=False, **newcomer)
        if not to.active:
            raise Conflict(_("The personal account of this address is closed. Offer the works to another address."), code="left")
        try:
            with transaction.atomic():
                made = Handover.objects.create(school_id=member.school_id, member=member, to=to, offered_by=by)
        except IntegrityError as error:
            raise Conflict(_("The works of this person are offered already."), code="offered") from error
        notify([to], "handover-offered", {"school": member.school.name}, url="/handovers/")
    return made


def withdraw_handover(*, member: Membership, by: Membership) -> None:
    """While nobody has said yes."""
    refuse_strangers(by, member)
    if by.role != Role.ADMIN:
        raise Forbidden(_("Only an admin of your school can do this."))
    Handover.objects.filter(member=member, state=State.OFFERED).update(state=State.WITHDRAWN, ended_at=timezone.now())


def offers_to(member: Membership) -> QuerySet[Handover]:
    """To this person, whichever of her memberships she acts as."""
    rows = Handover.objects.filter(to__user_id=member.user_id).exclude(state=State.WITHDRAWN)
    return rows.select_related("school", "member__user").order_by("-created")


def answer_handover(*, handover_id: uuid.UUID, by: Membership, accept: bool) -> None:
    """By the person to whom it was offered. NotFound for others, Conflict once it was answered."""
    found = Handover.objects.filter(pk=handover_id, to__user_id=by.user_id)
    if not found.exclude(state=State.WITHDRAWN).exists():
        raise NotFound()
    new = {"state": State.COPYING} if accept else {"state": State.DECLINED, "ended_at": timezone.now()}
    if not found.filter(state=State.OFFERED).update(**new):
        raise Conflict(_("This has been answered already."), code="answered")


def go_on() -> None:
    """One step of each that is being copied. Two workers may do it at once: a step done twice is done once."""
    for handover in Handover.objects.filter(state=State.COPYING).select_related("school", "member__user", "to"):
        left = sum(HANDOVERS[name](handover) for name in HANDOVERS)
        if left == 0 and Handover.objects.filter(pk=handover.pk, state=State.COPYING).update(
            state=State.DONE, ended_at=timezone.now()
        ):
            notify([handover.to], "handover-done", {"school": handover.school.name}, url="/works/")


GO_ON = Chore(5.0, go_on)
