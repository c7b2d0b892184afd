"""Reports of errors: which code failed, and nothing of the people whose request or job it was."""

import json
import os
import subprocess
import sys
from typing import Any

from ij8.embedded.places import CHECKOUT

SCRIPT = """
import json, logging, sys
import django
django.setup()
from sentry_sdk.transport import Transport
from ij8.core import logs, reports
from ij8.core.errors import Invalid

class Kept(Transport):
    def __init__(self, options=None):
        super().__init__(options)
    def capture_envelope(self, envelope):
        print(json.dumps([item.payload.json for item in envelope.items if item.payload.json]))

reports.begin("https://public@reports.example/1", transport=Kept)

from django.db import transaction
from django.test import Client, override_settings
from django.urls import path

@transaction.non_atomic_requests
def fails(request, key):
    prompt = request.POST["prompt"]
    secret_token = "ij8_token-in-a-local"
    try:
        raise KeyError(prompt)
    except KeyError as error:
        raise ValueError(f"mia@linden.test cannot paint {prompt!r}") from error

urlpatterns = [path("works/<str:key>/", fails)]
sys.modules["urls_that_fail"] = sys.modules["__main__"]
with override_settings(ROOT_URLCONF="urls_that_fail", ALLOWED_HOSTS=["testserver"]):
    client = Client(raise_request_exception=False, headers={"Authorization": "Bearer ij8_token-in-a-header"})
    client.cookies["theme"] = "cookie-of-mia"
    client.post("/works/key-in-the-path/?q=words-in-the-query", {"prompt": "prompt-of-mia"})
with logs.bound(job="j1", school="linden"):
    try:
        raise Invalid("prompt-of-mia is not a size", field="size")
    except Invalid:
        logging.getLogger("studio.jobs.drive").exception("job of %s failed from within", "mia@linden.test")
logging.getLogger("x").error("no mail for %s", "mia@linden.test")
"""
SECRETS = ("mia", "linden.test", "ij8_token", "in-the-path", "in-the-query", "prompt-of", "cookie", "testserver", "127.0.0.1")


def reported() -> list[dict[str, Any]]:
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "ij8.settings", "IJ8_DEMO": "0"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=CHECKOUT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [event for line in done.stdout.splitlines() for event in json.loads(line)]


def test_a_report_says_what_failed_and_nothing_of_people() -> None:
    page, job, line = events = reported()
    assert [value["type"] for value in page["exception"]["values"]] == ["KeyError", "ValueError"]
    frame = page["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (frame["function"], page["transaction"].partition(".")[2]) == ("fails", "fails")
    assert len(page["tags"]["request"]) == 32
    assert (job["logentry"], job["tags"]["job"], job["tags"]["school"], job["tags"]["code"]) == (
        {"message": "job of %s failed from within"}, "j1", "linden", "invalid",
    )  # fmt: skip
    assert line["logentry"] == {"message": "no mail for %s"}
    assert {
        name for event in events for name in ("user", "breadcrumbs", "extra", "server_name", "modules") if name in event
    } == set()
    said = json.dumps(events)
    assert [word for word in SECRETS if word in said] == []
