"""Setting, switching and removing keys. Whoever acts is named by a Scope, which only those may have who may."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import OPEN_SCHOOL, Membership, School, User
from ij8.ai.keys.rules import rules_of, why_no_own_key
from ij8.ai.keys.sealing import seal_into
from ij8.ai.models import Level, ProviderKey
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Conflict, Forbidden, Invalid, NotFound
from ij8.core.http import Network, checked_url

SHORTEST_KEY, LONGEST_KEY = 8, 4000


@dataclass(frozen=True)
class Scope:
    """One level of one school or person. `actor` is who asks."""

    level: Level
    school: School
    actor: Membership

    @property
    def owner(self) -> Membership | None:
        return self.actor if self.level == Level.PERSONAL else None

    @property
    def trusted(self) -> Sequence[Network]:
        return trusted_at(self.level)


def trusted_at(level: str) -> Sequence[Network]:
    """Private networks that a base URL of this level may lead to."""
    return tuple(settings.TRUSTED_NETWORKS) if level == Level.PLATFORM else ()


def scope_of(actor: Membership, level: str, *, change: bool = False) -> Scope:
    """Raises Forbidden for who may not see (or change) the keys of this level."""
    if level == Level.PLATFORM:
        role = actor.user.platform_role
        if not role or (change and role != User.PlatformRole.ADMIN):
            raise Forbidden(_("Only an admin of this installation can do this."), code="platform_only")
        return Scope(Level.PLATFORM, School.objects.filter(slug=OPEN_SCHOOL).first() or actor.school, actor)
    if level == Level.SCHOOL and actor.role != Membership.Role.ADMIN:
        raise Forbidden(_("Only an admin of your school can do this."))
    return Scope(Level(level), actor.school, actor)


def keys_in(scope: Scope) -> QuerySet[ProviderKey]:
    rows = ProviderKey.objects.filter(level=scope.level)
    if scope.level == Level.PERSONAL:
        rows = rows.filter(member=scope.actor)
    elif scope.level == Level.SCHOOL:
        rows = rows.filter(school=scope.school)
    return rows.select_related("added_by__user")


def access_key(scope: Scope, provider: str, *, locked: bool = False) -> ProviderKey:
    """NotFound for a provider that there is not, and where nothing was set. `locked`: for the caller's transaction."""
    rows = keys_in(scope).filter(provider=provider)
    row = (rows.select_for_update(of=("self",)) if locked else rows).first()
    if row is None:
        raise NotFound()
    return row


def access_provider(provider: str) -> str:
    if provider not in PROVIDERS:
        raise NotFound()
    return provider


def why_closed(scope: Scope, provider: str) -> str:
    """Why no key can be set here; "" when one can."""
    if scope.level == Level.PERSONAL and (why := why_no_own_key(scope.actor)):
        return why
    return "" if scope.level == Level.PLATFORM else rules_of(scope.school).why_not(scope.level, provider)


def set_key(scope: Scope, provider: str, *, key: str, base_url: str = "") -> ProviderKey:
    """Keeps a new key in place of any there was. An address is never changed under a key: whoever changes it enters both.

    Raises Invalid (field key or base_url), Forbidden where policy says no.
    """
    if why := why_closed(scope, access_provider(provider)):
        raise Forbidden(why, code="provider_off")
    secret, url = checked(provider, key=key, base_url=base_url, trusted=scope.trusted)
    try:
        with transaction.atomic():
            row = keys_in(scope).select_for_update(of=("self",)).filter(provider=provider).first()
            row = row or ProviderKey(school=scope.school, level=scope.level, member=scope.owner, provider=provider)
            seal_into(row, secret)
            row.base_url, row.enabled, row.used_at = url, True, None
            row.added_by, row.added_at = scope.actor, timezone.now()
            row.state, row.since, row.checked_at = ProviderKey.State.UNTESTED, row.added_at, None
            row.trouble, row.say, row.offers, row.check_job = "", "", [], None
            row.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just set this key. Reload the page."), code="set_meanwhile") from error
    return row


def checked(provider: str, *, key: str, base_url: str, trusted: Sequence[Network]) -> tuple[str, str]:
    """The key and the address as they are kept. Raises Invalid."""
    facts, secret = PROVIDERS[provider].facts, key.strip()
    if not secret and facts.key == "needed":
        raise Invalid(_("Paste the key."), field="key", allowed=_("a key of this provider"))
    if secret and not (
        SHORTEST_KEY <= len(secret) <= LONGEST_KEY and secret.isascii() and secret.isprintable() and " " not in secret
    ):
        raise Invalid(
            _("This does not look like a key. Copy it again, without spaces or line breaks."),
            field="key", allowed=_("8 to 4000 letters, digits and signs, without spaces"),
        )  # fmt: skip
    if base_url.strip() and facts.url == "none":
        raise Invalid(_("This provider has one address only."), field="base_url", allowed=_("nothing"))
    if not base_url.strip():
        if facts.url == "needed":
            raise Invalid(_("Enter the address at which it answers."), field="base_url", allowed="https://…")
        return secret, ""
    return secret, checked_url(base_url, trusted=trusted)


def switch_key(scope: Scope, provider: str, *, enabled: bool) -> ProviderKey:
    """Off, it is kept but not used: the next level's key is."""
    row = access_key(scope, provider)
    row.enabled = enabled
    row.save(update_fields=["enabled"])
    return row


def remove_key(scope: Scope, provider: str) -> None:
    """For good: nobody can read it back."""
    access_key(scope, provider).delete()


def access_for_check(member: Membership, key_id: uuid.UUID) -> ProviderKey:
    """A key that this person may test, by its id. NotFound else."""
    row = ProviderKey.objects.filter(pk=key_id).select_related("data_key").first()
    if row is None or not _may_test(member, row):
        raise NotFound()
    return row


def _may_test(member: Membership, row: ProviderKey) -> bool:
    if row.level == Level.PLATFORM:
        return member.user.platform_role == User.PlatformRole.ADMIN
    if row.level == Level.SCHOOL:
        return row.school_id == member.school_id and member.role == Membership.Role.ADMIN
    return row.member_id == member.pk
