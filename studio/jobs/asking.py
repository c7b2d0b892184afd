"""For whom a provider's engine is called: asked at the call, so that a withdrawn consent or key holds from the next on."""

from functools import partial

from ij8.accounts.models import Membership
from ij8.ai.asking import entry_to
from ij8.ai.providers import PROVIDERS
from studio.engines.base import Asker
from studio.models import Backend

TOTAL_S, ANSWER_S = 300.0, 240.0  # a picture of 4K takes its minutes, and nothing is heard of it before it is done
MOST_BYTES = 64 << 20  # several such pictures in base64


def asker_of(member: Membership, backend: Backend) -> Asker | None:
    """None for engines that are no provider. Raises NotConnected, Forbidden, Unreadable."""
    if backend.engine not in PROVIDERS:
        return None
    entry = entry_to(member, backend.engine)
    http = partial(entry.http, total_s=TOTAL_S, answer_s=ANSWER_S, most_bytes=MOST_BYTES)
    return Asker(entry.credentials, entry.person_id, entry.is_minor, http)
