"""What a page asks for once."""

from django.http import HttpRequest, HttpResponse

from ij8.core.once import asks_once, once


def test_a_page_asks_once_and_the_next_page_and_every_post_ask_anew() -> None:
    asked: list[int] = []

    def count() -> int:
        asked.append(1)
        return len(asked)

    @asks_once
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{once('n', count)} {once('n', count)}")

    request = HttpRequest()
    request.method = "GET"
    assert [view(request).content, view(request).content] == [b"1 1", b"2 2"]
    request.method = "POST"
    assert view(request).content == b"3 4"
    assert (once("n", count), once("n", count)) == (5, 6)
