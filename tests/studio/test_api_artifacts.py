"""The API of works: who sees and changes them, lists, labels, trash, files."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts.models import Cohort, Membership
from ij8.core.search import words_query
from studio.models import Artifact, StudioSession
from tests.studio.making import make_work, picture

Api = Callable[[Membership], Client]
JSON = "application/json"
NOT_FOUND = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "code": "not_found",
    "detail": "There is nothing here that you can see.",
}
ROUTES = [
    ("get", ""),
    ("patch", ""),
    ("delete", ""),
    ("get", "file/"),
    ("get", "thumbnail/"),
    ("post", "restore/"),
]


@pytest.fixture
def class_work(student: Membership, cohort: Cohort) -> Artifact:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    return make_work(student, session=session, prompt="a calm sea", title="Sea")


def send(client: Client, method: str, artifact_id: object, tail: str = "") -> Any:
    body = {"data": {}, "content_type": JSON} if method in ("patch", "post") else {}
    return getattr(client, method)(f"/api/artifacts/{artifact_id}/{tail}", **body)


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_a_stranger_s_work_is_the_same_as_none(
    api: Api, stranger: Membership, class_work: Artifact, method: str, tail: str
) -> None:
    client = api(stranger)
    answers = [send(client, method, ident, tail) for ident in (class_work.id, uuid.uuid4())]
    for answer in answers:
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json() == NOT_FOUND
    class_work.refresh_from_db()
    assert class_work.trashed_at is None


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_a_classmate_does_not_see_it_either(
    api: Api, classmate: Membership, class_work: Artifact, method: str, tail: str
) -> None:
    assert send(api(classmate), method, class_work.id, tail).json() == NOT_FOUND


@pytest.mark.parametrize("who", ["teacher", "assistant", "school_admin"])
@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_who_leads_may_look_and_not_change(
    api: Api, request: pytest.FixtureRequest, class_work: Artifact, who: str, method: str, tail: str
) -> None:
    answer = send(api(request.getfixturevalue(who)), method, class_work.id, tail)
    if method == "get":
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert (answer.json()["code"], answer.json()["detail"]) == ("forbidden", "Only who made this work can change it.")


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_without_a_token_nothing_is_answered(class_work: Artifact, method: str, tail: str) -> None:
    answer = send(Client(), method, class_work.id, tail)
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in_needed"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_work_outside_of_a_class_is_not_seen_by_teachers(api: Api, student: Membership, teacher: Membership) -> None:
    assert send(api(teacher), "get", make_work(student).id).status_code == 404


def test_a_work_tells_all_about_itself(api: Api, student: Membership, class_work: Artifact) -> None:
    told = send(api(student), "get", class_work.id).json()
    assert told == {
        "id": str(class_work.id),
        "root": str(class_work.id),
        "owner": str(student.id),
        "session": str(class_work.session_id),
        "job": None,
        "medium": "image",
        "source": "made",
        "content_type": "image/png",
        "size_bytes": len(picture()),
        "width": 40,
        "height": 30,
        "duration_s": None,
        "url": f"/api/artifacts/{class_work.id}/file/",
        "download_url": f"/api/artifacts/{class_work.id}/file/?download=1",
        "thumbnail_url": f"/api/artifacts/{class_work.id}/thumbnail/",
        "thumbnail_large_url": f"/api/artifacts/{class_work.id}/thumbnail/?size=large",
        "thumbnail_srcset": f"/api/artifacts/{class_work.id}/thumbnail/ 40w",
        "title": "Sea",
        "alt": "a calm sea",
        "starred": False,
        "tags": [],
        "picked": False,
        "prompt": "a calm sea",
        "meta": {
            "operation": "",
            "model": "",
            "backend": "",
            "seed": None,
            "params": {},
            "duration_s": None,
            "notes": {},
            "file_name": "",
            "file_kind": "",
            "facts": [],
            "came_by": "",
            "came_from": "",
        },
        "created": class_work.created.isoformat().replace("+00:00", "Z"),
        "trashed": None,
    }


def test_labels_are_changed_and_what_is_left_out_stays(api: Api, student: Membership, class_work: Artifact) -> None:
    client, url = api(student), f"/api/artifacts/{class_work.id}/"
    changes = {"title": "  Storm ", "starred": True, "tags": ["sea", "sea", " wild "]}
    told = client.patch(url, changes, content_type=JSON).json()
    assert (told["title"], told["starred"], told["tags"], told["alt"]) == ("Storm", True, ["sea", "wild"], "a calm sea")
    assert client.patch(url, {"alt": "waves"}, content_type=JSON).json()["title"] == "Storm"


@pytest.mark.parametrize(
    ("body", "field", "allowed"),
    [
        ({"title": "x" * 201}, "title", "text of at most 200 characters"),
        ({"title": 3}, "title", "text of at most 200 characters"),
        ({"title": None}, "title", "text of at most 200 characters"),
        ({"title": "a\x00b"}, "title", "text without U+0000"),
        ({"starred": "yes"}, "starred", "true or false"),
        ({"starred": 1}, "starred", "true or false"),
        ({"tags": "sea"}, "tags", "a list of at most 20 entries"),
        ({"tags": ["a"] * 21}, "tags", "a list of at most 20 entries"),
        ({"tags": ["ok", ""]}, "tags.1", "text of 1 to 40 characters"),
        ({"owner": "me"}, "owner", "title, starred, tags, alt"),
    ],
)
def test_a_wrong_label_is_refused_by_name_and_changes_nothing(
    api: Api, student: Membership, class_work: Artifact, body: dict[str, Any], field: str, allowed: str
) -> None:
    answer = api(student).patch(f"/api/artifacts/{class_work.id}/", body, content_type=JSON)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"], answer.json()["allowed"]) == ("invalid", field, allowed)
    class_work.refresh_from_db()
    assert (class_work.title, class_work.starred, class_work.tags) == ("Sea", False, [])


def test_the_trash_hides_a_work_from_all_but_its_owner_until_it_is_taken_back(
    api: Api, student: Membership, teacher: Membership, class_work: Artifact
) -> None:
    mine, theirs = api(student), api(teacher)
    assert [send(mine, "delete", class_work.id).status_code for _ in "ab"] == [204, 204]
    assert send(theirs, "get", class_work.id).status_code == 404
    assert send(theirs, "get", class_work.id, "file/").status_code == 404
    assert send(mine, "get", class_work.id).json()["trashed"]
    assert ids(mine.get("/api/artifacts/")) == []
    assert ids(mine.get("/api/artifacts/?trashed=1")) == [str(class_work.id)]
    assert send(mine, "post", class_work.id, "restore/").json()["trashed"] is None
    assert ids(mine.get("/api/artifacts/")) == [str(class_work.id)]
    assert send(theirs, "get", class_work.id).status_code == 200


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


def test_the_list_is_one_s_own_newest_first(api: Api, student: Membership, classmate: Membership) -> None:
    old = make_work(student, created=timezone.now() - timedelta(hours=1))
    new = make_work(student)
    make_work(classmate)
    assert ids(api(student).get("/api/artifacts/")) == [str(new.id), str(old.id)]


def test_the_list_of_a_session_is_for_who_may_see_it(
    api: Api, student: Membership, teacher: Membership, stranger: Membership, class_work: Artifact
) -> None:
    make_work(student)
    url = f"/api/artifacts/?session={class_work.session_id}"
    assert ids(api(student).get(url)) == ids(api(teacher).get(url)) == [str(class_work.id)]
    assert api(stranger).get(url).json() == NOT_FOUND


def test_the_list_is_searched_by_words_and_the_beginning_of_the_last(api: Api, student: Membership) -> None:
    sea = make_work(student, prompt="a calm blue sea", title="Evening")
    make_work(student, prompt="a calm red hill")
    client = api(student)
    for q in ("calm blue", "blue ca", "EVENING", "sea calm", "se", "sea!"):
        assert ids(client.get("/api/artifacts/", {"q": q})) == [str(sea.id)], q
    assert len(ids(client.get("/api/artifacts/", {"q": "calm"}))) == 2
    for q in ("alm", "blue hill", "& | !", "'"):
        assert ids(client.get("/api/artifacts/", {"q": q})) == [], q


@pytest.mark.django_db
def test_the_search_uses_the_index_of_words() -> None:
    rows = Artifact.objects.filter(words=words_query("blue sea"))
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    assert "artifact_words" in rows.explain()


def test_the_list_is_filtered_by_medium_and_star(api: Api, student: Membership) -> None:
    star, plain = make_work(student, starred=True), make_work(student)
    client = api(student)
    assert ids(client.get("/api/artifacts/?starred=true")) == [str(star.id)]
    assert ids(client.get("/api/artifacts/?starred=0")) == [str(plain.id)]
    assert len(ids(client.get("/api/artifacts/?medium=image"))) == 2
    assert ids(client.get("/api/artifacts/?medium=video")) == []


def test_pages_follow_each_other_without_gap_or_repeat(api: Api, student: Membership) -> None:
    when = timezone.now()
    made = [make_work(student, created=when) for _ in range(45)]  # one moment: the id decides
    client = api(student)
    first = client.get("/api/artifacts/").json()
    second = client.get("/api/artifacts/", {"cursor": first["next"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (40, 5, None)
    assert {i["id"] for i in first["items"] + second["items"]} == {str(work.id) for work in made}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=garbage", "cursor"),
        ("cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwieCJd", "cursor"),
        ("cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0", "cursor"),
        ("medium=smell", "medium"),
        ("starred=maybe", "starred"),
        ("session=7", "session"),
        ("q=" + "x" * 201, "q"),
        ("q=a%00b", "q"),
    ],
)
def test_a_wrong_filter_is_refused_by_name(api: Api, student: Membership, query: str, field: str) -> None:
    answer = api(student).get(f"/api/artifacts/?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert answer.json()["allowed"]


def test_the_list_costs_the_same_queries_however_long(api: Api, student: Membership) -> None:
    client, counts = api(student), []
    for _ in range(2):
        make_work(student)
        make_work(student)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/api/artifacts/")
        counts.append(len([q for q in queries if "token" not in q["sql"]]))
    assert counts[0] == counts[1] <= 3


def test_a_file_is_whole_or_in_part_and_known_by_its_hash(api: Api, student: Membership, class_work: Artifact) -> None:
    client, url = api(student), f"/api/artifacts/{class_work.id}/file/"
    whole = client.get(url)
    assert b"".join(whole.streaming_content) == picture()
    assert whole.headers["Content-Type"] == "image/png"
    assert whole.headers["ETag"] == f'"{class_work.sha256}"'
    assert whole.headers["Content-Disposition"] == 'inline; filename="Sea.png"'
    head = client.head(url)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(picture())))
    part = client.get(url, headers={"Range": "bytes=8-15"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, picture()[8:16])
    assert client.get(url, headers={"If-None-Match": f'"{class_work.sha256}"'}).status_code == 304
    assert client.get(url + "?download=1").headers["Content-Disposition"] == 'attachment; filename="Sea.png"'
    small = client.get(f"/api/artifacts/{class_work.id}/thumbnail/")
    assert small.headers["Content-Type"] == "image/webp"
    assert b"".join(small.streaming_content)[8:12] == b"WEBP"


def test_a_work_whose_file_is_lost_says_so(api: Api, student: Membership, class_work: Artifact) -> None:
    default_storage.delete(class_work.key)
    answer = api(student).get(f"/api/artifacts/{class_work.id}/file/")
    assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")
