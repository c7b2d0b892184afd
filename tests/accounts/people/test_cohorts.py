"""Classes: made, copied, archived, thrown away, and when they meet."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.access import access_cohort
from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.accounts.people.cohorts import (
    SlotTimes,
    archive_cohort,
    copy_cohort,
    create_cohort,
    rename_cohort,
    reopen_cohort,
    restore_cohort,
    set_slots,
    trash_cohort,
)
from ij8.accounts.people.places import add_to_cohort
from ij8.accounts.people.timetable import lesson_words, next_lessons
from ij8.core.errors import Conflict, Forbidden, Invalid, NotFound
from studio.sessions import access_session, create_session

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
Person = Callable[..., Membership]
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_teacher_leads_the_class_that_she_makes(teacher: Membership, school: School) -> None:
    made = create_cohort(school=school, name="  Art   7c ", by=teacher)
    assert (made.name, made.members.get().role, made.members.get().member) == ("Art 7c", "lead_teacher", teacher)


def test_pupils_and_other_schools_make_no_classes(student: Membership, stranger: Membership, school: School) -> None:
    for by in (student, stranger):
        with pytest.raises(Forbidden):
            create_cohort(school=school, name="7c", by=by)


def test_two_running_classes_have_two_names(school_admin: Membership, cohort: Cohort, school: School) -> None:
    with pytest.raises(Conflict):
        create_cohort(school=school, name="6B", by=school_admin)
    archive_cohort(cohort=cohort, by=school_admin)
    create_cohort(school=school, name="6B", by=school_admin)
    with pytest.raises(Conflict):
        reopen_cohort(cohort=cohort, by=school_admin)


def test_an_archived_class_is_read_and_not_changed(teacher: Membership, student: Membership, cohort: Cohort) -> None:
    session = create_session(member=student, title="Sea", cohort=cohort)
    archive_cohort(cohort=cohort, by=teacher)
    assert access_cohort(teacher, cohort.pk, "view") == cohort
    for act in (
        lambda: rename_cohort(cohort=cohort, by=teacher, name="New"),
        lambda: add_to_cohort(cohort=cohort, member=student, by=teacher),
        lambda: set_slots(cohort=cohort, by=teacher, slots=[]),
        lambda: access_session(student, session.pk, "make"),
    ):
        with pytest.raises(Conflict):
            act()
    assert access_session(teacher, session.pk, "view") == session


def test_a_class_in_the_trash_is_seen_by_nobody_and_comes_back_whole(
    teacher: Membership, student: Membership, school_admin: Membership, cohort: Cohort
) -> None:
    trash_cohort(cohort=cohort, by=teacher)
    for member in (teacher, student, school_admin):
        with pytest.raises(NotFound):
            access_cohort(member, cohort.pk, "view")
    with pytest.raises(Forbidden):
        restore_cohort(cohort=cohort, by=student)
    restore_cohort(cohort=cohort, by=teacher)
    assert access_cohort(student, cohort.pk, "view") == cohort
    assert CohortMembership.objects.in_force().filter(cohort=cohort).count() == 2


def test_a_class_does_not_come_back_after_a_month(school_admin: Membership, cohort: Cohort) -> None:
    cohort.trashed_at = timezone.now() - timedelta(days=31)
    cohort.save()
    with pytest.raises(Conflict):
        restore_cohort(cohort=cohort, by=school_admin)


@pytest.mark.parametrize(("with_pupils", "people"), [(True, 3), (False, 2)])
def test_a_copy_has_the_teachers_and_lessons_and_the_pupils_if_asked(
    with_pupils: bool, people: int, teacher: Membership, assistant: Membership, student: Membership, cohort: Cohort
) -> None:
    set_slots(cohort=cohort, by=teacher, slots=[SlotTimes(0, time(9), time(10))])
    copy = copy_cohort(cohort=cohort, by=teacher, name="7b", term="Spring", with_pupils=with_pupils)
    assert (copy.term, copy.copied_from, copy.members.count(), copy.slots.count()) == ("Spring", cohort, people, 1)
    assert cohort.members.count() == 3


@pytest.mark.parametrize("slots", [[(0, 10, 9)], [(0, 9, 9)], [(7, 9, 10)], [(0, 9, 11), (0, 10, 12)]])
def test_lessons_that_cannot_be_are_refused(slots: list[tuple[int, int, int]], teacher: Membership, cohort: Cohort) -> None:
    with pytest.raises(Invalid):
        set_slots(cohort=cohort, by=teacher, slots=[SlotTimes(day, time(a), time(b)) for day, a, b in slots])


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (MONDAY.replace(hour=13), "today 09:00"),
        (MONDAY.replace(hour=14, minute=30), "now, until 10:00"),
        (MONDAY.replace(hour=15), "Monday 09:00"),
        (MONDAY - timedelta(hours=12), "tomorrow 09:00"),
    ],
)
def test_the_next_lesson_is_told_by_the_clocks_of_the_school(
    now: datetime, words: str, teacher: Membership, cohort: Cohort, school: School
) -> None:
    school.time_zone = "America/New_York"
    set_slots(cohort=cohort, by=teacher, slots=[SlotTimes(0, time(9), time(10))])
    lesson = next_lessons(school, [cohort.pk], now)[cohort.pk]
    assert lesson_words(lesson, now) == words


def test_a_lesson_is_at_nine_also_in_the_week_when_the_clocks_change(teacher: Membership, cohort: Cohort, school: School) -> None:
    school.time_zone = "Europe/Berlin"
    set_slots(cohort=cohort, by=teacher, slots=[SlotTimes(6, time(9), time(10))])
    found = next_lessons(school, [cohort.pk], datetime(2026, 10, 24, 12, tzinfo=UTC))[cohort.pk]
    assert found.starts.astimezone(UTC) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_settings_rename_time_copy_archive_and_delete(teacher: Membership, cohort: Cohort, as_: As) -> None:
    client, here = as_(teacher), f"/classes/{cohort.pk}/settings/"
    slots = {"slots-TOTAL_FORMS": "1", "slots-INITIAL_FORMS": "0", "slots-0-weekday": "1"}
    times = {"slots-0-starts": "09:00", "slots-0-ends": "10:30"}
    assert client.post(here, {"act": "save", "name": "6 blue", "term": "Autumn"}).status_code == 302
    assert client.post(here, {"act": "slots", **slots, **times}).status_code == 302
    assert b"leave all three empty" in client.post(here, {"act": "slots", **slots}).content
    assert client.post(here, {"act": "copy", "copy-name": "6 blue", "copy-term": ""}).status_code == 200
    assert client.post(here, {"act": "copy", "copy-name": "7 blue", "copy-term": ""}).status_code == 302
    assert client.post(here, {"act": "archive"}).status_code == 302
    assert client.post(here, {"act": "save", "name": "Other"}).status_code == 200
    assert client.post(here, {"act": "trash"}).status_code == 302
    assert b"in the trash" in client.get(here).content
    assert client.post(here, {"act": "restore"}).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.name, cohort.term, cohort.trashed_at, cohort.slots.count()) == ("6 blue", "Autumn", None, 1)


def test_a_substitute_is_added_with_a_last_day(
    teacher: Membership, person: Callable[..., Membership], cohort: Cohort, as_: As
) -> None:
    colleague = person(cohort.school, "teacher", "Olga")
    client, here = as_(teacher), f"/classes/{cohort.pk}/people/"
    assert b"Olga" in client.get(here, {"find": "olg"}).content
    last = timezone.now().date() + timedelta(days=3)
    client.post(here, {"member": str(colleague.pk), "place": "lead_teacher", "until": last.isoformat()})
    place = CohortMembership.objects.get(member=colleague)
    assert (place.role, place.until) == ("lead_teacher", datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC))


def test_observers_look_on_and_change_nothing(
    person: Callable[..., Membership], cohort: Cohort, as_: As, student: Membership
) -> None:
    parent = person(cohort.school, "user", "Pat")
    add_to_cohort(cohort=cohort, member=parent, role="observer", by=None)
    client = as_(parent)
    page = client.get(f"/classes/{cohort.pk}/people/").content.decode()
    assert "Mia" in page
    assert f"/school/people/{student.pk}/" not in page
    assert "Add somebody" not in page
    assert client.post(f"/classes/{cohort.pk}/people/", {"member": str(student.pk)}).status_code == 403
