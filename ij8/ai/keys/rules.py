"""Which keys may be used, by level and provider: the platform decides for all schools, each school for itself.

Keys of persons are off in a school until it allows them, and on in the open school of artists. Only adults may bring one:
so the vendors want it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from ij8.accounts.models import OPEN_SCHOOL, Membership, School
from ij8.ai.models import Level, ProviderRules
from ij8.ai.providers import PROVIDERS
from ij8.safety.bands import is_minor

By = ProviderRules.By


def entry(level: str, provider: str) -> str:
    """How a switch is named in `ProviderRules.off`."""
    return f"{level}:{provider}"


@dataclass(frozen=True)
class Rules:
    """What is off for one school, and who decided so."""

    by_platform: frozenset[str]
    by_school: frozenset[str]

    def allow(self, level: str, provider: str) -> bool:
        named = entry(level, provider)
        return named not in self.by_platform and named not in self.by_school

    def why_not(self, level: str, provider: str) -> str:
        """A sentence; "" where it is allowed."""
        if entry(level, provider) in self.by_platform:
            return _("The people who run this installation have switched this off.")
        if entry(level, provider) in self.by_school:
            return _("Your school has switched this off. Its admins can change that under Policy.")
        return ""


def rules_of(school: School) -> Rules:
    """One query."""
    rows = ProviderRules.objects.filter(Q(by=By.PLATFORM) | Q(by=By.SCHOOL, school=school))
    kept = {row.by: frozenset(row.off) for row in rows}
    return Rules(kept.get(By.PLATFORM, frozenset()), kept.get(By.SCHOOL, default_off(school)))


def with_rules(rows: QuerySet[Any], school: School) -> QuerySet[Any]:
    """`rows` that bring along what `rules_beside` reads."""
    by_platform = ProviderRules.objects.filter(by=By.PLATFORM).values("off")[:1]
    by_school = ProviderRules.objects.filter(by=By.SCHOOL, school=school).values("off")[:1]
    found: QuerySet[Any] = rows.annotate(off_by_platform=Subquery(by_platform), off_by_school=Subquery(by_school))
    return found


def rules_beside(row: Any, school: School) -> Rules:
    off = default_off(school) if row.off_by_school is None else frozenset(row.off_by_school)
    return Rules(frozenset(row.off_by_platform or ()), off)


def default_off(school: School) -> frozenset[str]:
    if school.slug == OPEN_SCHOOL:
        return frozenset()
    return frozenset(entry(Level.PERSONAL, provider) for provider in PROVIDERS)


def keep_rules(*, school: School, by: str, off: Collection[str]) -> None:
    """`off` holds entries; what names no level or provider of ours is left out."""
    known = [entry(level, provider) for provider in PROVIDERS for level in Level.values]
    ProviderRules.objects.update_or_create(school=school, by=by, defaults={"off": [one for one in known if one in off]})


def why_no_own_key(member: Membership) -> str:
    """Why this person may bring no key of theirs at all; "" when they may."""
    if is_minor(member):
        return _("Providers give keys to adults only. Your school's admins look after the keys that you use.")
    return ""
