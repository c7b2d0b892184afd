"""What the providers of pictures share: sizes they have, errors of a paid call, and the proof of what came back."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import httpx2

from ij8.ai.providers.failures import of_status, of_trouble
from ij8.core.errors import EngineError, Failed, Invalid, NotConnected, Unreachable, Unusable
from studio.comfy.marked import gettext_noop
from studio.engines.base import Asker, Input, Output, Request
from studio.image.decode import decode
from studio.image.metadata import BadImage, sniff
from studio.image.sendable import Sendable, sendable

Size = tuple[int, int]
TIMEOUT_S = 240.0
EDIT = "image.edit"
TOLERANCE = 0.08  # of the ratio of the sides: vendors round to blocks
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_sent: WeakKeyDictionary[Input, Sendable] = WeakKeyDictionary()  # each is made ready once, while a request holds it
PRICE = gettext_noop("paid: as the price table says")


def asker_of(request: Request) -> Asker:
    if request.asker is None:
        raise NotConnected("No key opens this provider here.")
    return request.asker


def wanted_size(request: Request) -> Size:
    """What was asked for; in an edit without sides of its own, the sides of the picture that is changed."""
    width, height = request.params.get("width"), request.params.get("height")
    if width and height:
        return int(width), int(height)
    changed = next((one for one in request.inputs if one.role == "image"), None)
    if changed is None:
        return 1024, 1024
    found = checked_input(changed)
    return found.width_px, found.height_px


def nearest(size: Size, offered: Sequence[Size]) -> Size:
    """The one whose shape is nearest; of two shapes alike, the first."""
    ratio = size[0] / size[1]
    return min(offered, key=lambda one: max(one[0] / one[1] / ratio, ratio * one[1] / one[0]))


def checked_input(one: Input) -> Sendable:
    """Raises Invalid when the work cannot be sent as a picture."""
    try:
        found = _sent.get(one)
        if found is None:
            found = _sent[one] = sendable(one.data)
        return found
    except BadImage as error:
        raise Invalid(str(error), field=f"params.{one.role}") from error


def of_call(error: BaseException, label: str) -> EngineError:
    """As `of_trouble`; here `Unreachable` means that nothing was sent, so nothing can have been charged."""
    chain: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in chain:
        chain.append(found)
        found = found.__cause__ or found.__context__
    told = of_trouble(error, label)
    if isinstance(told, Unreachable) and not any(isinstance(one, NEVER_SENT) for one in chain):
        return Failed(told.message, code="answer_cut_off")
    return told


def of_answer(status: int, label: str, headers: Mapping[str, str], *, code: str = "") -> EngineError:
    """As `of_status`, with the vendor's status beside it: another provider steps in for 503 alone."""
    error = of_status(status, label, headers, code=code)
    error.extra["vendor_status"] = status
    return error


def proved(data: bytes, *, asked: Size, snapped: Size | None, meta: dict[str, Any], used: Mapping[str, float]) -> Output:
    """The bytes as they came, once they are known to be a whole picture of about the shape that was ordered.

    `snapped` None: any size will do. Raises Unusable, with what it used.
    """
    kind = sniff(data[:16])
    if kind not in ("image/png", "image/jpeg", "image/webp"):
        raise Unusable("What came back is no picture.", code="no_picture", used=used)
    try:
        still = decode(data)
    except BadImage as error:
        raise Unusable("The picture that came back is damaged or cut off.", code="no_picture", used=used) from error
    size = (still.width_px, still.height_px)
    if snapped and not _is_about(size, snapped):
        told = f"It came back as {size[0]} × {size[1]} where {snapped[0]} × {snapped[1]} was ordered."
        raise Unusable(told, code="wrong_size", used=used)
    notes = {**meta, "asked_px": list(asked)} if size != asked else meta
    return Output(data, kind, "image", width_px=size[0], height_px=size[1], meta=notes, used=used)


def _is_about(size: Size, ordered: Size) -> bool:
    ratio, wanted = size[0] / size[1], ordered[0] / ordered[1]
    return abs(ratio / wanted - 1) <= TOLERANCE and 0.5 <= max(size) / max(ordered) <= 2
