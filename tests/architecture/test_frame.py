"""Every page of the access table stands in the frame: rail or bar, one h1, a title, a way back, a language, nothing inline."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from tests.architecture.access_table import ROLES, Row, rows
from tests.architecture.conftest import World, body_of
from tests.architecture.test_access import in_turns, route_of

pytestmark = pytest.mark.django_db
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PARTS = {  # answers that go into a page instead of being one
    "notices/bell/",
    "platform/at-a-glance/",
    "studio/advice/",
    "studio/estimate/",
    "studio/in-progress/",
    "studio/jobs/<uuid:job_id>/",
    "studio/list/",
    "studio/sheet-price/",
    "studio/<uuid:session_id>/canvas/",
    "studio/<uuid:session_id>/shelf/",
    "works/tags/",
    "works/<uuid:artifact_id>/panel/",
}
TOP = {"home/", "studio/", "works/", "help/"}  # the rail itself leads there


class Seen(HTMLParser):
    """What the test asks of a page. `found` counts names like "h1", "header.rail", "nav.crumbs a"."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.inline: list[str] = []
        self.words: dict[str, str] = {}
        self.lang = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        names = {tag, *(f"{tag}.{one}" for one in given.get("class", "").split())}
        for name in names:
            self.found[name] += 1
            for outer in ("nav.crumbs", "main", "header.rail", "header.bar"):
                self.found[f"{outer} {name}"] += any(one.startswith(outer) for one in self.open)
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        self.ids[given.get("id", "")] += 1
        self.inline += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") != "application/json"):
            self.inline.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(" ".join([f"{tag}.{one}" for one in given.get("class", "").split()] or [tag]))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if re.split(r"[. ]", self.open.pop())[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        for tag in ("h1", "title"):
            if any(re.split(r"[. ]", one)[0] == tag for one in self.open):
                self.words[tag] = self.words.get(tag, "") + data.strip()


def faults(page: str, *, route: str, is_member: bool, status: int) -> Iterator[str]:
    seen = Seen(page)
    frame = "header.rail" if is_member and status < 500 else "header.bar"
    checks = {
        "no doctype": not page.lstrip().startswith("<!doctype html>"),
        f"no {frame}": seen.found[frame] != 1,
        f"{seen.found['h1']} h1": seen.found["h1"] != 1 or not seen.words.get("h1"),
        "no title": not seen.words.get("title"),
        "no language": not seen.lang,
        "no main": seen.found["main"] != 1,
        "no link to skip the frame": not seen.found["a.skip"],
        "no way back": not _leads_back(seen, frame, route, status),
        f"inline: {seen.inline}": seen.inline,
    }
    yield from (fault for fault, holds in checks.items() if holds)
    twice = [name for name, count in seen.ids.items() if name and count > 1]
    if twice:
        yield f"ids that stand twice: {twice}"


def _leads_back(seen: Seen, frame: str, route: str, status: int) -> bool:
    """The mark leads to the start from everywhere; pages below a place of the rail also have a breadcrumb."""
    is_below = frame == "header.rail" and status == 200 and route not in TOP and not seen.found["div.door"]
    return bool(seen.found[f"{frame} a.mark"]) and (bool(seen.found["nav.crumbs a"]) or not is_below)


def pages() -> list[Row]:
    return [row for row in rows() if row.method == "GET" and (not row.address.startswith("/api/") or row.address == "/api/docs/")]


def test_every_page_stands_in_the_frame(world: World) -> None:
    wrong: dict[str, list[str]] = {}
    for row, role in in_turns(pages(), ROLES, at_once=1):
        answer = world.ask(row, role, world.ours)
        is_html = answer.headers.get("Content-Type", "").startswith("text/html")
        route = route_of(row)
        is_part = route in PARTS or "?part=" in row.address
        if not is_html or answer.status_code in (301, 302) or (is_part and answer.status_code == 200):
            continue
        page = body_of(answer).decode()
        found = list(faults(page, route=route, is_member=role != "visitor", status=answer.status_code))
        if found:
            wrong[f"{row} as {role}"] = found
    assert wrong == {}


def test_every_part_is_one() -> None:
    assert {route_of(row) for row in pages()} >= PARTS


GOOD = (
    '<!doctype html><html lang="en"><title>A · ij8</title><body><a class="skip">s</a><header class="rail"><a class="mark">ij8</a>'
    '</header><main><nav class="crumbs"><a>Home</a></nav><h1>A</h1></main>'
)


@pytest.mark.parametrize(
    ("broken", "by", "fault"),
    [
        ("", "", None),
        ('lang="en"', "", "no language"),
        ("<h1>A</h1>", "", "0 h1"),
        ("<h1>A</h1>", "<h1>A</h1><h1>B</h1>", "2 h1"),
        ("<title>A · ij8</title>", "", "no title"),
        ('<nav class="crumbs"><a>Home</a></nav>', "", "no way back"),
        ('class="rail"', "", "no header.rail"),
        ("<h1>", '<h1 style="color:red">', "inline: ['<h1 style>']"),
        ("<h1>", "<script>alert()</script><h1>", "inline: ['<script>']"),
        ("<h1>", '<p id="a"></p><p id="a"></p><h1>', "ids that stand twice: ['a']"),
    ],
)
def test_each_fault_is_noticed(broken: str, by: str, fault: str | None) -> None:
    found = list(faults(GOOD.replace(broken, by, 1), route="x/", is_member=True, status=200))
    assert found == ([] if fault is None else [fault]) or fault in found
