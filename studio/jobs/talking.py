"""What a talking operation has of its context: a step log that outlives waits and crashes, and a desk to look at."""

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings

from studio.jobs.desk import JobDesk
from studio.jobs.leases import Lease, LeaseLost
from studio.models import Job


class Talking:
    job: Job
    lease: Lease
    _said: str
    _unsent: str
    _said_stored: bool

    if TYPE_CHECKING:

        def flush(self) -> None: ...

    @property
    def tool_limit(self) -> int:
        """How many tools one turn may use."""
        return int(settings.CHAT_TOOL_CALLS)

    @property
    def turn_usd(self) -> Decimal:
        """What the tools of one turn may be expected to cost; the person reads it before she sends."""
        return Decimal(str(settings.CHAT_TURN_USD))

    @property
    def may_try_again(self) -> bool:
        """Whether a transient error now is not the last."""
        from studio.jobs.finish import MAX_FAILURES  # which imports what imports this

        return self.job.failures < MAX_FAILURES

    @cached_property
    def desk(self) -> JobDesk:
        return JobDesk(self.job)

    def recall(self, name: str) -> Any:
        """What an earlier attempt kept under this name; None where it did not."""
        return self.job.steps.get(name)

    def keep(self, name: str, value: Any) -> None:
        """Stores JSON in the step log at once, with what was said so far. Raises LeaseLost."""
        self.flush()
        steps = {**self.job.steps, name: value}
        if not Job.objects.filter(id=self.job.id, epoch=self.lease.epoch).update(steps=steps):
            raise LeaseLost
        self.job.steps = steps

    def say_again(self, text: str) -> None:
        """What an earlier attempt said: it stands in the row already, and nothing is sent."""
        self._said += text
