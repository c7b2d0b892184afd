"""What can be asked for here and now: operations, their parameters, and the models of the connected backends."""

from typing import Any

from studio.engines.base import ModelInfo
from studio.jobs import backends
from studio.operations import OPERATIONS


def models_of(operation: str) -> list[ModelInfo]:
    """Every model that an enabled backend has for this operation, once each."""
    found: dict[str, ModelInfo] = {}
    for backend in backends.known():
        for info in backends.engine_of(backend).models(backend.url):
            if operation in info.operations:
                found.setdefault(info.id, info)
    return list(found.values())


def operations() -> list[dict[str, Any]]:
    answer = []
    for name in OPERATIONS:
        operation = OPERATIONS[name]
        models = models_of(name)
        paid = any(model.paid for model in models)
        answer.append(
            {
                "name": name,
                "summary": operation.summary,
                "params": operation.Params.model_json_schema(),
                "models": [model.as_dict() for model in models],
                "spends_money": paid,
                "price": "as each model says" if paid else "free",
            }
        )
    return answer
