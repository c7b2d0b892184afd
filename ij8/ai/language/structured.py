"""Answers of a shape: JSON by the schema of a pydantic class, repaired once by sending back what was wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

from ij8.accounts.models import Membership
from ij8.ai.language.base import Delta, Finished, LanguageRequest, Message, Text, Usage
from ij8.ai.language.service import Answering, Check, go_on, talk
from ij8.core.errors import Failed

Shape = TypeVar("Shape", bound=BaseModel)
MOST_TOLD = 12  # of what was wrong


class Structured(BaseModel, Generic[Shape]):
    """`usage` of both tries; `repaired`: the first answer was not of the shape."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    value: Shape
    answering: Answering
    usage: Usage
    repaired: bool = False


def structured(
    member: Membership,
    request: LanguageRequest,
    shape: type[Shape],
    models: Sequence[str] = (),
    *,
    check: Check = go_on,
    before: Any = None,
    spend: Any = None,
) -> Structured[Shape]:
    """As `talk`, whole. `before(request, models)` may refuse each call; `spend(answering, request, usage, said)` is told of each
    that was paid, also of one that broke off.

    Raises Failed("answer_misshapen") when the second answer is not of the shape either.
    """
    asked = replace(request, schema=schema_of(shape), tools=())
    used = Usage()
    for repaired in (False, True):
        if before:
            before(asked, models)
        answering, text, usage = _whole(member, asked, models, check, spend)
        used = Usage(used.tokens_in + usage.tokens_in, used.tokens_out + usage.tokens_out)
        try:
            value = shape.model_validate_json(_bare(text))
        except ValidationError as error:
            asked = _asked_again(asked, text, error)
            models = (answering.model,)
        else:
            return Structured(value=value, answering=answering, usage=used, repaired=repaired)
    raise Failed(
        _("%(name)s answered twice in a shape that cannot be used. Try again.") % {"name": answering.label},
        code="answer_misshapen",
    )


def _whole(
    member: Membership, request: LanguageRequest, models: Sequence[str], check: Check, spend: Any
) -> tuple[Answering, str, Usage]:
    answering, text, usage = Answering("", ""), "", Usage()
    try:
        for event in talk(member, request, models, check=check):
            if isinstance(event, Answering):
                answering = event
            elif isinstance(event, Delta):
                text += event.text
            elif isinstance(event, Finished):
                usage = event.usage
    finally:
        if spend and answering.model:
            spend(answering, request, usage, len(text))
    return answering, text, usage


def _asked_again(request: LanguageRequest, text: str, error: ValidationError) -> LanguageRequest:
    listed = error.errors(include_url=False, include_input=False)[:MOST_TOLD]
    wrong = "\n".join(f"- {'.'.join(map(str, one['loc'])) or 'answer'}: {one['msg']}" for one in listed)
    say = f"This answer is not of the shape that was asked for:\n{wrong}\nAnswer again, with JSON of that shape alone."
    said = (Message("assistant", (Text(text),)), Message("user", (Text(say),)))
    return replace(request, messages=(*request.messages, *said))


def _bare(text: str) -> str:
    """Without the fence that some put around their JSON."""
    bare = text.strip()
    if bare.startswith("```") and bare.endswith("```"):
        return bare[3:-3].removeprefix("json").strip()
    return bare


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """Its JSON Schema without references, which not every vendor follows. Shapes that hold themselves have none."""
    schema = shape.model_json_schema()
    shared = schema.pop("$defs", {})
    found: dict[str, Any] = json.loads(json.dumps(_inlined(schema, shared, ())))
    return found


def _inlined(value: Any, shared: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_inlined(one, shared, within) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        if name in within:
            raise TypeError(f"{name} holds itself: no schema without references can be made of it")
        rest = {key: one for key, one in value.items() if key != "$ref"}
        return {**_inlined(shared[name], shared, (*within, name)), **_inlined(rest, shared, within)}
    return {key: _inlined(one, shared, within) for key, one in value.items()}
