"""Google's Gemini, by a key of AI Studio."""

from typing import TYPE_CHECKING, Any

import httpx2
from django.utils.translation import gettext_lazy as _

from ij8.ai.providers.base import Credentials, Facts, names
from ij8.ai.providers.failures import of_status, of_trouble
from ij8.core.errors import EngineError

if TYPE_CHECKING:
    from google.genai import errors

PAGE_SIZE = 1000
TIMEOUT_MS = 10_000


class Gemini:
    facts = Facts(
        label="Gemini",
        purpose=_("Pictures, chat, and help with prompts."),
        way=_("Sign in at Google AI Studio and choose Get API key."),
        page="https://aistudio.google.com/apikey",
        url="optional",
        standard_url="https://generativelanguage.googleapis.com",
    )

    def check(self, credentials: Credentials, http: httpx2.Client) -> tuple[str, ...]:
        from google import genai
        from google.genai import errors, types

        options = types.HttpOptions(
            httpx_client=http, timeout=TIMEOUT_MS, base_url=credentials.base_url or self.facts.standard_url
        )
        try:
            client = genai.Client(vertexai=False, api_key=credentials.key, http_options=options)
            found = client.models.list(config={"page_size": PAGE_SIZE, "query_base": True})
            return names((one.name or "").removeprefix("models/") for one in found.page)
        except errors.APIError as error:
            raise of_error(error, self.facts.label) from None
        except (httpx2.HTTPError, AttributeError, TypeError, ValueError) as error:
            raise of_trouble(error, self.facts.label) from None


def of_error(error: "errors.APIError", label: str) -> EngineError:
    """Of what Google's SDK raised. Google says 400 for a wrong key, and why, as the time to wait, in the details."""
    listed = _listed(error.details)
    reasons = [one["reason"] for one in listed if isinstance(one.get("reason"), str)]
    delays = [one["retryDelay"].removesuffix("s") for one in listed if isinstance(one.get("retryDelay"), str)]
    code = reasons[0] if reasons else "model_not_found" if error.code == 404 and error.status == "NOT_FOUND" else ""
    headers = {"retry-after": delays[0]} if delays else getattr(error.response, "headers", {})
    return of_status(error.code or 500, label, headers, code=code)


def _listed(details: object) -> list[dict[str, Any]]:
    error = details.get("error", {}) if isinstance(details, dict) else {}
    listed = error.get("details", []) if isinstance(error, dict) else []
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
