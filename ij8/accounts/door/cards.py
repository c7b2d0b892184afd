"""Cards with a QR: who may make them, for whom, and what is on one. And the list of pupils they are made from."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, KnownDevice, Membership, School, SignInCard, User

PART = 100  # pupils on one sheet: 5 s of hashing on one core


@dataclass(frozen=True)
class Face:
    """What is printed on one card. `link` is in the QR; `password` is empty unless it was made just now."""

    name: str
    username: str
    school: str
    address: str
    link: str
    password: str = ""


def pupils_of(school: School, cohort: Cohort | None = None) -> QuerySet[Membership]:
    """The pupils for whom there can be cards: those with a username here. In order of their names.

    Not who belongs to another school too: a password that is made here would open what is theirs there.
    """
    elsewhere = Membership.objects.filter(user=OuterRef("user"), active=True).exclude(school=school)
    rows = Membership.objects.filter(~Exists(elsewhere), school=school, role=Membership.Role.STUDENT, active=True)
    rows = rows.filter(user__school=school, user__platform_role=User.PlatformRole.NONE).exclude(user__username="")
    if cohort is not None:
        inside = CohortMembership.objects.in_force().filter(cohort=cohort, role=CohortMembership.Role.STUDENT)
        rows = rows.filter(pk__in=inside.values("member"))
    return rows.select_related("school", "user").order_by("user__name", "user__username", "id")


def with_state(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Each with `cards_valid`, and `given_password` where there is one."""
    valid = Count("cards", filter=Q(cards__revoked_at=None))
    return rows.annotate(cards_valid=valid).select_related("school", "user", "given_password")


def without_username(school: School, cohort: Cohort | None) -> int:
    """Pupils who cannot have a card, since nobody gave them a username."""
    rows = Membership.objects.filter(school=school, role=Membership.Role.STUDENT, active=True, user__username="")
    if cohort is not None:
        rows = rows.filter(cohorts__cohort=cohort)
    return rows.count()


def page_for(pupil: Membership, by: Membership) -> str | None:
    """Where `by` makes cards for this pupil; None where that is somebody else's business."""
    if by.role == Membership.Role.ADMIN:
        return reverse("school_cards")
    places = CohortMembership.objects.in_force().filter(cohort__archived_at=None)
    inside = places.filter(member=pupil, role=CohortMembership.Role.STUDENT)
    led = places.filter(member=by, role=CohortMembership.Role.LEAD_TEACHER, cohort__in=inside.values("cohort"))
    cohort = led.order_by("id").values_list("cohort", flat=True).first()
    return reverse("class_cards", args=[cohort]) if cohort else None


def make_cards(
    *, members: Sequence[Membership], by: Membership | None, passwords: dict[Membership, str] | None = None
) -> list[Face]:
    """New cards for these, whose schools and users are loaded. Cards printed before stay valid, the latest few of each."""
    secrets_of = {member: secrets.token_urlsafe(16) for member in members}  # 128 bits: no slow hash is needed
    with transaction.atomic():
        SignInCard.objects.bulk_create(
            SignInCard(school_id=one.school_id, member=one, digest=digest_of(secret), made_by=by)
            for one, secret in secrets_of.items()
        )
        _drop_old(members)
    return [_face(one, secret, (passwords or {}).get(one, "")) for one, secret in secrets_of.items()]


def _drop_old(members: Sequence[Membership]) -> None:
    cards = SignInCard.objects.order_by("-created", "-id")
    for one in Membership.objects.filter(pk__in=[m.pk for m in members]).prefetch_related(Prefetch("cards", cards)):
        old = [card.pk for card in list(one.cards.all())[SignInCard.KEPT_EACH :]]
        if old:
            SignInCard.objects.filter(pk__in=old).delete()


def _face(member: Membership, secret: str, password: str) -> Face:
    door = reverse("school_sign_in", args=[member.school.slug])
    card = reverse("school_card", args=[member.school.slug])
    return Face(
        name=member.user.name,
        username=member.user.username,
        school=member.school.name,
        address=f"{settings.SITE_URL}{door}".partition("://")[2],
        link=f"{settings.SITE_URL}{card}?key={secret}",
        password=password,
    )


def revoke_cards(members: Sequence[Membership]) -> int:
    """Their cards open nothing any more. Returns how many that were."""
    rows = SignInCard.objects.filter(member__in=members, revoked_at=None)
    return rows.update(revoked_at=timezone.now())


def card_of(secret: str) -> SignInCard | None:
    """The valid card with this secret, whose owner is still a member."""
    rows = SignInCard.objects.filter(digest=digest_of(secret), revoked_at=None, member__active=True, member__role="student")
    return rows.select_related("member__user", "member__school").first()


def is_known(user: User, device: str) -> bool:
    return bool(device) and KnownDevice.objects.filter(user=user, digest=digest_of(device)).exists()


def know_device(*, member: Membership, device: str) -> None:
    """From now on a card alone opens the door here."""
    KnownDevice.objects.update_or_create(
        user=member.user, digest=digest_of(device), defaults={"seen": timezone.now(), "school": member.school}
    )


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
