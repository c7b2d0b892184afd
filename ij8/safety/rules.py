"""The rules of a house: versions, and who has accepted the one in use."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.accounts.people.rules import lock_school
from ij8.core.errors import Conflict, Invalid, NotFound
from ij8.safety.models import Acceptance, HouseRules


def rules_of(school_id: uuid.UUID) -> HouseRules | None:
    """The version in use; None while a school has none."""
    return HouseRules.objects.filter(school_id=school_id).order_by("-version").first()


def rules_to_accept(member: Membership) -> HouseRules | None:
    """The version in use if this person has not accepted it. One query."""
    accepted = Acceptance.objects.filter(rules=OuterRef("pk"), member=member)
    rows = HouseRules.objects.filter(school_id=member.school_id).annotate(is_accepted=Exists(accepted))
    newest = rows.order_by("-version").first()
    return newest if newest and not newest.is_accepted else None


def write_rules(*, by: Membership, words: str) -> HouseRules:
    """The next version, which everybody is asked to accept."""
    text = words.strip()
    if not text:
        raise Invalid(_("Write the rules first."), field="words")
    with transaction.atomic():
        lock_school(by.school_id)
        present = rules_of(by.school_id)
        if present and present.words == text:
            raise Conflict(_("These are the rules already in use."), code="same_words")
        version = present.version + 1 if present else 1
        return HouseRules.objects.create(school_id=by.school_id, version=version, words=text, by=by)


def accept(*, member: Membership, version: int) -> Acceptance:
    """Of the version that was read; a newer one is asked for again."""
    rules = HouseRules.objects.filter(school_id=member.school_id, version=version).first()
    if rules is None:
        raise NotFound()
    return Acceptance.objects.get_or_create(member=member, rules=rules, defaults={"school_id": member.school_id})[0]


def acceptances_of(rules: HouseRules) -> QuerySet[Acceptance]:
    """Newest first, of those who are in the school now."""
    rows = Acceptance.objects.filter(rules=rules, member__active=True, member__user__is_active=True)
    return rows.select_related("member__user").order_by("-accepted_at", "-id")


def who_has_not(rules: HouseRules) -> QuerySet[Membership]:
    """Everybody in the school who has not accepted them, by name."""
    rows = Membership.objects.filter(school_id=rules.school_id, active=True, user__is_active=True)
    rows = rows.exclude(pk__in=Acceptance.objects.filter(rules=rules).values("member"))
    return rows.select_related("user").order_by("user__name", "id")
