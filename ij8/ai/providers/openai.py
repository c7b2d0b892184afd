"""OpenAI, and whatever speaks its protocol at another address."""

from typing import TYPE_CHECKING

import httpx2
from django.utils.translation import gettext_lazy as _

from ij8.ai.providers.base import Credentials, Facts, names
from ij8.ai.providers.failures import of_status, of_trouble

if TYPE_CHECKING:
    import openai

STANDARD_URL = "https://api.openai.com/v1"


class OpenAI:
    facts = Facts(
        label="OpenAI",
        purpose=_("Pictures, chat and help with prompts."),
        way=_("Sign in at OpenAI's platform, open API keys and make one for this project."),
        page="https://platform.openai.com/api-keys",
        url="optional",
        standard_url=STANDARD_URL,
    )

    def check(self, credentials: Credentials, http: httpx2.Client) -> tuple[str, ...]:
        return list_models(credentials, http, label=self.facts.label, standard_url=STANDARD_URL)


def list_models(credentials: Credentials, http: httpx2.Client, *, label: str, standard_url: str) -> tuple[str, ...]:
    """`GET /models` through OpenAI's SDK, once."""
    import openai

    client = client_of(credentials, http, standard_url=standard_url)
    try:
        return names(getattr(one, "id", None) for one in client.models.list().data)
    except openai.APIStatusError as error:
        raise of_status(error.status_code, label, error.response.headers, code=str(error.code or "")) from None
    except (openai.OpenAIError, AttributeError, TypeError, ValueError, httpx2.HTTPError) as error:
        raise of_trouble(error, label) from None


def client_of(credentials: Credentials, http: httpx2.Client, *, standard_url: str) -> "openai.OpenAI":
    """The SDK's client, which tries once. Nothing of the environment is used."""
    import openai

    client = openai.OpenAI(
        api_key=credentials.key or "none",  # an Ollama wants none, the SDK some
        base_url=credentials.base_url or standard_url,
        http_client=http,
        max_retries=0,
        timeout=http.timeout,
    )
    client.organization = client.project = None  # which the SDK would take from the environment
    return client
