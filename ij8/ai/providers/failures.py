"""From what a vendor answers to our four errors. Nothing of the answer is quoted: some vendors repeat the key in it."""

from collections.abc import Mapping

import httpx2
from django.utils.translation import gettext as _

from ij8.core.errors import Busy, EngineError, Failed, Ij8Error, Misconfigured, Refused, Unreachable

LONGEST_WAIT_S = 600.0


def of_status(status: int, label: str, headers: Mapping[str, str], *, code: str = "") -> EngineError:
    """`code`: the vendor's own word for it, where its SDK gives one."""
    told = {"name": label, "status": status}
    if status in (401, 403) or code in ("invalid_api_key", "API_KEY_INVALID"):
        say = _("%(name)s does not accept this key. Copy it again, whole, or make a new one there.") % told
        return Misconfigured(say, code="key_refused")
    if status == 402 or code == "insufficient_quota":
        return Misconfigured(_("The account at %(name)s has no credit. Add some there.") % told, code="no_credit")
    if code == "model_not_found":
        return Misconfigured(_("%(name)s does not have this model, or not for this key.") % told, code="model_missing")
    if status == 404:
        return Misconfigured(
            _("At this address nothing answers as %(name)s does. Check the address.") % told, code="wrong_address"
        )
    if status in (429, 503):
        return Busy(_("%(name)s is busy. Try again in a minute.") % told, retry_after_s=_wait_s(headers))
    if status in (408, 409) or status >= 500:
        return Failed(_("%(name)s has trouble of its own (%(status)d). Try again later.") % told)
    return Refused(_("%(name)s refuses the request (%(status)d).") % told)


def of_trouble(error: BaseException, label: str) -> EngineError:
    """Of whatever was raised on the way: what our guard said, no answer, one that came too late, or that makes no sense."""
    told = {"name": label}
    for one in _chain(error):
        if isinstance(one, EngineError):
            return one
        if isinstance(one, Ij8Error):
            return Misconfigured(one.message, code=one.code)
    for one in _chain(error):
        if isinstance(one, httpx2.TimeoutException):
            return Failed(_("%(name)s did not answer in time.") % told, code="timeout")
        if isinstance(one, httpx2.TransportError):
            return Unreachable(_("%(name)s cannot be reached. Check the address, or try again later.") % told)
    return unreadable(label)


def broken_off(label: str) -> Failed:
    return Failed(_("%(name)s broke off in the middle of its answer. Try again.") % {"name": label}, code="answer_broken")


def nothing_said(label: str) -> Failed:
    return Failed(_("%(name)s answered with nothing. Try again, or in other words.") % {"name": label}, code="answer_empty")


def unreadable(label: str) -> Failed:
    return Failed(_("%(name)s answers with something that cannot be read.") % {"name": label}, code="answer_unreadable")


def declined(label: str) -> Refused:
    """The vendor's own moderation."""
    return Refused(_("%(name)s declines to answer this. Ask in other words.") % {"name": label}, code="declined")


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _wait_s(headers: Mapping[str, str]) -> float:
    try:
        return min(LONGEST_WAIT_S, max(1.0, float(headers.get("retry-after", "60"))))
    except ValueError:
        return 60.0
