"""What a person asked for before: read from her own turns, each wish once, the newest first."""

from ij8.accounts.models import Membership
from studio.models import Turn

READ = 300
SHOWN = 30
OPERATIONS = ("image.generate",)


def wishes(member: Membership, words: str = "", *, most: int = SHOWN) -> list[Turn]:
    """Her newest turns whose prompt holds `words`; of the same prompt the newest. One query."""
    rows = Turn.objects.filter(session__member=member, session__trashed_at=None, trashed_at=None, operation__in=OPERATIONS)
    if words.strip():
        rows = rows.filter(prompt__icontains=words.strip())
    newest: dict[str, Turn] = {}
    for turn in rows.exclude(prompt="").order_by("-created", "-id")[:READ]:
        newest.setdefault(turn.prompt.strip().casefold(), turn)
        if len(newest) == most:
            break
    return list(newest.values())
