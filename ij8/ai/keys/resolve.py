"""Whose key is used for a call: one's own, else the school's, else the installation's, each where it is allowed and on."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.ai.keys.rules import Rules, rules_beside, rules_of, why_no_own_key, with_rules
from ij8.ai.models import Level, ProviderKey
from ij8.ai.providers import PROVIDERS
from ij8.ai.providers.base import Credentials
from ij8.core.http import Network

USED_EVERY = timedelta(minutes=1)


def reachable(member: Membership) -> Q:
    """Rows that could serve this person, before any rule."""
    return Q(level=Level.PLATFORM) | Q(level=Level.SCHOOL, school_id=member.school_id) | Q(level=Level.PERSONAL, member=member)


def resolve_all(member: Membership) -> dict[str, ProviderKey]:
    """The key of each provider that has one for this person. As many queries as `keys_and_rules`."""
    return keys_and_rules(member)[0]


def keys_and_rules(member: Membership) -> tuple[dict[str, ProviderKey], Rules]:
    """The key of each provider that has one for this person, and the rules of her school. One query; two without any key."""
    rows = ProviderKey.objects.filter(reachable(member), enabled=True).select_related("data_key").defer("offers")
    read = list(with_rules(rows, member.school))
    rules = rules_beside(read[0], member.school) if read else rules_of(member.school)
    kept, found = {(row.level, row.provider): row for row in read}, {}
    for provider in PROVIDERS:
        for level in (Level.PERSONAL, Level.SCHOOL, Level.PLATFORM):
            row = kept.get((level, provider))
            if row and rules.allow(level, provider) and not (level == Level.PERSONAL and why_no_own_key(member)):
                found[provider] = row
                break
    return found, rules


def resolve(member: Membership, provider: str) -> ProviderKey | None:
    return resolve_all(member).get(provider)


def resolve_shared(member: Membership, provider: str) -> ProviderKey | None:
    """The school's key or the installation's, never one's own: for what the house does by itself. One query."""
    shared = Q(level=Level.PLATFORM) | Q(level=Level.SCHOOL, school_id=member.school_id)
    rows = ProviderKey.objects.filter(shared, provider=provider, enabled=True).select_related("data_key").defer("offers")
    kept: dict[str, ProviderKey] = {row.level: row for row in with_rules(rows, member.school)}
    for level in (Level.SCHOOL, Level.PLATFORM):
        if level in kept and rules_beside(kept[level], member.school).allow(level, provider):
            return kept[level]
    return None


def credentials_of(row: ProviderKey) -> Credentials:
    """Opens it for a call, and notes that it was used. Raises Unreadable."""
    from ij8.ai.keys.sealing import open_key

    now = timezone.now()
    if row.used_at is None or now - row.used_at > USED_EVERY:
        ProviderKey.objects.filter(pk=row.pk).update(used_at=now)
    return Credentials(open_key(row), row.base_url or standard_url(row.provider))


def standard_url(provider: str) -> str:
    """Where a key without an address of its own is used: the operator's setting, else the vendor's own."""
    return str(settings.PROVIDER_URLS.get(provider) or PROVIDERS[provider].facts.standard_url)


def trusted_for(row: ProviderKey) -> Sequence[Network]:
    """Private networks that a call by this key may reach: the operator's, where the operator gave the address."""
    is_operators = not row.base_url and bool(settings.PROVIDER_URLS.get(row.provider))
    return tuple(settings.TRUSTED_NETWORKS) if is_operators or row.level == Level.PLATFORM else ()
