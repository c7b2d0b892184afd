"""What becomes of money and keys when two accounts become one.

The ledger is append-only, and its sums and counters tell what the ledger tells: so all of it stays where it was booked.
"""

from ij8.accounts.models import Membership
from ij8.ai.models import Level, ProviderKey


def merge(kept: Membership, dropped: Membership) -> None:
    """A key of somebody's own is bound to the account that set it: it is forgotten, never handed to another."""
    ProviderKey.objects.filter(level=Level.PERSONAL, member=dropped).delete()
