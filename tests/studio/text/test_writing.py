"""Texts as works: what is saved, what a save makes, and what two savers are told."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Invalid, TooLarge
from ij8.safety.check import WordsRefused
from ij8.safety.models import Refusal, SafetyPolicy
from studio.artifacts.labels import Labels, set_labels
from studio.artifacts.library import works
from studio.artifacts.trash import purge, trash_work
from studio.models import Artifact, Lineage, StudioSession
from studio.text.words import MOST_CHARACTERS
from studio.text.writing import ChangedElsewhere, body_of, current_of, new_version, restore_version, save_text

pytestmark = pytest.mark.django_db
POEM = "# The sea\n\nA **quiet** sea,\nand one boat.\n"


@pytest.fixture
def poem(student: Membership) -> Artifact:
    return save_text(member=student, body=POEM)


def test_a_text_becomes_a_work_that_its_first_line_names(student: Membership, poem: Artifact) -> None:
    assert (poem.medium, poem.content_type, poem.source) == ("text", "text/markdown", "made")
    assert poem.key.endswith(".md")
    assert body_of(poem) == POEM
    assert poem.title == "The sea"
    assert poem.alt == "The sea A quiet sea, and one boat."
    assert poem.owner == student


def test_a_given_title_session_and_source_stay(student: Membership) -> None:
    session = StudioSession.objects.create(school=student.school, member=student)
    work = save_text(member=student, body=POEM, title=" Waves ", session=session, source="generated")
    assert (work.title, work.session, work.source) == ("Waves", session, "generated")


@pytest.mark.parametrize(
    ("body", "error"),
    [("", Invalid), (" \n\n", Invalid), ("a\x00b", Invalid), ("a\x07", Invalid), ("x" * (MOST_CHARACTERS + 1), TooLarge)],
    ids=["empty", "blank", "nul", "bell", "long"],
)
def test_what_is_no_text_is_refused_at_its_field(student: Membership, body: str, error: type[Invalid]) -> None:
    with pytest.raises(error) as refused:
        save_text(member=student, body=body)
    assert refused.value.extra["field"] == "body"
    assert not Artifact.objects.exists()


def test_line_ends_of_every_system_are_one(student: Membership) -> None:
    assert body_of(save_text(member=student, body="a\r\nb\rc\n\n\n")) == "a\nb\nc\n"


def test_a_save_makes_a_version_from_the_one_before_and_keeps_the_labels(student: Membership, poem: Artifact) -> None:
    set_labels(poem, Labels(tags=["sea"]))
    second = new_version(poem, member=student, body=POEM + "Night.\n", base=poem.pk)
    assert second.root_id == poem.pk
    assert (second.title, second.tags) == ("The sea", ["sea"])
    assert current_of(poem) == second
    assert Lineage.objects.filter(artifact=second).values_list("parent", "operation").get() == (poem.pk, "text.write")
    assert body_of(poem) == POEM
    second.root.refresh_from_db()
    assert second.root.alt == "The sea A quiet sea, and one boat. Night."


def test_an_alt_text_that_a_person_wrote_stays(student: Membership, poem: Artifact) -> None:
    set_labels(poem, Labels(alt="My first poem"))
    second = new_version(poem, member=student, body="Night.", base=poem.pk)
    assert second.root.alt == "My first poem"


def test_nothing_new_makes_no_version(student: Membership, poem: Artifact) -> None:
    assert new_version(poem, member=student, body=POEM.rstrip(), base=poem.pk) == poem
    renamed = new_version(poem, member=student, body=POEM, base=poem.pk, title="Waves")
    assert renamed == poem
    assert renamed.root.title == "Waves"
    assert Artifact.objects.count() == 1


def test_the_second_of_two_savers_is_told_and_nothing_is_lost(student: Membership, poem: Artifact) -> None:
    first = new_version(poem, member=student, body="One.", base=poem.pk)
    with pytest.raises(ChangedElsewhere) as refused:
        new_version(poem, member=student, body="Two.", base=poem.pk)
    assert refused.value.extra["current"] == str(first.pk)
    chosen = new_version(poem, member=student, body="Two.", base=first.pk)
    assert [body_of(row) for row in Artifact.objects.order_by("created")] == [POEM, "One.\n", "Two.\n"]
    assert current_of(poem) == chosen


def test_an_earlier_text_comes_back_as_the_newest(student: Membership, poem: Artifact) -> None:
    second = new_version(poem, member=student, body="One.", base=poem.pk)
    third = restore_version(poem, poem, member=student, base=second.pk)
    assert body_of(third) == POEM
    assert third.root_id == poem.pk
    assert Artifact.objects.count() == 3


def test_what_lies_in_the_trash_is_not_written_on(student: Membership, poem: Artifact) -> None:
    trash_work(poem)
    with pytest.raises(Conflict) as refused:
        new_version(poem, member=student, body="One.", base=poem.pk)
    assert refused.value.code == "trashed"


def test_a_refused_paragraph_alone_is_shown_to_the_teacher(student: Membership, poem: Artifact) -> None:
    body = POEM + "\nThey were all naked.\n\nThe end.\n"
    with pytest.raises(WordsRefused) as refused:
        new_version(poem, member=student, body=body, base=poem.pk)
    assert refused.value.extra["field"] == "body"
    assert Refusal.objects.values_list("text", "where").get() == ("They were all naked.", "text")
    assert Artifact.objects.count() == 1


def test_words_that_stood_there_are_not_judged_again(student: Membership, poem: Artifact) -> None:
    SafetyPolicy.objects.create(school=student.school, added_words="boat")
    with pytest.raises(WordsRefused):
        new_version(poem, member=student, body=POEM + "\nA boat.\n", base=poem.pk)
    assert body_of(new_version(poem, member=student, body=POEM + "\nNight.\n", base=poem.pk)) == POEM + "\nNight.\n"


def test_words_hidden_across_paragraphs_are_found(student: Membership, poem: Artifact) -> None:
    with pytest.raises(WordsRefused):
        new_version(poem, member=student, body=POEM + "\nn a\n\nk e d\n", base=poem.pk)


def test_the_search_knows_the_words_of_a_text_that_stands(student: Membership) -> None:
    work = save_text(member=student, title="Waves", body="x " * 3000 + "heron")
    assert [row.pk for row in works(student, q="heron").items] == [work.pk]
    second = new_version(work, member=student, body="An egret", base=work.pk)
    assert [row.pk for row in works(student, q="heron").items] == []
    assert [row.pk for row in works(student, q="egret").items] == [second.pk]
    trash_work(second)
    purge(Artifact.objects.filter(pk=work.pk))
    assert set(Artifact.objects.values_list("body", flat=True)) == {""}


def test_a_text_has_a_small_picture_of_its_first_lines(student: Membership, poem: Artifact) -> None:
    with default_storage.open(poem.thumbnail_large_key) as file, Image.open(file) as page:
        assert page.size == (768, 768)
        ink = sum(page.convert("L").histogram()[:90])
    assert ink > 3000
