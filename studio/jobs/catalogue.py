"""What can be asked for here and now: operations, their parameters, the models of the connected places, and why not more."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from studio.engines.base import ModelInfo
from studio.jobs import backends
from studio.jobs.protection import why_closed
from studio.models import Backend
from studio.operations import OPERATIONS


@dataclass(frozen=True)
class Connection:
    """A place beyond the built-in ones. `say`: a sentence on what it is, or on what is missing and who can change it."""

    name: str
    connected: bool
    say: str


def models_for(operation: str, places: Sequence[Backend], closed: Mapping[str, str]) -> list[ModelInfo]:
    """Each model of these places once; offered by one place is offered. `closed`: why an engine cannot be used now.

    Those that lack something, or that this person cannot use, say so in `why_not`.
    """
    found: dict[str, ModelInfo] = {}
    for backend in places:
        for info in backends.models_at(backend):
            if operation in info.operations and (info.id not in found or found[info.id].why_not):
                found[info.id] = replace(info, why_not=info.why_not or closed.get(backend.engine, ""))
    return list(found.values())


def connections(places: list[Backend] | None = None) -> list[Connection]:
    """`places`: the enabled backends, where the caller has read them already."""
    rows = [row for row in (backends.known() if places is None else places) if row.engine == "comfy"]
    if not rows:
        say = _("No AI image model is connected; the built-in painter works. A platform admin connects a ComfyUI by its "
                "address in COMFYUI_URL and starts ij8 again.")  # fmt: skip
        return [Connection("ComfyUI", False, say)]
    return [_of(row) for row in rows]


def _of(row: Backend) -> Connection:
    offered = sum(not kept["why_not"] for kept in row.offers)
    if row.state != Backend.State.UP:
        why = row.reason or _("It does not answer.")
        return Connection(row.name, False, _("%(why)s What is asked of it waits until it is back.") % {"why": why})
    if row.offered_at is None and not row.offers:
        return Connection(row.name, False, row.reason or _("It was not asked yet which models it has."))
    if not offered:
        return Connection(row.name, False, _("It has no model that ij8 knows. Its admin puts model files into its folders."))
    return Connection(row.name, True, _("Models: %(count)s.") % {"count": offered})


def operations(member: Membership) -> list[dict[str, Any]]:
    """As this person can use them."""
    answer, places, closed = [], backends.known(), why_closed(member)
    for name in OPERATIONS:
        operation = OPERATIONS[name]
        found = models_for(name, places, closed)
        models = [model for model in found if not model.why_not]
        paid = any(model.paid for model in models)
        answer.append(
            {
                "name": name,
                "summary": operation.summary,
                "params": operation.Params.model_json_schema(),
                "models": [model.as_dict() for model in models],
                "lacking": [{"id": model.id, "name": model.name, "why_not": model.why_not} for model in found if model.why_not],
                "spends_money": paid,
                "price": "as each model says" if paid else "free",
            }
        )
    return answer


def connections_json() -> list[dict[str, Any]]:
    return [asdict(connection) for connection in connections()]
