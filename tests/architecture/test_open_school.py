"""In the open school nobody hears of schooling: an artist's pages know no classes, pupils or teachers."""

import re

import pytest

from ij8.accounts.models import Membership
from tests.architecture.access_table import rows
from tests.architecture.conftest import World, body_of
from tests.architecture.page_words import said

pytestmark = pytest.mark.django_db
OF_SCHOOLING = re.compile(r"\b(class(es|mates?)?|pupils?|students?|teachers?|lessons?|co-teachers?|homework)\b", re.IGNORECASE)
# for everybody, whoever reads them: what ij8 keeps and how the door works
FOR_ALL = ("/privacy/", "/api/docs/", "/s/", "/sign-in/", "/sign-up/", "/join/", "/schools/ask/", "/help/")


def test_no_page_of_an_artist_speaks_of_classes(world: World, artist: Membership) -> None:
    heard: dict[str, list[str]] = {}
    for row in rows():
        if row.method != "GET" or row.answers["artist"] != 200 or row.address.startswith(("/api/", *FOR_ALL)):
            continue
        answer = world.ask(row, "artist", world.ours)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found = [text for text in said(body_of(answer).decode()) if OF_SCHOOLING.search(text)]
            if found:
                heard[str(row)] = found
    assert heard == {}
