"""Files from addresses that people type: over the guarded way, hop by hop, so many bytes and no more."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from ij8.core import http as guarded
from ij8.core.errors import Misconfigured, Refused
from ij8.core.fetch import BadLink, checked_link, fetch, name_of
from tests.fakes.web import PUBLIC, Web, web

MB = 1_000_000


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("web")) as made:
        yield made


@pytest.fixture(autouse=True)
def _trusts(net: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake's certificate is the only authority there is."""
    trust: ssl.SSLContext = net.context
    monkeypatch.setattr(guarded, "_tls", lambda: trust)
    net.pages.clear()
    net.asked.clear()
    net.reached.clear()


def get(net: Web, link: str, **more: Any) -> bytes:
    return fetch(link, most_bytes=MB, lookup=net.look_up, backend=net, **more).data


def test_a_file_comes_and_tells_how_far_it_is(net: Web) -> None:
    net.pages["/a.png?size=2"] = (200, {}, b"x" * 300_000)
    told: list[float | None] = []
    assert len(get(net, "https://pictures.test/a.png?size=2", tell=told.append)) == 300_000
    assert told[-1] == 1.0
    assert net.reached == [PUBLIC]


def test_a_redirect_is_followed_to_public_places_alone(net: Web) -> None:
    net.pages["/moved"] = (302, {"Location": "https://other.test/a"}, b"")
    net.pages["/a"] = (200, {}, b"here")
    assert fetch("https://pictures.test/moved", most_bytes=MB, lookup=net.look_up, backend=net).host == "other.test"
    for inside in ("https://inside.test/a", "https://cloud.test/a", "https://half.test/a", "https://127.0.0.1/a"):
        net.pages["/moved"] = (302, {"Location": inside}, b"")
        with pytest.raises(Misconfigured) as caught:
            get(net, "https://pictures.test/moved")
        assert caught.value.code == "address_refused", inside
    for bad in ("http://other.test/a", "file:///etc/passwd", "https://a:b@other.test/", ""):
        net.pages["/moved"] = (302, {"Location": bad}, b"")
        with pytest.raises(Refused):
            get(net, "https://pictures.test/moved")
    assert set(net.reached) == {PUBLIC}


def test_a_circle_ends(net: Web) -> None:
    net.pages["/round"] = (301, {"Location": "/round"}, b"")
    with pytest.raises(Refused) as caught:
        get(net, "https://pictures.test/round")
    assert caught.value.code == "too_many_redirects"
    assert len(net.asked) == 6


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ((200, {"Content-Length": str(2 * MB)}, b"x"), "too_large"),
        ((200, {"X-Length-Unsaid": "1"}, b"x" * (2 * MB)), "too_large"),
        ((404, {}, b""), "not_given"),
        ((403, {}, b""), "not_given"),
        ((500, {}, b""), "not_given"),
        ((200, {"Content-Length": "900"}, b"half"), "not_reached"),
    ],
    ids=["said to be large", "large unsaid", "missing", "closed", "ill", "half"],
)
def test_what_is_not_given_is_told(net: Web, page: Any, code: str) -> None:
    net.pages["/a"] = page
    with pytest.raises(Refused) as caught:
        get(net, "https://pictures.test/a")
    assert caught.value.code == code


@pytest.mark.parametrize(
    "link",
    ["", "sea.png", "http://pictures.test/a", "ftp://pictures.test/a", "https://", "https://a b/", "https://u:p@pictures.test/",
     "https://pictures.test:0/", "https://[::1/", "https://pictures.test/\nx", "https://pictures.test/" + "x" * 2000],
)  # fmt: skip
def test_an_address_of_a_wrong_form_is_not_asked(link: str) -> None:
    with pytest.raises(BadLink):
        checked_link(link)


def test_a_file_s_name_is_the_end_of_its_path() -> None:
    assert name_of("https://pictures.test/sea/Quiet%20sea.png?x=1") == "Quiet sea.png"
    assert name_of("https://pictures.test/") == ""
