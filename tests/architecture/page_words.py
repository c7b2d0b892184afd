"""What a page says to a person: its texts and the attributes that are read out, less what is marked as data."""

import re
from html import unescape
from html.parser import HTMLParser

from ij8.core.pseudo import CLOSE, OPEN

UNSAID = {"script", "style", "code", "kbd", "svg", "bdi", "template", "noscript"}
READ_OUT = ("title", "aria-label", "placeholder", "alt", "aria-description")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SPOKEN = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*(?:{CLOSE}|…$)")  # a text may be cut short
_WORD = re.compile(r"[^\W\d_]{2,}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in UNSAID or given.get("translate") == "no" or any(self._silent)
        if not silent:
            self.texts += [value for name in READ_OUT if (value := given.get(name))]
        if tag not in VOID:
            self._silent.append(silent)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._silent:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._silent) and data.strip():
            self.texts.append(data.strip())


def said(page: str) -> list[str]:
    """All texts of a page, those that are read out among them."""
    reader = _Reader()
    reader.feed(page)
    return reader.texts


def fixed_words(page: str, data: set[str]) -> list[str]:
    """Texts in which something stands that is neither pseudo-translated nor one of `data`."""
    return [text for text in said(page) if _rest(text, data)]


def _rest(text: str, data: set[str]) -> list[str]:
    while (shorter := _SPOKEN.sub(" ", text)) != text:
        text = shorter
    for value in sorted(data, key=len, reverse=True):
        text = text.replace(value, " ")
    return _WORD.findall(text)


_TAGS = re.compile(
    r"{%\s*comment.*?{%\s*endcomment\s*%}|{%\s*blocktrans.*?{%\s*endblocktrans\w*\s*%}|{#.*?#}"
    r"|{%\s*block (?:body_class|head_class|workspace_\w+|form_attributes)\s*%}.*?{%\s*endblock\s*%}"  # these hold no text
    r"|{[{%].*?[}%]}",
    re.DOTALL,
)
_UNSAID = re.compile(r"<(script|style|code|kbd|svg|bdi)\b[^>]*>.*?</\1>|<[^>]*\btranslate=\"no\"[^>]*>[^<]*", re.DOTALL)
_ATTRIBUTE = re.compile(rf'\b({"|".join(READ_OUT)})="([^"]*)"')
_MARK = re.compile(r"<[^>]*>", re.DOTALL)


def fixed_in_template(source: str, data: set[str]) -> list[str]:
    """Words between the tags of a template, or in an attribute that is read out, that are no `{% translate %}`."""
    html = _UNSAID.sub(" ", _TAGS.sub(" ", source))
    texts = [value for _, value in _ATTRIBUTE.findall(html)] + _MARK.sub("\n", html).splitlines()
    return [text.strip() for text in texts if _rest(unescape(text), data)]


_SCRIPT_TEXT = re.compile(
    r"""(?:textContent|innerText|title|placeholder|ariaLabel|alt)\s*=\s*(["'`])(?=[^"'`$]*[a-z])"""
    r"""|(?:toast|say|alertNow|alert|confirm)\(\s*(["'`])"""
    r"""|setAttribute\(\s*"(?:title|aria-label|placeholder|alt)"\s*,\s*(["'`])(?=[^"'`$]*[a-z])"""
)


def fixed_in_script(source: str) -> list[str]:
    """Lines in which a script shows or says a text of its own instead of `t("…")`."""
    return [line.strip() for line in source.splitlines() if _SCRIPT_TEXT.search(line)]
