"""Who may call which provider, by whose key, as whom: asked anew at every call, for keys, policy and consent change."""

from dataclasses import dataclass

import httpx2
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership, User
from ij8.ai.keys.resolve import credentials_of, keys_and_rules, resolve, trusted_for
from ij8.ai.keys.rules import Rules, rules_of, why_no_own_key
from ij8.ai.models import Level, ProviderKey
from ij8.ai.providers import PROVIDERS
from ij8.ai.providers.base import Credentials
from ij8.core.errors import Forbidden, NotConnected
from ij8.core.http import guarded_client
from ij8.core.once import once
from ij8.safety.bands import is_minor
from ij8.safety.providers import may_see, may_see_minors, provider_user_id


@dataclass(frozen=True)
class Entry:
    """What one person's call to one provider needs."""

    provider: str
    credentials: Credentials
    person_id: str
    is_minor: bool
    row: ProviderKey

    def http(self, *, total_s: float, answer_s: float, most_bytes: int) -> httpx2.Client:
        """The guarded client of one call: the key's address decides what it may reach."""
        return guarded_client(trusted=trusted_for(self.row), total_s=total_s, answer_s=answer_s, most_bytes=most_bytes)


@dataclass(frozen=True)
class Ways:
    """How one person reaches the providers, asked for once for all parts of a page. It is not kept beyond a request.

    `seen`: those of the providers with a key that may see what she types and makes.
    """

    member: Membership
    keys: dict[str, ProviderKey]
    rules: Rules
    seen: frozenset[str]

    @property
    def closed(self) -> dict[str, str]:
        """Providers that she cannot use now, and why in a sentence."""
        unseen = {provider: why_not_seen(provider) for provider in self.keys if provider not in self.seen}
        return {one: unseen.get(one) or why_no_key(one, self.member, self.rules) for one in PROVIDERS if one not in self.seen}

    def where_to_connect(self, provider: str) -> str:
        return where_to_connect(provider, self.member, self.rules)


def ways_of(member: Membership) -> Ways:
    """At most two queries, once for a page."""

    def ask() -> Ways:
        keys, rules = keys_and_rules(member)
        return Ways(member, keys, rules, may_see(keys, member))

    return once(("ways", member.pk), ask)


def entry_to(member: Membership, provider: str, row: ProviderKey | None = None) -> Entry:
    """`row`: the key, where the caller has resolved it just now.

    Raises NotConnected without a key, Forbidden where the provider may not see what this person makes, Unreadable.
    """
    if not may_see_minors(provider, member):
        raise Forbidden(why_not_seen(provider), code="not_for_minors")
    row = row or resolve(member, provider)
    if row is None:
        raise NotConnected(why_no_key(provider, member), provider=provider)
    return Entry(provider, credentials_of(row), provider_user_id(member), is_minor(member), row)


def why_not_seen(provider: str) -> str:
    say = _("Your school does not let %(provider)s see what pupils type. Choose another model, or ask your teacher.")
    return say % {"provider": PROVIDERS[provider].facts.label}


def why_no_key(provider: str, member: Membership, rules: Rules | None = None) -> str:
    """A sentence that says who can connect it; who reads it, where that is their own business. `rules`: where they are known."""
    ways = {
        "platform_providers": _("No key for %(name)s. Connect one under Platform, Providers."),
        "school_providers": _("No key for %(name)s. Connect one under School, Providers."),
        "settings_keys": _("No key for %(name)s. Connect one of your own under Settings, Keys."),
        "": _("No key for %(name)s. Your teacher or an admin can connect one."),
    }
    return ways[where_to_connect(provider, member, rules)] % {"name": PROVIDERS[provider].facts.label}


def where_to_connect(provider: str, member: Membership, rules: Rules | None = None) -> str:
    """The route of the page where this person can set a key of this provider; "" when somebody else must."""
    if member.user.platform_role == User.PlatformRole.ADMIN:
        return "platform_providers"
    rules = rules or rules_of(member.school)
    if member.role == Membership.Role.ADMIN and rules.allow(Level.SCHOOL, provider):
        return "school_providers"
    if rules.allow(Level.PERSONAL, provider) and not why_no_own_key(member):
        return "settings_keys"
    return ""
