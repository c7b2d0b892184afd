"""Cards as a PDF to print and cut: ten on a page, black on white."""

import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ij8.accounts.door.cards import Face

COLUMNS, ROWS = 2, 5
MARGIN_PT, INSIDE_PT, QR_PT, GAP_PT = 36, 12, 92, 12
PAPERS = ("a4", "letter")
# reportlab ships Vera, which knows western letters only
WIDE_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf")


def cards_pdf(faces: Sequence[Face], *, paper: str = "a4") -> bytes:
    """`paper`: one of PAPERS. A QR can also be clicked where the PDF is read on a screen."""
    from reportlab.lib.pagesizes import A4, LETTER
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    width, height = {"a4": A4, "letter": LETTER}[paper]
    canvas = Canvas(out, pagesize=(width, height))
    canvas.setTitle(_("Cards to sign in with"))
    font = _font()
    card_w, card_h = (width - 2 * MARGIN_PT) / COLUMNS, (height - 2 * MARGIN_PT) / ROWS
    for number, face in enumerate(faces):
        row, column = divmod(number % (COLUMNS * ROWS), COLUMNS)
        if number and row == column == 0:
            canvas.showPage()
        x, y = MARGIN_PT + column * card_w, height - MARGIN_PT - (row + 1) * card_h
        _draw(canvas, face, font, (x, y, card_w, card_h))
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, face: Face, font: str, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    canvas.setDash(2, 3)
    canvas.rect(x, y, width, height)
    canvas.setDash()
    _draw_qr(canvas, face.link, x + width - QR_PT - INSIDE_PT, y + height - QR_PT - INSIDE_PT)
    room = width - QR_PT - 2 * INSIDE_PT - GAP_PT
    left, top = x + INSIDE_PT, y + height - INSIDE_PT
    top = _line(canvas, face.school, font, 8, left, top, room)
    top = _line(canvas, face.name, font, 15, left, top - 6, room)
    top = _pair(canvas, _("Username"), face.username, font, left, top - 6, room)
    if face.password:
        top = _pair(canvas, _("Password"), face.password, font, left, top - 2, room)
    below = y + INSIDE_PT
    whole = width - 2 * INSIDE_PT
    _line(canvas, face.address, font, 8, left, below + 18, whole)
    _line(canvas, _("Scan the code, or open this address. Keep this card to yourself."), font, 6.5, left, below, whole, down=0)


def _pair(canvas: Any, label: str, value: str, font: str, left: float, top: float, room: float) -> float:
    top = _line(canvas, label, font, 7, left, top, room)
    return _line(canvas, value, font, 12, left, top, room)


def _line(
    canvas: Any, text: str, font: str, size: float, left: float, top: float, room: float, down: float | None = None
) -> float:
    """One line under `top`, smaller where it would not fit. Returns where the next may begin."""
    text = _printable(text, font)
    while size > 5 and canvas.stringWidth(text, font, size) > room:
        size -= 0.5
    canvas.setFont(font, size)
    canvas.drawString(left, top - (size if down is None else down), text)
    return top - size * 1.3


def _draw_qr(canvas: Any, link: str, x: float, y: float) -> None:
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing

    code = QrCodeWidget(link, barLevel="M")
    left, bottom, right, top = code.getBounds()
    drawing = Drawing(QR_PT, QR_PT, transform=[QR_PT / (right - left), 0, 0, QR_PT / (top - bottom), 0, 0])
    drawing.add(code)
    renderPDF.draw(drawing, canvas, x, y)
    canvas.linkURL(link, (x, y, x + QR_PT, y + QR_PT))


def _font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if "card" not in pdfmetrics.getRegisteredFontNames():
        found = next((path for path in WIDE_FONTS if Path(path).is_file()), "Vera.ttf")
        pdfmetrics.registerFont(TTFont("card", found))
    return "card"


def _printable(text: str, font: str) -> str:
    """Letters that the font lacks lose their accents, or become a dot."""
    from reportlab.pdfbase import pdfmetrics

    known = pdfmetrics.getFont(font).face.charToGlyph
    return "".join(sign if ord(sign) in known else _plain(sign, known) for sign in text)


def _plain(sign: str, known: Any) -> str:
    base = unicodedata.normalize("NFKD", sign)[:1]
    return base if ord(base) in known else "·"
