"""Reports of errors to a Sentry-compatible service. Imported only where SENTRY_DSN is set.

A report is built anew from what may leave the house: which code failed, where, in which request, job and school. No
address of a page, header, cookie, body, name, prompt or value of a variable is in it; the text of an exception is not
either, for it often quotes what a person typed.
"""

import sys
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport

from ij8.core import logs
from ij8.core.redact import redact

_KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment")
_OF_FRAME = ("filename", "module", "function", "lineno", "context_line", "pre_context", "post_context", "in_app")


def begin(dsn: str, *, transport: type[Transport] | None = None) -> None:
    """Called once, by the settings."""
    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        integrations=[
            DjangoIntegration(transaction_style="function_name", middleware_spans=False, signals_spans=False),
            CeleryIntegration(monitor_beat_tasks=False),
            LoggingIntegration(),
        ],
        auto_enabling_integrations=False,
        before_send=scrub,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_metrics=False,
        trace_propagation_targets=[],  # what we ask of other places carries no mark of ours
        server_name="",
    )


def scrub(event: Any, hint: dict[str, Any]) -> Any:
    clean = {name: event[name] for name in _KEPT if name in event}
    if event.get("transaction_info", {}).get("source") == "component":  # the name of a view; else it may be an address
        clean["transaction"] = event["transaction"]
    if message := event.get("logentry", {}).get("message"):
        clean["logentry"] = {"message": redact(message)}  # the sentence with its places left open, without what fills them
    if values := event.get("exception", {}).get("values"):
        clean["exception"] = {"values": [_exception(value) for value in values]}
    clean["tags"] = {**logs.fields(), **_code(hint), "python": sys.version.split()[0]}
    return clean


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in _OF_FRAME if name in frame} for frame in frames]
    return {"type": value.get("type"), "module": value.get("module"), "stacktrace": {"frames": kept}}


def _code(hint: dict[str, Any]) -> dict[str, str]:
    """Of one of our own errors, which word it bears."""
    error = (hint.get("exc_info") or (None, None, None))[1]
    code = getattr(error, "code", None)
    return {"code": code} if isinstance(code, str) else {}
