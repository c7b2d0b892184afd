"""The OpenAPI description, and the readable page that is drawn from it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.validation import in_words

METHODS = ("get", "post", "patch", "put", "delete")
Json = dict[str, Any]

PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457. `field` and `allowed` are there where one field of the request was wrong.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "for programs; stable"},
        "detail": {"type": "string", "description": "for people; says what to do"},
        "field": {"type": "string", "description": "the dotted path of the wrong field"},
        "allowed": {"type": "string", "description": "what that field may be, in words"},
        "retryable": {"type": "boolean"},
    },
}


def add_problems(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """A postprocessing hook of drf-spectacular: every operation may answer with a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "An error",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for methods in result["paths"].values():
        for method in METHODS:
            if method in methods:
                methods[method]["responses"]["default"] = answer
    return result


@cache
def openapi() -> Json:
    """The whole description; made once per process, for the routes do not change in it."""
    made: Json = SchemaGenerator().get_schema(request=None, public=True)
    return made


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([AllowAny])
def api_schema(request: Request) -> Response:
    return Response(openapi(), content_type="application/vnd.oai.openapi+json")


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """`templates/api/docs.html` with what `docs_context` says."""
    return render(request, "api/docs.html", docs_context())


@cache
def docs_context() -> Json:
    """`title`, `version`, `description`; `groups` of `{tag, operations}`; `shapes` of `{name, description, fields}`.

    An operation is `{id, anchor, method, path, summary, description, parameters, body, body_shape, responses}`; a
    parameter or field `{name, where?, required, type, description}`; a response `{status, description, type}`.
    """
    schema = openapi()
    groups: dict[str, list[Json]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method in METHODS:
            if operation := methods.get(method):
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(_operation(schema, method, path, operation))
    shapes = schema.get("components", {}).get("schemas", {})
    return {
        **{key: schema["info"].get(key, "") for key in ("title", "version", "description")},
        "groups": [{"tag": tag, "operations": found} for tag, found in sorted(groups.items())],
        "shapes": [
            {"name": name, "description": shape.get("description", ""), "fields": _fields(shape)}
            for name, shape in sorted(shapes.items())
        ],
    }


def _operation(schema: Json, method: str, path: str, operation: Json) -> Json:
    content: Json = operation.get("requestBody", {}).get("content", {})
    body: Json = next(iter(content.values()))["schema"] if content else {}
    return {
        "id": operation.get("operationId", ""),
        "anchor": operation.get("operationId", "").replace("_", "-"),
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [_parameter(found) for found in operation.get("parameters", [])],
        "body_type": next(iter(content), ""),
        "body_shape": type_of(body) if "$ref" in body else "",
        "body": _fields(_resolved(schema, body)),
        "responses": [
            {"status": status, "description": answer.get("description", ""), "type": _answer_type(answer)}
            for status, answer in operation.get("responses", {}).items()
        ],
    }


def _parameter(found: Json) -> Json:
    return {
        "name": found["name"],
        "where": found["in"],
        "required": found.get("required", False),
        "type": type_of(found.get("schema", {})),
        "description": found.get("description", ""),
    }


def _answer_type(answer: Json) -> str:
    content = answer.get("content", {})
    return type_of(next(iter(content.values())).get("schema", {})) if content else ""


def _resolved(schema: Json, node: Json) -> Json:
    name = str(node.get("$ref", "")).rpartition("/")[2]
    found: Json = schema.get("components", {}).get("schemas", {}).get(name, {}) if name else node
    return found


def _fields(shape: Json) -> list[Json]:
    required = set(shape.get("required", []))
    return [
        {
            "name": name,
            "required": name in required,
            "type": type_of(node),
            "description": node.get("description", ""),
        }
        for name, node in shape.get("properties", {}).items()
    ]


def type_of(node: Json) -> str:
    """A schema in words: the name of a shape, "a list of …", or the range."""
    if "$ref" in node:
        return str(node["$ref"]).rpartition("/")[2]
    if node.get("type") == "array" and node.get("items"):
        return f"a list of {type_of(node['items'])}"
    if "anyOf" in node:
        return " or ".join(type_of(part) for part in node["anyOf"])
    if node.get("format") in ("date-time", "binary"):
        return {"date-time": "a moment (ISO 8601)", "binary": "a file"}[node["format"]]
    return in_words(node) or "anything"
