"""Every error that a person may meet, in one tree.

Ij8Error
├── Invalid            400  the request is malformed or out of range; `field` and `allowed` say where
│   └── TooLarge       413
├── SignInNeeded       401
├── BudgetEnded        402  what it would cost is more than a budget has left; says which and until when
├── PriceUnknown       402  nobody has written down what the model costs
├── Forbidden          403  the role may not; the thing itself is known to the person
├── NotFound           404  missing or another school's: the answer is the same
├── Conflict           409
├── LimitReached       429  too many at once
├── Unavailable        503  a part of the house does not answer just now
├── NotConnected       503  a provider or backend is not set up; says who can do it
└── EngineError             what went wrong at a place where work runs
    ├── Busy           503  retryable, `retry_after_s`
    ├── Refused        422  moderation or validation by the engine; final
    ├── Misconfigured  503  a key or a file is missing there; final
    ├── Unusable       502  it answered, and not with what was asked; final, for asking again costs again
    ├── Failed         502  transient; retryable
    │   └── Unreachable 502  no answer at all: the place may be away, which is no failure of the job
    │       └── Stalled 502  it answers but works no more; waiting does not help
    └── BackendFault   502  the backend itself is ill (disk, driver); counts towards quarantine
        └── OutOfMemory 502  of the graphics card; a fault only at a size that has worked there before
"""

from collections.abc import Mapping
from typing import Any


class Ij8Error(Exception):
    """`message` is a sentence for the person that says what to do; `code` is for programs."""

    code = "error"
    status = 500
    retryable = False

    def __init__(self, message: str, *, code: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.extra = extra

    def as_dict(self) -> dict[str, Any]:
        """The shape stored in `Job.error` and sent in events."""
        return {"code": self.code, "message": self.message, "retryable": self.retryable, **self.extra}


class Invalid(Ij8Error):
    """`field` names the offending parameter, `allowed` its range or choices in words."""

    code = "invalid"
    status = 400


class TooLarge(Invalid):
    code = "too_large"
    status = 413


class SignInNeeded(Ij8Error):
    code = "sign_in_needed"
    status = 401


class BudgetEnded(Ij8Error):
    code = "budget_ended"
    status = 402


class PriceUnknown(Ij8Error):
    code = "price_unknown"
    status = 402


class Forbidden(Ij8Error):
    code = "forbidden"
    status = 403


class NotFound(Ij8Error):
    code = "not_found"
    status = 404

    def __init__(self, message: str = "There is nothing here that you can see.", **extra: Any) -> None:
        super().__init__(message, **extra)


class Conflict(Ij8Error):
    code = "conflict"
    status = 409


class LimitReached(Ij8Error):
    code = "limit_reached"
    status = 429
    retryable = True


class Unavailable(Ij8Error):
    code = "unavailable"
    status = 503
    retryable = True


class NotConnected(Ij8Error):
    code = "not_connected"
    status = 503


class EngineError(Ij8Error):
    """Raised by engines and adapters; the job engine decides on retry by class."""

    code = "engine_error"
    status = 502


class Busy(EngineError):
    code = "busy"
    status = 503
    retryable = True


class Refused(EngineError):
    code = "refused"
    status = 422


class Misconfigured(EngineError):
    code = "misconfigured"
    status = 503


class Unusable(EngineError):
    """`used`: what the answer used all the same, by units of the price table."""

    code = "unusable"

    def __init__(self, message: str, *, used: Mapping[str, float] | None = None, **extra: Any) -> None:
        super().__init__(message, **extra)
        self.used = used or {}


class Failed(EngineError):
    code = "failed"
    retryable = True


class Unreachable(Failed):
    code = "unreachable"


class Stalled(Unreachable):
    code = "stalled"


class BackendFault(EngineError):
    code = "backend_fault"
    retryable = True


class OutOfMemory(BackendFault):
    code = "out_of_memory"
