"""From a pydantic refusal to our own: the field by its dotted path, and what it may be, in words."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ij8.core.errors import Invalid

Shape = TypeVar("Shape", bound=BaseModel)
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def validated(shape: type[Shape], data: Any, *, prefix: str = "") -> Shape:
    """`data` as `shape`; `Invalid` names the first wrong field (behind `prefix`) and what it may be."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise invalid_from(error, shape, prefix=prefix) from error


def invalid_from(error: ValidationError, shape: type[BaseModel] | None = None, *, prefix: str = "") -> Invalid:
    """With `shape` the whole range is named; without it only the bound that was missed."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = [str(part) for part in first["loc"]]
    field = ".".join([prefix, *path] if prefix else path)
    if first["type"] == "extra_forbidden":
        known = ", ".join(shape.model_fields) if shape and len(path) == 1 else "no other fields"
        return Invalid(f"{field} is not known here.", field=field, allowed=known)
    allowed = _range_of(shape, path) or _bound(first)
    if first["type"] == "missing":
        return Invalid(f"{field} is needed.", field=field, allowed=allowed)
    said = str(first["msg"]).removeprefix("Value error, ")
    return Invalid(f"{field or 'The body'}: {said}.".replace("..", "."), field=field, allowed=allowed)


def _range_of(shape: type[BaseModel] | None, path: list[str]) -> str:
    """The rule of the field at `path`, from the JSON schema of the model."""
    if shape is None:
        return ""
    schema = shape.model_json_schema()
    node: dict[str, Any] = schema
    for part in path:
        node = _resolved(node, schema)
        node = node.get("items", {}) if part.isdigit() else node.get("properties", {}).get(part, {})
    return in_words(_resolved(node, schema))


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference points to; of an optional shape, the shape."""
    for choice in node.get("anyOf", ()):
        if "$ref" in choice or "items" in choice:
            return _resolved(choice, schema)
    if "$ref" in node:
        found: dict[str, Any] = schema.get("$defs", {}).get(str(node["$ref"]).rpartition("/")[2], {})
        return found
    return node


def in_words(node: dict[str, Any]) -> str:
    """`{"type": "integer", "minimum": 1, "maximum": 8}` → `a whole number from 1 to 8`."""
    if "anyOf" in node:
        return " or ".join(filter(None, map(in_words, node["anyOf"])))
    if "enum" in node:
        return "one of: " + ", ".join(map(str, node["enum"]))
    if "const" in node:
        return str(node["const"])
    words = _TYPES.get(str(node.get("type", "")), "")
    words += _between(node)
    if "multipleOf" in node:
        words += f", a multiple of {node['multipleOf']}"
    short, long = node.get("minLength", node.get("minItems")), node.get("maxLength", node.get("maxItems"))
    unit = "entries" if node.get("type") == "array" else "characters"
    if long is not None:
        words += f" of {short} to {long} {unit}" if short else f" of at most {long} {unit}"
    elif short:
        words += f" of at least {short} {unit}"
    if node.get("format") == "uuid":
        words = "an id (UUID)"
    return words.strip()


def _between(node: dict[str, Any]) -> str:
    """` from 1 to 8`, ` above 0`, … of a number."""
    low, high = node.get("minimum"), node.get("maximum")
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    bounds = ((low, "of at least"), (above, "above"), (high, "of at most"), (below, "below"))
    found = [f"{word} {bound}" for bound, word in bounds if bound is not None]
    return " " + " and ".join(found) if found else ""


def _bound(error: Any) -> str:
    context = error.get("ctx", {})
    signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "multiple_of": "a multiple of"}
    found = [f"{word} {context[key]}" for key, word in signs.items() if key in context]
    if "expected" in context:
        found.append(f"one of: {context['expected']}")
    if "max_length" in context:
        found.append(f"at most {context['max_length']} long")
    return ", ".join(found)
