"""What an operation is asked to use by id is looked at before it is accepted."""

import uuid
from typing import Any

from studio.operations import OPERATIONS


def _names_rows(annotation: Any) -> bool:
    return annotation is uuid.UUID or any(_names_rows(inner) for inner in getattr(annotation, "__args__", ()))


def test_every_operation_says_who_may_name_the_rows_that_its_parameters_name() -> None:
    unguarded = []
    for name in OPERATIONS:
        operation = OPERATIONS[name]
        named = {field for field, info in operation.Params.model_fields.items() if _names_rows(info.annotation)}
        left = named - set(getattr(operation, "works", {}))
        if left and not hasattr(operation, "permit"):
            unguarded.append(f"{name}: {', '.join(sorted(left))}")
    assert unguarded == []
