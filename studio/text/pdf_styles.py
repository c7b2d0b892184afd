"""How a text looks on paper: black on white, a serif for reading."""

from functools import cache
from typing import Any

from studio.text import faces

INDENT_PT = 20
BOX = "□"  # DejaVu has it; where Vera stands in, a sign that is not there is drawn as one anyway
_HEADINGS = {"title": 24, "h2": 19, "h3": 15.5, "h4": 13, "h5": 12, "h6": 11}


@cache
def family(face: str) -> str:
    """The name under which reportlab knows the face; bold and italic follow from the serif's."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for one in faces.ALL:
        if f"ij8-{one}" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(f"ij8-{one}", faces.path_of(one)))
    serif, bold, italic, both = (f"ij8-{one}" for one in (faces.SERIF, faces.BOLD, faces.ITALIC, faces.BOLD_ITALIC))
    pdfmetrics.registerFontFamily(serif, normal=serif, bold=bold, italic=italic, boldItalic=both)
    for plain in (f"ij8-{faces.SANS}", f"ij8-{faces.MONO}"):
        pdfmetrics.registerFontFamily(plain, normal=plain, bold=plain, italic=plain, boldItalic=plain)
    return f"ij8-{face}"


@cache
def sheet() -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    ink = HexColor("#1f1b16")
    body = ParagraphStyle("body", fontName=family(faces.SERIF), fontSize=11, leading=17, spaceAfter=8, textColor=ink)
    made: dict[str, Any] = {"ink": ink, "body": body}
    for name, size in _HEADINGS.items():
        made[name] = ParagraphStyle(
            name, parent=body, fontName=family(faces.BOLD), fontSize=size, leading=size * 1.3, spaceBefore=size * 0.7,
            spaceAfter=size * 0.45, keepWithNext=1,
        )  # fmt: skip
    made["code"] = ParagraphStyle("code", parent=body, fontName=family(faces.MONO), fontSize=9, leading=12.5, leftIndent=8)
    made["cell"] = ParagraphStyle("cell", parent=body, fontSize=10, leading=14, spaceAfter=0)
    made["head"] = ParagraphStyle("head", parent=made["cell"], fontName=family(faces.BOLD))
    return made
