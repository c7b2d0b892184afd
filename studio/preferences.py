"""How a person likes the studio: read by its pages, changed by its buttons."""

from ij8.accounts.models import Membership
from studio.models import StudioPreferences


def preferences_of(member: Membership) -> StudioPreferences:
    """The row, or a new one with the defaults that is not stored. One query; none where it came along with the member."""
    try:
        return member.studio_preferences
    except StudioPreferences.DoesNotExist:
        return StudioPreferences(school_id=member.school_id, member=member)


def change_preferences(member: Membership, **changes: bool) -> None:
    StudioPreferences.objects.update_or_create(
        member=member, defaults=changes, create_defaults={"school": member.school, **changes}
    )
