"""Every page in a made-up language: what is not in it was never given to gettext."""

import ast
from collections.abc import Iterator

import pytest
from django.utils import translation

from ij8.core.pseudo import LANGUAGES, changed
from ij8.core.templatetags.house import _words
from tests.architecture import rules
from tests.architecture.access_table import ROLES, Row, rows
from tests.architecture.conftest import OUR_SECRET, THEIR_SECRET, World, fill
from tests.architecture.page_words import fixed_in_script, fixed_in_template, fixed_words

PAGES = [row for row in rows() if row.method == "GET" and not row.address.startswith("/api/") and not row.body]
# names and what else people and places gave, and signs that are the same in every language
DATA = {
    OUR_SECRET, THEIR_SECRET, f"{OUR_SECRET} session", f"{THEIR_SECRET} session", "Linden School", "Harbour School",
    f"A sea. {OUR_SECRET}", f"A sea. {THEIR_SECRET}", "https://", "procedural/auto", "Open school", "test.nothing",
    "Does nothing.", "none", "Letter",
    "image/png", "ComfyUI", "HunYuan3D", "Gemini", "OpenAI", "Ollama", "MiniMax", "ij8", "px", "ms",
}  # fmt: skip
SAMPLES = {"templates/dev/_small.html"}  # made-up facts for the page of parts


@pytest.mark.django_db
@translation.override("en")  # a request leaves its language behind in the thread of a test
def test_no_page_says_anything_past_gettext(world: World) -> None:
    names = {str(member.user) for member in world.members.values()} | {
        member.user.email or "" for member in world.members.values()
    }
    faults = {}
    for row, role in seen():
        client = world.client_of(role, "cookie")
        answer = client.get(fill(row.address, world.ours, world.ours), headers={"Accept-Language": "en-XA"})
        is_page = not answer.streaming and answer.headers["Content-Type"].startswith("text/html")
        if is_page and (found := fixed_words(answer.content.decode(), DATA | names)):
            faults[f"{row} as {role}"] = found
    assert faults == {}, "\n".join(f"{page}: {found}" for page, found in faults.items())


def seen() -> Iterator[tuple[Row, str]]:
    """Every page as a student or, where it has none for her, as a visitor; and as one of the others in turn."""
    for place, row in enumerate(PAGES):
        roles = [role for role in ROLES if row.answers[role] != 302]
        if roles:
            first = "student" if "student" in roles else roles[0]
            yield from ((row, role) for role in {first, roles[place % len(roles)]})


def test_scripts_are_given_their_words_translated() -> None:
    with translation.override("en-xa"):
        assert {key: words for key, words in _words().items() if not words.startswith("⟦")} == {}


def test_a_fixed_word_would_be_found() -> None:
    page = "<main><h1>⟦Ĥoome⟧</h1><p title='Fixed'>⟦a ⟦b⟧ c⟧ here</p><bdi>Mia</bdi><p>Linden ⟦x⟧</p></main>"
    assert fixed_words(page, {"Linden"}) == ["Fixed", "⟦a ⟦b⟧ c⟧ here"]


@pytest.mark.parametrize("text", ["Undo", "Saved %(time)s", "{n}st in line", "Type a few <b>words</b>, or begin.", "OK"])
def test_texts_grow_by_two_fifths_and_keep_their_places(text: str) -> None:
    long = changed(text)
    assert len(long) >= 1.4 * len(text)
    for kept in ("%(time)s", "{n}", "<b>", "</b>"):
        assert (kept in text) == (kept in long)


def test_one_of_them_runs_from_right_to_left() -> None:
    directions = []
    for code, _ in LANGUAGES:
        with translation.override(code):
            directions.append((translation.get_language(), translation.get_language_bidi()))
    assert directions == [("en-xa", False), ("ar-xb", True)]


def test_no_template_has_words_of_its_own() -> None:
    names = [name for name in rules.tracked(".html", ".txt") if name.startswith("templates/") and name not in SAMPLES]
    found = {name: fixed_in_template(rules.read(name), DATA) for name in names}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_script_has_words_of_its_own() -> None:
    names = [name for name in rules.tracked(".js") if name.startswith("static/src/")]
    found = {name: fixed_in_script(rules.read(name)) for name in names}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    ["<p>Hello {{ name }}</p>", '<a title="Go on">{% translate "x" %}</a>', "{% if x %}yes{% endif %}", "Your code: {{ code }}"],
)
def test_a_fixed_word_in_a_template_would_be_found(source: str) -> None:
    assert fixed_in_template(source, DATA)


@pytest.mark.parametrize("line", ['box.textContent = "Saved";', 'toast("No")', 'x.setAttribute("aria-label", "Close")'])
def test_a_fixed_word_in_a_script_would_be_found(line: str) -> None:
    assert fixed_in_script(line)


def test_what_gettext_is_given_can_be_collected() -> None:
    """Only a literal is found by makemessages; a variable, an f-string or a sum is not."""
    names = [name for name in rules.tracked(".py") if not name.startswith("tests/") and not rules.is_generated(name)]
    found = [f"{name}:{line}" for name in names for line in uncollectable(rules.read(name))]
    assert found == []


@pytest.mark.parametrize("source", ["_(words)", '_(f"{n} works")', '_("a" + b)', "gettext_lazy(x)", 'ngettext("one", many, n)'])
def test_what_cannot_be_collected_would_be_found(source: str) -> None:
    assert list(uncollectable(source)) == [1]


def uncollectable(source: str) -> Iterator[int]:
    """Lines on which gettext is given something else than a literal."""
    for node in ast.walk(ast.parse(source)):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and name in {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}:
            texts = node.args[:2] if name.startswith("n") else node.args[:1]
            if any(not (isinstance(one, ast.Constant) and isinstance(one.value, str)) for one in texts):
                yield node.lineno
