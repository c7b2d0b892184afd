"""What protects people, and what a school decides about it."""

from ij8.safety.models.consent import Consent, ConsentKind, ConsentLetter
from ij8.safety.models.policy import SafetyPolicy, Strictness, Use
from ij8.safety.models.refusals import Allowance, Refusal
from ij8.safety.models.remote import HpcGrant
from ij8.safety.models.reports import Hidden, Report
from ij8.safety.models.rules import Acceptance, HouseRules

__all__ = [
    "Acceptance",
    "Allowance",
    "Consent",
    "ConsentKind",
    "ConsentLetter",
    "Hidden",
    "HouseRules",
    "HpcGrant",
    "Refusal",
    "Report",
    "SafetyPolicy",
    "Strictness",
    "Use",
]
