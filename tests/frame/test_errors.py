"""Pages for what went wrong: who can grant it, where to search, a code to copy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from ij8 import urls
from ij8.accounts.models import Membership
from studio.sessions import create_session

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]
handler500 = urls.handler500


def test_who_may_not_is_told_who_grants_it_in_the_school(
    teacher: Membership, student: Membership, school_admin: Membership, cohort: Any, as_: As
) -> None:
    session = create_session(member=student, cohort=cohort)
    page = as_(teacher).post(f"/studio/{session.id}/", {"prompt": "sea"}).content.decode()
    assert "You may not open this" in page
    assert "Who can grant it at Linden School: Sofia." in page
    admins = as_(school_admin).post(f"/studio/{session.id}/", {"prompt": "sea"}).content.decode()
    assert "Who can grant it" not in admins


def test_what_belongs_to_the_installation_is_not_granted_by_a_school(
    student: Membership, school_admin: Membership, as_: As
) -> None:
    answer = as_(student).get("/platform/at-a-glance/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Only the people who run this installation" in page
    assert "Sofia" not in page


def test_what_is_not_there_offers_the_search_and_home_to_members_and_the_front_page_to_visitors(
    student: Membership, as_: As
) -> None:
    page = as_(student).get("/nothing-here/").content.decode()
    assert '<form class="find" action="/find/" role="search">' in page
    assert 'href="/home/">Go to Home</a>' in page
    seen = Client().get("/nothing-here/").content.decode()
    assert "/find/" not in seen
    assert "Go to the front page" in seen


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_shows_the_name_of_the_request_in_the_logs_and_no_detail(student: Membership, as_: As) -> None:
    client = as_(student)
    client.raise_request_exception = False
    answer = client.get("/broken/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert f'<code translate="no">{answer.headers["X-Request-ID"]}</code>' in page
    assert "secret detail" not in page
    assert 'class="rail"' not in page
