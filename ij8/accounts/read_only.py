"""A page as somebody sees it who looks in: without what would be refused to her.

One place for all pages, present and to come: of a finished page the buttons of forms that send something are taken out,
their fields are switched off, and buttons that lead to a closed page are gone. So no template asks who is looking.
"""

from collections.abc import Callable, Iterable
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

SENDING = ("hx-post", "hx-put", "hx-patch", "hx-delete")
FIELDS = ("input", "select", "textarea", "fieldset")
Attributes = list[tuple[str, str | None]]


def without_acts(page: str, *, kept: str, is_open: Callable[[str], bool]) -> str:
    """`kept`: the address of the one form that may be sent. `is_open(path)`: whether a page may be read."""
    forms = _Forms(kept)
    forms.feed(page)
    forms.close()
    writer = _Writer(kept, forms.sending, is_open)
    writer.feed(page)
    writer.close()
    return "".join(writer.written)


def _sends(tag: str, attributes: dict[str, str | None], kept: str) -> bool:
    if tag == "form" and (attributes.get("method") or "get").lower() == "post":
        return attributes.get("action") != kept
    return any(name in attributes for name in SENDING)


class _Forms(HTMLParser):
    """The ids of forms that send something: a button may stand outside of its form."""

    def __init__(self, kept: str) -> None:
        super().__init__(convert_charrefs=False)
        self.kept = kept
        self.sending: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("id") and _sends(tag, found, self.kept):
            self.sending.add(str(found["id"]))


class _Writer(HTMLParser):
    """Writes everything as it stood, but what acts."""

    def __init__(self, kept: str, sending: Iterable[str], is_open: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=False)
        self.kept, self.sending, self.is_open = kept, set(sending), is_open
        self.written: list[str] = []
        self.in_form = False
        self.dropping = ""  # the tag whose end ends what is left out

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        found = dict(attrs)
        if self.dropping:
            return
        if tag == "form":
            self.in_form = _sends(tag, found, self.kept)
        if self._is_act(tag, found):
            self.dropping = tag if tag in ("a", "button") else ""
            return
        text = self.get_starttag_text() or ""
        if tag in FIELDS and self._is_sent(found) and "disabled" not in found:
            text = text.replace(f"<{text[1 : 1 + len(tag)]}", f"<{text[1 : 1 + len(tag)]} disabled", 1)
        self.written.append(text)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        if tag in (*FIELDS, "a", "button", "form"):
            self.handle_starttag(tag, attrs)
        else:
            self._write(self.get_starttag_text() or "")

    def _is_sent(self, found: dict[str, str | None]) -> bool:
        return self.in_form or str(found.get("form") or "") in self.sending

    def _is_act(self, tag: str, found: dict[str, str | None]) -> bool:
        if tag == "button" or (tag == "input" and found.get("type") in ("submit", "image")):
            return self._is_sent(found) or _sends(tag, found, self.kept)
        if tag == "a" and "button" in (found.get("class") or "").split():
            path = urlsplit(found.get("href") or "").path
            return path.startswith("/") and not self.is_open(path)
        return False

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag == self.dropping:
                self.dropping = ""
            return
        if tag == "form":
            self.in_form = False
        self.written.append(f"</{tag}>")

    def _write(self, text: str) -> None:
        if not self.dropping:
            self.written.append(text)

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._write(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._write(escape(data))
