"""Google's Gemini, by a key of AI Studio."""

import httpx2
from django.utils.translation import gettext_lazy as _

from ij8.ai.providers.base import Credentials, Facts, names
from ij8.ai.providers.failures import of_status, of_trouble

PAGE_SIZE = 1000
TIMEOUT_MS = 10_000


class Gemini:
    facts = Facts(
        label="Gemini",
        purpose=_("Pictures, chat, and help with prompts."),
        way=_("Sign in at Google AI Studio and choose Get API key."),
        page="https://aistudio.google.com/apikey",
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
            headers = getattr(error.response, "headers", {})
            raise of_status(error.code or 500, self.facts.label, headers, code=_reason(error.details)) from None
        except (httpx2.HTTPError, AttributeError, TypeError, ValueError) as error:
            raise of_trouble(error, self.facts.label) from None


def _reason(details: object) -> str:
    """Google says 400 for a wrong key, and why in the details."""
    error = details.get("error", {}) if isinstance(details, dict) else {}
    listed = error.get("details", []) if isinstance(error, dict) else []
    reasons = [one.get("reason") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return next((reason for reason in reasons if isinstance(reason, str)), "")
