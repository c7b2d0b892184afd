"""Who outside may see what minors type and make, and under which id a provider knows a person."""

from collections.abc import Iterable

from django.db.models import Exists
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership
from ij8.safety.bands import is_minor
from ij8.safety.models import Consent, ConsentKind, SafetyPolicy

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
    return provider in may_see([provider], member)


def may_see(providers: Iterable[str], member: Membership) -> frozenset[str]:
    """Those of `providers` of whom `may_see_minors` is true. One query; none for an adult or no provider."""
    asked = frozenset(providers)
    if not asked or not is_minor(member):
        return asked
    agreed = Consent.objects.filter(member=member, kind=ConsentKind.AI_PROVIDERS, withdrawn_at=None)
    policy = SafetyPolicy.objects.filter(pk=member.school_id).annotate(is_agreed=Exists(agreed)).first()
    if policy is None or (ConsentKind.AI_PROVIDERS in policy.consent_needed and not policy.is_agreed):
        return frozenset()
    return asked & frozenset(policy.minors_providers)


def provider_user_id(member: Membership) -> str:
    """Stable for one person in one school, and tells a provider neither name nor school: 32 hexadecimal digits."""
    return salted_hmac(f"provider:{member.school_id}", str(member.pk), algorithm="sha256").hexdigest()[:32]
