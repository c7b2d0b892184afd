"""The description of the API: whole, without warnings, and readable."""

import re
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

from ij8.urls import urlpatterns
from studio.api.schema import docs_context, openapi, type_of
from studio.api.urls import urlpatterns as api_urls


def routes() -> set[str]:
    return {"/api/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(found.pattern)) for found in api_urls}


def test_every_route_is_described_and_nothing_else() -> None:
    assert urlpatterns
    assert set(openapi()["paths"]) == routes() - {"/api/schema/", "/api/docs/"}


def test_the_description_is_made_without_a_warning() -> None:
    openapi.cache_clear()
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        openapi()
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_operation_has_a_name_a_tag_and_a_problem() -> None:
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["operationId"], where
            assert operation["summary"], where
            assert operation["tags"] != ["api"], where
            problem = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}, where


def test_every_reference_points_to_a_shape() -> None:
    shapes = openapi()["components"]["schemas"]

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    found = references(openapi())
    assert found
    assert {ref.rpartition("/")[2] for ref in found if "/schemas/" in ref} <= set(shapes)


@pytest.mark.django_db
def test_the_schema_is_served_to_anyone() -> None:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    assert answer.json()["openapi"].startswith("3.")


@pytest.mark.django_db
def test_the_page_over_it_is_readable_by_anyone() -> None:
    answer = Client().get("/api/docs/")
    assert answer.status_code == 200
    for operation in ("works_upload", "sessions_create"):
        assert operation.replace("_", "-") in answer.content.decode()


def test_the_page_knows_fields_ranges_and_answers() -> None:
    works = next(group for group in docs_context()["groups"] if group["tag"] == "works")
    label = next(operation for operation in works["operations"] if operation["id"] == "works_label")
    assert (label["method"], label["path"], label["body_shape"]) == ("PATCH", "/api/artifacts/{artifact_id}/", "Labels")
    assert [(field["name"], field["type"], field["required"]) for field in label["body"]] == [
        ("title", "text of at most 200 characters", False),
        ("starred", "true or false", False),
        ("tags", "a list of text of 1 to 40 characters", False),
        ("alt", "text of at most 2000 characters", False),
    ]
    assert label["responses"][0] == {"status": "200", "description": "", "type": "ArtifactShape"}
    assert label["parameters"][0]["name"] == "artifact_id"


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"$ref": "#/components/schemas/Job"}, "Job"),
        ({"type": "array", "items": {"$ref": "#/x/Job"}}, "a list of Job"),
        ({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}, "an id (UUID) or null"),
        ({"type": "string", "format": "date-time"}, "a moment (ISO 8601)"),
        ({}, "anything"),
    ],
)
def test_types_are_told_in_words(node: dict[str, Any], words: str) -> None:
    assert type_of(node) == words
