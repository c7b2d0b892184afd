"""Markdown as people write it: CommonMark with tables and struck words; a line end is a line end, as poems ask.

Nothing in a text can reach into a page: HTML is shown as it was typed, pictures are told by their description (a picture
from elsewhere would tell its server who reads), links lead to web and mail addresses alone.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

DEEPEST = 20  # of nested blocks; deeper ones are text
LONGEST_BLOCK = 8_000  # characters of one paragraph in which signs are read: brackets that never close cost their square
_TAGS = {
    "p", "br", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


def parse(body: str) -> list[Token]:
    return _parser().parse(body)


def html_of(body: str) -> SafeString:
    """For a page that has its own `h1`: headings begin with `h2`. About 1 ms for a page of text."""
    parser = _parser()
    made = parser.renderer.render(parser.parse(body), parser.options, {})
    clean = nh3.clean(
        str(made),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308  # cleaned just before


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "breaks": True, "linkify": False, "maxNesting": DEEPEST}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "long_blocks_are_plain", _leave_plain)
    parser.core.ruler.push("headings_below_the_page", _lower_headings)
    parser.add_render_rule("image", _described)
    return parser


def _leave_plain(state: Any) -> None:
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > LONGEST_BLOCK:
            token.type = "text"


def _lower_headings(state: Any) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


def _described(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Any) -> str:
    words = renderer.renderInlineAsText(tokens[at].children or [], options, env)
    return f"[{nh3.clean_text(words)}]" if words else ""
