"""MiniMax, over the protocol of OpenAI; its list of models stands at /v1/models."""

import httpx2
from django.utils.translation import gettext_lazy as _

from ij8.ai.providers.base import Credentials, Facts
from ij8.ai.providers.openai import list_models

STANDARD_URL = "https://api.minimax.io/v1"


class MiniMax:
    facts = Facts(
        label="MiniMax",
        purpose=_("Chat, video, speech and music."),
        way=_("Sign in at MiniMax's platform, open Account management, API keys, and make one."),
        page="https://platform.minimax.io/user-center/basic-information/interface-key",
        standard_url=STANDARD_URL,
    )

    def check(self, credentials: Credentials, http: httpx2.Client) -> tuple[str, ...]:
        return list_models(credentials, http, label=self.facts.label, standard_url=STANDARD_URL)
