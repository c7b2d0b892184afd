"""An Ollama of one's own: no vendor, no price. Its list of models is a route of its own (/api/tags)."""

import httpx2
from django.utils.translation import gettext_lazy as _

from ij8.ai.providers.base import Credentials, Facts, names
from ij8.ai.providers.failures import of_status, of_trouble


class Ollama:
    facts = Facts(
        label="Ollama",
        purpose=_("Chat and help with prompts on a machine of your own. Nothing leaves it."),
        way=_("Install Ollama on a machine that ij8 can reach and enter its address. A key is needed only where a proxy in "
              "front of it asks for one."),
        page="https://ollama.com/download",
        key="optional",
        url="needed",
        is_free=True,
    )  # fmt: skip

    def check(self, credentials: Credentials, http: httpx2.Client) -> tuple[str, ...]:
        headers = {"Authorization": f"Bearer {credentials.key}"} if credentials.key else {}
        try:
            answer = http.get(f"{credentials.base_url}/api/tags", headers=headers)
            if not answer.is_success:
                raise of_status(answer.status_code, self.facts.label, answer.headers)
            return names(one.get("name") for one in answer.json()["models"])
        except (httpx2.HTTPError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise of_trouble(error, self.facts.label) from None
