"""Who outside may see what minors type and make, and under which id a provider knows a person."""

from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership
from ij8.safety.bands import is_minor, policy_of
from ij8.safety.consent import has_consent
from ij8.safety.models import ConsentKind

# engines whose work leaves the house, with what a school reads of them; an app adds its own in its `ready()`
PROVIDERS: dict[str, str | Promise] = {
    "gemini": _("Google Gemini"),
    "openai": _("OpenAI"),
    "ollama": _("Ollama"),
    "minimax": _("MiniMax"),
    "runcomfy": _("RunComfy"),
}


def may_see_minors(provider: str, member: Membership) -> bool:
    """Whether `provider` (its engine's name) may see what this person types and makes. Asked where calls are made.

    For adults always. For minors by the school's decision, and by the consent of guardians where the school asks for it.
    Never cached: a withdrawal holds from the next call on.
    """
    if not is_minor(member):
        return True
    policy = policy_of(member.school_id)
    if provider not in policy.minors_providers:
        return False
    return ConsentKind.AI_PROVIDERS not in policy.consent_needed or has_consent(member, ConsentKind.AI_PROVIDERS)


def provider_user_id(member: Membership) -> str:
    """Stable for one person in one school, and tells a provider neither name nor school: 32 hexadecimal digits."""
    return salted_hmac(f"provider:{member.school_id}", str(member.pk), algorithm="sha256").hexdigest()[:32]
