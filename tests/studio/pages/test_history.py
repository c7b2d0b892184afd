"""Versions, lineage and folders on pages: what is said, to whom, and at what cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts.models import Cohort, Membership
from studio.artifacts.folders import create_folder
from studio.artifacts.lineage import lineage_of
from studio.artifacts.lineage_json import LineageShape
from studio.artifacts.meta import GenerationMeta
from studio.jobs.backends import ensure_backends
from studio.jobs.replay import replay
from studio.models import Artifact, Folder, Job, Lineage, StudioSession, Turn
from studio.pages.lineage import newest
from studio.pages.lineage_drawing import draw, twigs
from tests.studio.making import make_version, make_work, picture

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
PARAMS = {"model": "procedural/auto", "prompt": "a calm sea", "width": 64, "height": 64, "seed": 7, "count": 4}
META = GenerationMeta(operation="image.generate", model="procedural/auto", seed=7, params=PARAMS)


def current(work: Artifact) -> Artifact:
    return Artifact.objects.get(root=work.root_id, is_current=True)


def test_the_page_of_a_work_shows_its_current_version_and_of_a_version_that_one(student: Membership, as_: As) -> None:
    first = make_work(student, title="Sea")
    second = make_version(first)
    client = as_(student)
    for address, shown, told in (
        (f"/works/{first.pk}/", second, False),
        (f"/works/{first.pk}/?version={first.pk}", first, True),
        (f"/works/{second.pk}/", second, False),
    ):
        page = client.get(address)
        assert page.context["work"]["id"] == str(shown.pk)
        assert (b"You see version 1 of 2." in page.content) is told
    assert client.get(f"/works/{first.pk}/?version={make_work(student).pk}").status_code == 404


def test_undo_by_a_form_says_what_is_current_and_a_stale_tab_is_told(student: Membership, as_: As) -> None:
    first = make_work(student)
    second = make_version(first)
    client = as_(student)
    form = {"act": "undo", "expected": str(second.pk)}
    answer = client.post(f"/works/{second.pk}/", form, follow=True)
    assert (current(first), b"Version 1 is the current one now." in answer.content) == (first, True)
    answer = client.post(f"/works/{second.pk}/", form, follow=True)
    assert (current(first), b"Another version became the current one meanwhile" in answer.content) == (first, True)
    told = client.post(f"/api/artifacts/{first.pk}/versions/", form, content_type="application/json")
    assert (told.status_code, told.json()["code"], told.json()["current"]) == (409, "changed", str(first.pk))


def test_what_is_brought_for_a_work_is_its_next_version(student: Membership, as_: As) -> None:
    work = make_work(student, title="Sea", source="uploaded")
    file = SimpleUploadedFile("next.png", picture((50, 50)), "image/png")
    made = as_(student).post("/api/artifacts/", {"file": file, "version_of": str(work.pk)}).json()
    assert (made["root"], made["title"]) == (str(work.pk), "Sea")
    assert list(Lineage.objects.values_list("parent", "operation")) == [(work.pk, "work.upload")]
    assert [one["id"] for one in as_(student).get("/api/artifacts/").json()["items"]] == [made["id"]]


def test_a_parent_that_is_not_hers_to_see_is_a_node_without_a_name(
    student: Membership, classmate: Membership, teacher: Membership, cohort: Cohort, as_: As
) -> None:
    session = StudioSession.objects.create(school=classmate.school, member=classmate, cohort=cohort)
    beyond = make_work(student, title="mine before theirs")
    theirs = make_work(classmate, session=session, title="secret otter")
    gone, work = make_work(student, title="erased"), make_work(student, title="mine")
    for artifact, parent in ((work, theirs), (theirs, beyond), (work, gone)):
        Lineage.objects.create(school=student.school, artifact=artifact, parent=parent, operation="image.edit")
    Artifact.objects.filter(pk=gone.pk).update(purged_at=timezone.now(), title="")
    told = as_(student).get(f"/api/artifacts/{work.pk}/lineage/").json()
    assert {node["key"]: node["state"] for node in told["nodes"]} == {
        "hidden-1": "hidden", str(work.pk): "shown", str(gone.pk): "erased",
    }  # fmt: skip
    assert str(theirs.pk) not in str(told)
    page = as_(student).get(f"/works/{work.pk}/lineage/").content.decode()
    assert ("Not yours to see" in page, "secret otter" in page, str(theirs.pk) in page) == (True, False, False)
    assert [node.state for node in lineage_of(theirs, teacher).nodes] == ["hidden", "shown"]


def test_a_lineage_is_told_as_its_shape_says_whatever_stands_in_it(student: Membership, as_: As) -> None:
    odd = 'a "quoted" \\ line\nand\u2028another\tend'
    first = make_work(student, title=odd, meta=META.model_copy(update={"params": {**PARAMS, "prompt": odd}}))
    second = make_version(first, meta=META.model_copy(update={"params": {**PARAMS, "prompt": odd}}))
    answer = as_(student).get(f"/api/artifacts/{first.pk}/lineage/")
    told = LineageShape.model_validate(answer.json())
    assert (answer["Content-Type"], told.root, told.is_cut) == ("application/json", first.pk, False)
    assert [(node.key, node.state, node.depth, node.work, node.is_current) for node in told.nodes] == [
        (str(first.pk), "shown", 0, first.pk, False),
        (str(second.pk), "shown", 1, first.pk, True),
    ]
    node, edge = told.nodes[0], told.edges[0]
    assert (node.title, node.medium, node.source, node.created) == (odd, "image", "made", first.created)
    assert node.thumbnail_url == f"/api/artifacts/{first.pk}/thumbnail/"
    assert edge.model_dump() == {
        "parent": str(first.pk), "child": str(second.pk), "operation": "image.edit", "model": "procedural/auto", "seed": 7,
        "params": {**PARAMS, "prompt": odd},
    }  # fmt: skip
    Artifact.objects.filter(pk=second.pk).update(meta={}, thumbnail_key="")
    told = LineageShape.model_validate(as_(student).get(f"/api/artifacts/{first.pk}/lineage/").json())
    assert (told.edges[0].model, told.edges[0].seed, told.edges[0].params, told.nodes[1].thumbnail_url) == ("", None, {}, None)


def test_a_line_keeps_its_lane_and_what_branches_off_gets_another(student: Membership) -> None:
    first = make_work(student)
    second = make_version(first)
    third = make_version(second)
    branch = make_version(first)
    graph = lineage_of(branch, student)
    lanes = {place.key: (place.x, place.lane) for place in draw(graph).places}
    assert [lanes[str(one.pk)][1] for one in (first, second, third, branch)] == [0, 0, 0, 1]
    assert lanes[str(second.pk)][0] == lanes[str(branch.pk)][0]
    told = twigs(graph)
    assert [(twig.key, [one.key for one in twig.inside]) for twig in told] == [
        (str(first.pk), [str(branch.pk)]),
        (str(second.pk), []),
        (str(third.pk), []),
    ]
    assert [node.depth for node in newest(graph, 2).nodes] == [0, 0]


@pytest.mark.parametrize("address", ["/works/{work}/", "/works/{work}/lineage/", "/api/artifacts/{work}/lineage/", "/works/"])
def test_many_versions_and_folders_are_asked_for_as_often_as_few(address: str, student: Membership, as_: As) -> None:
    work, client = make_work(student), as_(student)
    here = address.format(work=work.pk)

    def queries(versions: int) -> int:
        for number in range(versions):
            Artifact.objects.filter(pk=make_version(work).pk).update(folder=create_folder(student, name=f"{versions} {number}"))
        client.get(here)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(here).status_code == 200
        return len(captured)

    assert queries(2) == queries(8)


def test_a_step_is_made_again_with_its_frozen_inputs_and_another_seed(student: Membership, as_: As) -> None:
    ensure_backends()
    session = StudioSession.objects.create(school=student.school, member=student)
    work = make_work(student, session=session, meta=META)
    page = as_(student).get(f"/works/{work.pk}/replay/")
    assert (page.status_code, page.context["price"]) == (200, "free")
    model = page.context["form"].fields["model"].choices[-1][0]
    answer = as_(student).post(f"/works/{work.pk}/replay/", {"model": model, "seed": "", "dedupe_key": "once"})
    job = Job.objects.get()
    assert (job.operation, job.params["prompt"], job.params["count"], job.session) == ("image.generate", "a calm sea", 1, session)
    assert job.params["seed"] != 7
    assert answer["Location"] == f"/studio/{session.pk}/#turn-{Turn.objects.get().pk}"
    again = replay(work, member=student, seed=9)
    assert (again.params["seed"], again.params["model"]) == (9, "procedural/auto")


def test_what_no_model_made_cannot_be_made_again(student: Membership, as_: As) -> None:
    work = make_work(student)
    answer = as_(student).get(f"/works/{work.pk}/replay/", follow=True)
    assert b"there is nothing to make again" in answer.content
    assert not Job.objects.exists()


def folders(client: Client, **form: str) -> Any:
    return client.post("/works/folders/", form, follow=True)


def test_folders_are_made_renamed_moved_deleted_and_taken_back_by_forms(student: Membership, as_: As) -> None:
    client = as_(student)
    folders(client, act="create", name="Sea")
    sea = Folder.objects.get()
    assert b"Nothing lies in this folder yet" in folders(client, act="create", name="Waves", parent=str(sea.pk)).content
    waves = Folder.objects.get(name="Waves")
    assert b"There is a folder of this name here already." in folders(client, act="create", name="sea").content
    folders(client, act="rename", folder=str(waves.pk), name="Surf")
    folders(client, act="move", folder=str(waves.pk), parent="")
    waves.refresh_from_db()
    assert (waves.name, waves.parent_id) == ("Surf", None)
    work = make_work(student)
    client.post("/works/bulk/", {"action": "file", "folder": str(sea.pk), "ids": str(work.pk)})
    assert [one["id"] for one in client.get(f"/api/artifacts/?folder={sea.pk}").json()["items"]] == [str(work.pk)]
    answer = folders(client, act="delete", folder=str(sea.pk))
    assert (b"The folder is deleted." in answer.content, Artifact.objects.get().folder_id) == (True, None)
    folders(client, act="restore", folder=str(sea.pk))
    assert Artifact.objects.get().folder_id == sea.pk
