"""What AI work costs, and the keys that pay for it. One file a subject."""

from ij8.ai.models.budgets import AdviceDismissed, Budget, BudgetCounter, BudgetGrant, SpendPolicy
from ij8.ai.models.keys import DataKey, Level, ProviderKey, ProviderRules
from ij8.ai.models.ledger import LedgerEntry, SpendDay, SpendMonth
from ij8.ai.models.prices import Price

__all__ = [
    "AdviceDismissed",
    "Budget",
    "BudgetCounter",
    "BudgetGrant",
    "DataKey",
    "LedgerEntry",
    "Level",
    "Price",
    "ProviderKey",
    "ProviderRules",
    "SpendDay",
    "SpendMonth",
    "SpendPolicy",
]
