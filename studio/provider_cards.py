"""What a person sees of a provider at one level: its state in plain words, and what serves where nothing is set."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pydantic import BaseModel

from ij8.accounts.models import User
from ij8.ai.keys.rules import Rules, rules_of, why_no_own_key
from ij8.ai.keys.service import Scope, keys_in
from ij8.ai.models import Level, ProviderKey
from ij8.ai.providers import PROVIDERS
from ij8.ai.providers.base import Facts
from studio.models import ENDED, Job
from studio.provider_checks import checks_of

LOOKS = {  # of a state: the badge's tone and icon
    "not_connected": ("", "key-round"),
    "untested": ("", "circle-help"),
    "testing": ("", "activity"),
    "connected": ("ok", "check"),
    "failing": ("error", "triangle-alert"),
    "off": ("", "pause"),
    "given": ("ok", "check"),
    "closed": ("", "ban"),
}


class ProviderShape(BaseModel):
    """One provider at one level. `state`: not_connected, given (the key of a wider level serves), untested, testing,
    connected, failing, off, closed (policy). Nothing of a key but its last four characters is ever told.
    """

    provider: str
    label: str
    state: str
    say: str
    since: str | None
    last_four: str
    fingerprint: str
    base_url: str
    added_by: str | None
    added: str | None
    last_used: str | None
    tested: str | None
    models: list[str]
    test_job: str | None


@dataclass(frozen=True)
class Card:
    provider: str
    facts: Facts
    row: ProviderKey | None
    state: str
    say: str
    closed: str  # why no key can be set here
    job: Job | None

    @property
    def word(self) -> str:
        return {
            "not_connected": _("Not connected"),
            "untested": _("Not tested yet"),
            "testing": _("Testing"),
            "connected": _("Connected"),
            "failing": _("Not working"),
            "off": _("Switched off"),
            "given": _("Provided"),
            "closed": _("Not allowed"),
        }[self.state]

    @property
    def tone(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]

    @property
    def serves(self) -> bool:
        """Whether there is anything to say of it where no own key may be set."""
        return self.row is not None or self.state in ("given", "failing")

    @property
    def without_reason(self) -> str:
        """What it says, where the page tells once why no key can be set."""
        return self.say.removesuffix(self.closed).strip()

    @property
    def is_testing(self) -> bool:
        return self.state == "testing"

    def as_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "provider": self.provider,
            "label": self.facts.label,
            "state": self.state,
            "say": self.say,
            "since": row.since.isoformat() if row else None,
            "last_four": row.last_four if row else "",
            "fingerprint": row.fingerprint if row else "",
            "base_url": row.base_url if row else "",
            "added_by": name_of(row) if row else None,
            "added": row.added_at.isoformat() if row else None,
            "last_used": row.used_at.isoformat() if row and row.used_at else None,
            "tested": row.checked_at.isoformat() if row and row.checked_at else None,
            "models": row.offers if row else [],
            "test_job": str(row.check_job) if row and row.check_job else None,
        }


def name_of(row: ProviderKey) -> str:
    user: User = row.added_by.user
    return str(user)


def cards_of(scope: Scope, provider: str = "") -> list[Card]:
    """Of every provider, or of one. The same queries for any number."""
    rules = rules_of(scope.school)
    rows = list(keys_in(scope).filter(provider=provider) if provider else keys_in(scope))
    jobs, wider = checks_of(rows), _wider(scope, rules)
    mine = {row.provider: row for row in rows}
    return [_card(scope, rules, name, mine.get(name), jobs, wider) for name in PROVIDERS if provider in ("", name)]


def closed_for_all(cards: list[Card]) -> str:
    """Why no key can be set with any of the providers, where the reason is one and the same; else ""."""
    reasons = {card.closed for card in cards}
    return next(iter(reasons)) if len(reasons) == 1 else ""


def _wider(scope: Scope, rules: Rules) -> dict[str, ProviderKey]:
    """The keys of wider levels that serve where this one has none."""
    if scope.level == Level.PLATFORM:
        return {}
    wanted = Q(level=Level.PLATFORM)
    if scope.level == Level.PERSONAL:
        wanted |= Q(level=Level.SCHOOL, school=scope.school)
    found: dict[str, ProviderKey] = {}
    for row in ProviderKey.objects.filter(wanted, enabled=True).defer("offers", "sealed").order_by("level"):
        if rules.allow(row.level, row.provider):  # "platform" before "school": the nearer one stays
            found[row.provider] = row
    return found


def _card(
    scope: Scope, rules: Rules, name: str, row: ProviderKey | None, jobs: dict[object, Job], wider: dict[str, ProviderKey]
) -> Card:
    facts = PROVIDERS[name].facts
    closed = "" if scope.level == Level.PLATFORM else rules.why_not(scope.level, name)
    if scope.level == Level.PERSONAL:
        closed = why_no_own_key(scope.actor) or closed
    job = jobs.get(row.pk) if row else None
    state = _state(row, job, closed, wider.get(name))
    return Card(name, facts, row, state, _say(state, facts, row, job, closed, wider.get(name)), closed, job)


def _state(row: ProviderKey | None, job: Job | None, closed: str, wider: ProviderKey | None) -> str:
    if row is None and wider:
        return "failing" if wider.state == ProviderKey.State.FAILING else "given"
    if row is None:
        return "closed" if closed else "not_connected"
    if closed:
        return "closed"
    if job and job.state not in ENDED:
        return "testing"
    return "off" if not row.enabled else row.state


def _say(state: str, facts: Facts, row: ProviderKey | None, job: Job | None, closed: str, wider: ProviderKey | None) -> str:
    if row is None and wider:
        return f"{_instead(wider)} {closed}".strip()
    if row is None:
        return closed or str(facts.way)
    if state == "testing":
        return _("%(name)s is being asked which models this key opens.") % {"name": facts.label}
    if state == "closed":
        return closed
    if state == "off":
        return " ".join([_("The key is kept and not used."), _instead(wider) if wider else ""]).strip()
    if state == "failing":
        return _("Since %(time)s: %(why)s") % {"time": moment(row.since), "why": row.say}
    if state == "connected":
        return _("Works since %(time)s. It opens %(count)d models.") % {"time": moment(row.since), "count": len(row.offers)}
    if job and job.state != "succeeded":
        return _("The test did not come to an end. Test it again.")
    return _("The key is kept. Test it to see whether it works.")


def _instead(row: ProviderKey) -> str:
    """Whose key serves; nothing of the key itself."""
    is_platforms = row.level == Level.PLATFORM
    if row.state == ProviderKey.State.FAILING:
        return _("The installation's key fails at present.") if is_platforms else _("The school's key fails at present.")
    return _("The installation's key is used.") if is_platforms else _("The school's key is used.")


def moment(when: Any) -> str:
    """Today as a time, else with its date."""
    local = timezone.localtime(when)
    is_today = local.date() == timezone.localtime().date()
    return date_format(local, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")
