"""Who acts in an API request."""

from typing import cast

from rest_framework.request import Request

from ij8.accounts.models import Membership


def member_of(request: Request) -> Membership:
    """Never None behind `IsMember`, which every view has unless it says otherwise."""
    return cast(Membership, request.member)  # type: ignore[attr-defined]
