"""Which providers the installation has a key for: names and states alone, for health and the doctor."""

from dataclasses import dataclass

from ij8.ai.models import Level, ProviderKey
from ij8.ai.providers import PROVIDERS


@dataclass(frozen=True)
class Presence:
    """`state`: of ProviderKey.State, "off" where it is switched off, "" without a key."""

    provider: str
    label: str
    state: str


def presence() -> list[Presence]:
    """Of every provider, in order. One query."""
    rows = ProviderKey.objects.filter(level=Level.PLATFORM).values_list("provider", "enabled", "state")
    states = {provider: state if enabled else "off" for provider, enabled, state in rows}
    return [Presence(name, PROVIDERS[name].facts.label, states.get(name, "")) for name in PROVIDERS]
