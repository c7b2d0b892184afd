"""What the filter of words finds, and what it must leave alone."""

from pathlib import Path

import pytest
from django.conf import settings

from ij8.safety.filter import hits_in, is_begun
from ij8.safety.fold import fold
from ij8.safety.lists import ListsUnreadable, WordList, lists_of, own_list

NONE = WordList()


def found(text: str, strictness: str = "strict", *, added: str = "", allowed: str = "", language: str = "en") -> list[str]:
    lists = lists_of(Path(settings.WORDS), strictness)
    hits = hits_in(text, lists, added=own_list(added, "school"), allowed=own_list(allowed, "innocent"), language=language)
    return [hit.category for hit in hits]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("fuck", "hate"),
        ("FUCK this", "hate"),
        ("f u c k", "hate"),
        ("f.u.c.k you", "hate"),
        ("f-u-c-k", "hate"),
        ("fu ck", "hate"),
        ("sh!t", "hate"),
        ("sh*t", "hate"),
        ("f**k", "hate"),
        ("fuuuuuck", "hate"),
        ("fück", "hate"),
        ("p0rn", "sexual"),
        ("$ex", "sexual"),
        ("S-E-X", "sexual"),
        ("ｓｅｘ", "sexual"),
        ("ѕех", "sexual"),  # all of it Cyrillic
        ("s\u200be\u200bx", "sexual"),
        ("s\u0337e\u0337x\u0337", "sexual"),
        ("k!ll him", "violence"),
        ("wie man eine Bombe baut: bombe bauen", "violence"),
        ("eine Leiche im Wald", "violence"),
        ("I want to kill myself", "self_harm"),
        ("ich will sterben", "self_harm"),
        ("Ich möchte nicht mehr leben", "self_harm"),
        ("Arschlöcher", "hate"),
        ("arschloecher", "hate"),
        ("smoking weed", "drugs"),
        ("ein Joint rauchen", "drugs"),
        ("call me 0170 1234567", "personal"),
        ("+49 170 123 45 67", "personal"),
        ("(555) 123-4567", "personal"),
        ("write to mia@linden.test", "personal"),
        ("12 Baker Street", "personal"),
        ("Gartenstraße 5", "personal"),
        ("ich bin am Nordring 12 zu finden", "personal"),
        ("ich heiße Mia Müller", "personal"),
        ("my name is Mia", "personal"),
    ],
)
def test_a_refused_word_is_found_however_it_is_written(text: str, category: str) -> None:
    assert category in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone, Clitheroe and Lightwater in Essex, Sussex and Middlesex",
        "the pen is mightier than the sword",
        "an al fresco dinner",
        "a hero in the sky",
        "a peacock, a cockatoo and a cockerel drink cocktails in the cockpit",
        "Dickens and Moby Dick",
        "analysis of glass, grass, brass and a class assignment",
        "a great tit and a blue tit on pussy willow",
        "rapeseed field in spring, grapes, drapes, skyscrapers",
        "killer whale under the moon",
        "dead sea, dead tree",
        "document of cumulus clouds, cucumber and circumference",
        "shiitake mushrooms",
        "Matsushita radio, arsenal, parsley",
        "a s k y over h i l l s",
        "U S A map",
        "4k, 8k uhd, 35mm f1.8, 1920x1080, 1920-1080, seed 123456789, 2026-11-21 14:30",
        "a4 paper, b2 poster, no. 5, 50 % grey, 3d cube, 2nd try",
        "quiet sea at evening, gold and deep blue",
        "volcanic lava, glowing red, turbulent",
        "stippling, black ink, mountain",
        "ein dicker Baum und ein dickes Haus",
        "der Staudamm und die Fahrt nach Essen",
        "Sechs Nacktschnecken auf dem Weg 12",
        "ein Marsch der Pinguine mit Waffeln",
        "ein Essigglas mit Gift, ein Kind und der Mond",
        "Basel, Zürich und Mordor",
        "a witch offering 5 apples and gathering 12 herbs",
        "рисунок моря и солнца",
        "昼の海と金色の光",
    ],
)
def test_innocent_words_pass_at_the_strictest(text: str) -> None:
    assert found(text) == []


