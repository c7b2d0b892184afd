"""Folders: a tree that stays a tree, works that go along, and what is deleted can be taken back."""

from typing import Any
from uuid import UUID

import pytest

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, NotFound
from ij8.safety.check import WordsRefused
from studio.artifacts.bulk import Order, change_works
from studio.artifacts.filters import WorksFilter
from studio.artifacts.folders import (
    FolderChanges,
    access_folder,
    change_folder,
    create_folder,
    delete_folder,
    restore_folder,
    tree_of,
)
from studio.artifacts.library import works
from studio.models import Artifact, Folder
from studio.people import merge
from tests.studio.making import make_version, make_work

pytestmark = pytest.mark.django_db


def chain(member: Membership, count: int) -> list[Folder]:
    found: list[Folder] = []
    for number in range(count):
        found.append(create_folder(member, name=f"f{number}", parent=found[-1].pk if found else None))
    return found


def file(member: Membership, folder: Folder | None, *chosen: Artifact) -> dict[str, Any]:
    done = change_works(member, Order("file", folder=folder), chosen=[one.pk for one in chosen])
    assert done.undo is not None
    return done.undo


def in_folder(member: Membership, folder: Folder | str) -> list[Artifact]:
    return works(member, WorksFilter(folder=getattr(folder, "pk", folder))).items


def test_the_tree_is_told_in_order_with_its_works(student: Membership, classmate: Membership) -> None:
    outer = create_folder(student, name="Sea")
    inner = create_folder(student, name="Waves", parent=outer.pk)
    create_folder(student, name="Animals")
    create_folder(classmate, name="Theirs")
    work = make_work(student)
    make_version(work)
    file(student, inner, work)
    assert [(one.name, one.depth, one.count) for one in tree_of(student)] == [("Animals", 0, 0), ("Sea", 0, 0), ("Waves", 1, 1)]


def test_a_folder_lies_neither_in_itself_nor_too_deep_nor_beside_its_namesake(student: Membership) -> None:
    folders = chain(student, 5)
    lone = create_folder(student, name="lone")
    for folder, parent in ((folders[0], folders[0]), (folders[0], folders[3]), (folders[3], lone), (lone, folders[4])):
        if folder is folders[3]:
            continue
        with pytest.raises(Invalid) as caught:
            change_folder(folder, FolderChanges(parent=parent.pk))
        assert caught.value.extra["field"] == "parent"
    with pytest.raises(Invalid) as caught:
        change_folder(lone, FolderChanges(name="F0"))
    assert caught.value.extra["field"] == "name"
    with pytest.raises(Invalid):
        create_folder(student, name="deep", parent=folders[4].pk)
    moved = change_folder(folders[3], FolderChanges(parent=lone.pk))
    assert (moved.parent_id, Folder.objects.get(pk=folders[4].pk).parent_id) == (lone.pk, folders[3].pk)


def test_works_go_into_a_folder_with_all_versions_and_back_to_where_each_lay(student: Membership) -> None:
    first, second = create_folder(student, name="a"), create_folder(student, name="b")
    loose, filed = make_work(student), make_work(student)
    version = make_version(filed)
    file(student, first, filed)
    assert set(Artifact.objects.filter(folder=first)) == {filed, version}
    assert make_version(version).folder_id == first.pk
    undo = file(student, second, loose, version)
    assert {one.root_id for one in in_folder(student, second)} == {loose.pk, filed.pk}
    places = {UUID(place["folder"]) if place["folder"] else None: place["ids"] for place in undo["places"]}
    change_works(student, Order("refile", places=places), chosen=[loose.pk, filed.pk])
    assert [one.root_id for one in in_folder(student, first)] == [filed.pk]
    assert [one.root_id for one in in_folder(student, "none")] == [loose.pk]


def test_what_lay_in_a_deleted_folder_goes_up_and_comes_back(student: Membership) -> None:
    outer, middle, inner = chain(student, 3)
    work, moved_on = make_work(student), make_work(student)
    file(student, middle, work, moved_on)
    delete_folder(middle)
    assert {one.pk for one in in_folder(student, outer)} == {work.pk, moved_on.pk}
    assert [(one.name, one.depth) for one in tree_of(student)] == [("f0", 0), ("f2", 1)]
    file(student, None, moved_on)
    restore_folder(student, middle.pk)
    assert [one.pk for one in in_folder(student, middle)] == [work.pk]
    assert [(one.name, one.depth) for one in tree_of(student)] == [("f0", 0), ("f1", 1), ("f2", 2)]
    assert Folder.objects.get(pk=inner.pk).parent_id == middle.pk


def test_nobody_else_has_to_do_with_a_folder(student: Membership, classmate: Membership) -> None:
    theirs = create_folder(classmate, name="theirs")
    mine = create_folder(student, name="mine")
    for act in (
        lambda: access_folder(student, theirs.pk),
        lambda: create_folder(student, name="in theirs", parent=theirs.pk),
        lambda: change_folder(mine, FolderChanges(parent=theirs.pk)),
        lambda: restore_folder(student, theirs.pk),
    ):
        with pytest.raises(NotFound):
            act()
    work = make_work(student)
    change_works(student, Order("refile", places={theirs.pk: [work.pk]}), chosen=[work.pk])
    assert Artifact.objects.get(pk=work.pk).folder_id is None


def test_the_name_of_a_folder_passes_the_filter_and_folders_follow_a_merge(student: Membership, classmate: Membership) -> None:
    with pytest.raises(WordsRefused):
        create_folder(student, name="fuck")
    folder = create_folder(classmate, name="theirs")
    merge(student, classmate)
    assert access_folder(student, folder.pk) == folder
