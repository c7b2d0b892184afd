"""What a provider is. Its SDK is imported on first use, its HTTP client is injected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import httpx2
from django.utils.functional import Promise
from pydantic import BaseModel

MOST_MODELS, LONGEST_NAME = 500, 200


@dataclass(frozen=True)
class Credentials:
    """What opens a provider. Neither is shown when the object is printed."""

    key: str = field(default="", repr=False)
    base_url: str = field(default="", repr=False)


@dataclass(frozen=True)
class Facts:
    """What a person reads before there is a key. `way`: where to get one; `page`: the vendor's address for that.

    `url`: whether the base URL is asked for; `standard_url` holds where none is given.
    `is_free`: a machine of one's own, where nothing is paid by the call.
    """

    label: str
    purpose: Promise | str
    way: Promise | str
    page: str
    key: Literal["needed", "optional"] = "needed"
    url: Literal["none", "optional", "needed"] = "none"
    standard_url: str = ""
    is_free: bool = False


class CheckResult(BaseModel):
    """What a test found. `code` and `say` are empty when it went well."""

    connected: bool
    models: list[str] = []
    code: str = ""
    say: str = ""


class Provider(Protocol):
    """Calls that make something come as further methods, which are told whether a minor asks: then the vendor's strictest
    setting holds.
    """

    facts: Facts

    def check(self, credentials: Credentials, http: httpx2.Client) -> tuple[str, ...]:
        """Really asks the vendor which models these credentials open.

        Raises Busy, Refused, Misconfigured or Failed, in words that quote nothing of the vendor's answer.
        """


def names(found: Iterable[object]) -> tuple[str, ...]:
    """Names of models in order, as far as they are text that can be shown."""
    texts = (one[:LONGEST_NAME] for one in found if isinstance(one, str) and one.isprintable() and one)
    return tuple(sorted(dict.fromkeys(texts)))[:MOST_MODELS]
