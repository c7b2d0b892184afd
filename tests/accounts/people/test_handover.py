"""Works that go along with whoever leaves a school."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from ij8.accounts.members import remove_member
from ij8.accounts.models import Cohort, Handover, Membership, Notice, School, User
from ij8.accounts.people.handover import answer_handover, go_on, offer_handover
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.safety.bands import is_minor
from studio import handover as studio_part
from studio.artifacts.folders import create_folder, delete_folder, tree_of
from studio.artifacts.versions import choose
from studio.models import Artifact, Folder, Lineage
from tests.architecture.world import _job, _session, _work
from tests.conftest import Person
from tests.studio.making import make_version

pytestmark = pytest.mark.django_db


def works_of(member: Membership, cohort: Cohort, count: int) -> list[Artifact]:
    session = _session(member, cohort, "sea")
    return [_work(_job(session, "succeeded", "sea"), f"sea {n}") for n in range(count)]  # type: ignore[arg-type]


def offered(student: Membership, by: Membership) -> Handover:
    return offer_handover(member=student, email="Mia@home.test", by=by)


def test_works_are_copied_with_bytes_lineage_and_credit(
    school_admin: Membership, student: Membership, classmate: Membership, cohort: Cohort, open_school: School
) -> None:
    first, second = works_of(student, cohort, 2)
    foreign = works_of(classmate, cohort, 1)[0]
    for parent in (first, foreign):
        Lineage.objects.create(school=student.school, artifact=second, parent=parent, operation="image.edit")
    made = offered(student, school_admin)
    go_on()
    assert not Artifact.objects.filter(owner=made.to).exists()
    answer_handover(handover_id=made.pk, by=made.to, accept=True)
    go_on()
    copies = list(Artifact.objects.filter(owner=made.to).order_by("created"))
    assert [one.title for one in copies] == ["sea 0", "sea 1"]
    assert {one.school for one in copies} == {open_school}
    with default_storage.open(copies[0].key) as copy, default_storage.open(first.key) as original:
        assert copy.read() == original.read()
    assert copies[0].key != first.key
    assert copies[0].meta["notes"]["made_at"] == student.school.name
    assert [(one.parent_id, one.operation) for one in Lineage.objects.filter(artifact=copies[1])] == [
        (copies[0].pk, "image.edit")
    ]
    assert Artifact.objects.filter(owner=student).count() == 2
    made.refresh_from_db()
    assert (made.state, made.copied) == ("done", 2)
    assert list(Notice.objects.filter(member=made.to).values_list("kind", flat=True).order_by("created")) == [
        "handover-offered", "handover-done",
    ]  # fmt: skip


def test_versions_come_along_in_their_line(
    school_admin: Membership, student: Membership, cohort: Cohort, open_school: School
) -> None:
    first = works_of(student, cohort, 1)[0]
    second = make_version(first)
    make_version(second)
    choose(second, second.pk, expected=Artifact.objects.get(root=first, is_current=True).pk)
    made = offered(student, school_admin)
    answer_handover(handover_id=made.pk, by=made.to, accept=True)
    go_on()
    copies = list(Artifact.objects.filter(owner=made.to).order_by("created"))
    assert {one.root_id for one in copies} == {copies[0].pk}
    assert [one.is_current for one in copies] == [False, True, False]
    assert list(Lineage.objects.filter(school=open_school).values_list("parent", flat=True).order_by("artifact__created")) == [
        copies[0].pk,
        copies[1].pk,
    ]


def test_folders_come_along_with_what_lies_in_them(
    school_admin: Membership, student: Membership, cohort: Cohort, open_school: School
) -> None:
    sea, empty = create_folder(student, name="Sea"), create_folder(student, name="Later")
    waves = create_folder(student, name="Waves", parent=sea.pk)
    delete_folder(create_folder(student, name="Gone"))
    first, loose = works_of(student, cohort, 2)
    Artifact.objects.filter(pk=first.pk).update(folder=waves)
    make_version(Artifact.objects.get(pk=first.pk))
    made = offered(student, school_admin)
    create_folder(made.to, name="sea")
    answer_handover(handover_id=made.pk, by=made.to, accept=True)
    go_on()
    go_on()
    here = f"Sea ({student.school.name})"
    assert [(one.name, one.depth, one.count) for one in tree_of(made.to)] == [
        (empty.name, 0, 0), ("sea", 0, 0), (here, 0, 0), ("Waves", 1, 1),
    ]  # fmt: skip
    copies = Artifact.objects.filter(owner=made.to).order_by("created")
    assert [(one.folder.name if one.folder else None) for one in copies] == ["Waves", None, "Waves"]
    assert {one.school for one in Folder.objects.filter(member=made.to)} == {open_school}
    assert Artifact.objects.get(pk=studio_part.copy_id(made, loose.pk)).folder is None
    assert Folder.objects.filter(member=student, removed_at=None).count() == 3


def test_who_is_killed_in_the_middle_loses_and_doubles_nothing(
    school_admin: Membership, student: Membership, cohort: Cohort, open_school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = works_of(student, cohort, 5)
    monkeypatch.setattr(studio_part, "AT_ONCE", 2)
    made = offered(student, school_admin)
    answer_handover(handover_id=made.pk, by=made.to, accept=True)
    go_on()
    half = Artifact.objects.filter(owner=made.to).order_by("created").last()
    assert half is not None
    Artifact.objects.filter(pk=half.pk)._raw_delete("default")  # its bytes were written, its row was not
    for _ in range(4):
        go_on()
    assert sorted(Artifact.objects.filter(owner=made.to).values_list("pk", flat=True)) == sorted(
        studio_part.copy_id(made, one.pk) for one in works
    )
    made.refresh_from_db()
    assert (made.state, made.copied) == ("done", 5)


def test_only_the_person_it_is_offered_to_answers_once(
    school_admin: Membership, teacher: Membership, student: Membership, artist: Membership
) -> None:
    with pytest.raises(Forbidden):
        offered(student, teacher)
    made = offered(student, school_admin)
    with pytest.raises(Conflict):
        offered(student, school_admin)
    with pytest.raises(NotFound):
        answer_handover(handover_id=made.pk, by=artist, accept=True)
    answer_handover(handover_id=made.pk, by=made.to, accept=False)
    with pytest.raises(Conflict):
        answer_handover(handover_id=made.pk, by=made.to, accept=True)


@pytest.mark.parametrize(
    ("role", "band", "after"), [("student", "", "under_13"), ("student", "13_15", "13_15"), ("teacher", "", "adult")]
)
def test_a_personal_account_is_as_old_as_its_person(
    school_admin: Membership, person: Person, role: str, band: str, after: str, open_school: School
) -> None:
    leaver = person(school_admin.school, role, "Kim")
    leaver.age_band = band
    leaver.save()
    made = offered(leaver, school_admin)
    assert (made.to.school, made.to.role, made.to.age_band) == (open_school, "user", after)
    assert is_minor(made.to) is (after != "adult")


def test_an_account_that_is_there_stays_as_it_is(school_admin: Membership, student: Membership, artist: Membership) -> None:
    made = offer_handover(member=student, email="ilse@open.test", by=school_admin)
    assert (made.to, made.to.age_band) == (artist, "")


def test_no_school_brings_anybody_back_into_the_open_school(
    school_admin: Membership, student: Membership, artist: Membership
) -> None:
    remove_member(member=artist)
    with pytest.raises(Conflict) as refused:
        offer_handover(member=student, email="ilse@open.test", by=school_admin)
    artist.refresh_from_db()
    assert (refused.value.code, artist.active, Handover.objects.count()) == ("left", False, 0)


def test_the_record_offers_and_the_page_says_yes(
    school_admin: Membership, student: Membership, open_school: School, as_: Callable[[Membership], Client]
) -> None:
    client, here = as_(school_admin), f"/school/people/{student.pk}/"
    assert b"no e-mail address" in client.post(here, {"act": "hand_over", "email": "mia"}, follow=True).content
    assert b"Offered to mia@home.test" in client.post(here, {"act": "hand_over", "email": "mia@home.test"}, follow=True).content
    person = Membership.objects.get(user=User.objects.get(email="mia@home.test"))
    mine = as_(person)
    made = Handover.objects.get()
    assert b"Take them along" in mine.get("/handovers/").content
    assert mine.post("/handovers/", {"handover": str(made.pk), "answer": "yes"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "copying"
