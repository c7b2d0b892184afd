"""What AI work costs, and the keys that pay for it. One file a subject."""

from ij8.ai.models.ledger import LedgerEntry

__all__ = ["LedgerEntry"]