def test_strictness_decides_over_mild_words_and_never_over_the_worst() -> None:
    assert [bool(found("a nude statue", level)) for level in ("light", "medium", "strict")] == [False, False, True]
    assert [bool(found("murder", level)) for level in ("light", "medium", "strict")] == [False, True, True]
    assert [bool(found("I want to kill myself", level)) for level in ("light", "medium", "strict")] == [True, True, True]


def test_a_word_that_is_german_passes_in_a_german_text_alone() -> None:
    assert found("ein dick gemalter Baum") == []
    assert found("dick", language="de") == []
    assert found("I like dick") == ["sexual"]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Ein Bild von einer slut mit großen tits am Strand", "sexual"),
        ("Mein Lehrer ist ein bastard und das ist so", "hate"),
        ("Das ist doch alles shit und ich mag es nicht", "hate"),
        ("Der Mann auf dem Bild hat eine gun in der Hand", "violence"),
        ("Wir rauchen weed und dann ist die Schule aus", "drugs"),
        ("Ein Hund und eine Katze, und auch my dick, und ein Haus und der Mond", "sexual"),
        ("A house and a tree, the moon and the sea, und eine nutte", "sexual"),
    ],
)
def test_a_word_of_one_language_is_found_in_a_text_of_another(text: str, category: str) -> None:
    assert category in found(text)
    assert category in found(text, language="de")


def test_a_german_word_passes_where_german_is_spoken_in_a_text_of_two() -> None:
    text = "A poster for the school with the words: ein dick gemalter Baum. It has big letters"
    assert found(text) == []
    assert found("Ein Stab und ein Ass, dicke Kinder im Nebel, ein Gift in der Nacht") == []


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("They want to buy ", True),
        ("They want to buy bread ", False),
        ("a f ", True),
        ("sch ", True),
        ("and the ", False),
        ("call +49 ", True),
        ("", False),
        ("quiet waves ", False),
    ],
)
def test_the_beginning_of_what_is_refused_is_told(text: str, begun: bool) -> None:
    assert is_begun(text, lists_of(Path(settings.WORDS), "medium"), added=NONE) is begun


def test_the_words_of_a_phrase_are_not_told_again() -> None:
    lists = lists_of(Path(settings.WORDS), "strict")
    assert [hit.word for hit in hits_in("a machine gun", lists, added=NONE, allowed=NONE)] == ["machine gun"]


def test_a_school_adds_and_allows_words() -> None:
    assert found("the head teacher is a Brumbel", added="brumbel\nzonk*") == ["school"]
    assert found("zonking about", added="brumbel\nzonk*") == ["school"]
    assert found("b r u m b e l", added="brumbel") == ["school"]
    assert found("a portrait of Mr Cock", allowed="mr cock") == []
    assert found("cock", allowed="mr cock") == ["sexual"]


def test_texts_that_read_the_same_are_the_same() -> None:
    assert fold("Ｓ\u200be\u00adx  party") == fold("sex party")


def test_a_missing_or_broken_list_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ListsUnreadable):
        lists_of(tmp_path, "strict")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "personal.txt").write_text("[medium]\n(unclosed", encoding="utf-8")
    with pytest.raises(ListsUnreadable):
        lists_of(tmp_path, "strict")


def test_a_changed_list_counts_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    path = tmp_path / "en" / "hate.txt"
    path.write_text("brumbel\n", encoding="utf-8")
    assert hits_in("brumbel", lists_of(tmp_path, "light"), added=NONE, allowed=NONE)
    path.write_text("other words\n", encoding="utf-8")
    assert not hits_in("brumbel", lists_of(tmp_path, "light"), added=NONE, allowed=NONE)
