"""A text as a PDF on A4: title, headings as bookmarks, lists, code, tables, page numbers.

Which scripts it can show: studio.text.faces. Any other letter becomes an empty box; `unknown_in` says which they are.
"""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _
from markdown_it.tree import SyntaxTreeNode

from studio.text import faces
from studio.text.markdown import parse
from studio.text.pdf_styles import BOX, INDENT_PT, family, sheet

DEEPEST_INDENT = 8
MOST_COLUMNS = 10  # of a table; one with more is told in lines
_SIGNS_TOLD = 8


def pdf_of(title: str, body: str) -> bytes:
    from reportlab.platypus import Paragraph

    tree = SyntaxTreeNode(parse(body))
    styles = sheet()
    story: list[Any] = []
    if title and not _begins_with(tree, title):
        story.append(_marked(Paragraph(_shown(title), styles["title"]), title, 0))
    for node in tree.children:
        story += _blocks(node, 0)
    return _built(title, story)


def unknown_in(text: str) -> list[str]:
    """The first few signs that the PDF cannot show."""
    unknown = dict.fromkeys(s for s in text if not faces.is_left_out(s) and not _face_for(s))
    return list(unknown)[:_SIGNS_TOLD]


def _built(title: str, story: list[Any]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate, Spacer

    class Document(SimpleDocTemplate):
        def afterFlowable(self, flowable: Any) -> None:
            if mark := getattr(flowable, "ij8_mark", None):
                name, level = mark
                key = f"h{self.seq.nextf('heading')}"
                self.canv.bookmarkPage(key)
                self.canv.addOutlineEntry(name, key, level, closed=False)

    out = io.BytesIO()
    margin = 72
    document = Document(
        out, pagesize=A4, title=title, author="", creator="ij8", leftMargin=margin, rightMargin=margin, topMargin=margin,
        bottomMargin=margin, invariant=True,
    )  # fmt: skip
    document.build(story or [Spacer(1, 1)], onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(family(faces.SERIF), 9)
    canvas.drawCentredString(document.pagesize[0] / 2, 36, str(document.page))


def _begins_with(tree: SyntaxTreeNode, title: str) -> bool:
    first = tree.children[0] if tree.children else None
    return first is not None and first.type == "heading" and "".join(_words(first)).strip() == title.strip()


def _marked(paragraph: Any, name: str, level: int) -> Any:
    paragraph.ij8_mark = (name[:200], level)
    return paragraph


def _blocks(node: SyntaxTreeNode, depth: int) -> Iterator[Any]:
    """The flowables of a block. `depth`: how many lists and quotes it stands in."""
    from reportlab.platypus import HRFlowable, Indenter, Paragraph, Preformatted

    styles = sheet()
    match node.type:
        case "heading":
            paragraph = Paragraph(_inline(node) or "&nbsp;", styles[node.tag])
            name = "".join(_words(node)).strip()
            yield _marked(paragraph, name, 0) if name and node.tag == "h2" else paragraph
        case "bullet_list" | "ordered_list":
            yield from _list(node, depth)
        case "blockquote":
            step = INDENT_PT if depth < DEEPEST_INDENT else 0
            yield Indenter(left=step)
            for child in node.children:
                yield from _blocks(child, depth + 1)
            yield Indenter(left=-step)
        case "fence" | "code_block":
            lines = [_drawn(line) for line in node.content.expandtabs(4).rstrip("\n").split("\n")]
            yield Preformatted(
                "\n".join(lines), styles["code"], maxLineLength=72 - 3 * min(depth, DEEPEST_INDENT), newLineChars=""
            )
        case "hr":
            yield HRFlowable(width="30%", thickness=0.7, color=styles["ink"], spaceBefore=14, spaceAfter=14)
        case "table":
            yield _table(node)
        case _:
            yield Paragraph(_inline(node) or "&nbsp;", styles["body"])


def _list(node: SyntaxTreeNode, depth: int) -> Iterator[Any]:
    from reportlab.platypus import ListFlowable, ListItem

    items = [
        ListItem([flowable for child in item.children for flowable in _blocks(child, depth + 1)] or [_empty()])
        for item in node.children
    ]
    is_ordered = node.type == "ordered_list"
    start = min(int(node.attrGet("start") or 1), 999_999)
    yield ListFlowable(
        items,
        bulletType="1" if is_ordered else "bullet",
        start=start if is_ordered else "•",
        leftIndent=INDENT_PT if depth < DEEPEST_INDENT else 0,
        bulletFontName=family(faces.SERIF),
        bulletFontSize=11,
        bulletFormat="%s." if is_ordered else None,
    )


def _empty() -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph("&nbsp;", sheet()["body"])


def _table(node: SyntaxTreeNode) -> Any:
    from reportlab.platypus import Paragraph, Table

    styles = sheet()
    rows = [row for part in node.children for row in part.children]
    if len(rows[0].children) > MOST_COLUMNS:
        return Paragraph("<br/>".join(" | ".join(map(_inline, row.children)) for row in rows), styles["body"])
    cells = [[Paragraph(_inline(cell), styles["head" if cell.type == "th" else "cell"]) for cell in row.children] for row in rows]
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.5, styles["ink"])
    return Table(cells, repeatRows=1, splitInRow=1, style=[line, ("VALIGN", (0, 0), (-1, -1), "TOP")], hAlign="LEFT")


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type in ("text", "code_inline"):
        yield node.content
    for child in node.children:
        yield from _words(child)


_TAGS = {"strong": "b", "em": "i", "s": "strike"}


def _inline(node: SyntaxTreeNode) -> str:
    """What reportlab's paragraphs read: tags of their own, all else escaped."""
    inside = "".join(map(_inline, node.children))
    match node.type:
        case "text":
            return _shown(node.content)
        case "softbreak" | "hardbreak":
            return "<br/>"
        case "code_inline":
            return f'<font name="{family(faces.MONO)}" size="10">{escape(_drawn(node.content, faces.MONO))}</font>'
        case "strong" | "em" | "s":
            return f"<{_TAGS[node.type]}>{inside}</{_TAGS[node.type]}>"
        case "image":
            return _shown(_("[picture: %s]") % node.content)
        case "link":
            return f"<a href={quoteattr(str(node.attrGet('href') or ''))}><u>{inside}</u></a>"
        case _:
            return inside


def _shown(text: str) -> str:
    """Escaped; runs that only the sans has are set in it."""
    made, run, of = "", "", ""
    for sign in text:
        if faces.is_left_out(sign):
            continue
        face = _face_for(sign) or faces.SANS
        if face != of and run:
            made, run = made + _run(run, of), ""
        run, of = run + (sign if _face_for(sign) else BOX), face
    return made + _run(run, of)


def _run(run: str, face: str) -> str:
    return escape(run) if face in ("", faces.SERIF) else f'<font name="{family(face)}">{escape(run)}</font>'


@cache
def _face_for(sign: str) -> str:
    return next((face for face in (faces.SERIF, faces.SANS) if faces.is_known(sign, face)), "")


def _drawn(line: str, face: str = faces.MONO) -> str:
    return "".join(sign if faces.is_known(sign, face) else BOX for sign in line)
