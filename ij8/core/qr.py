"""QR codes as SVG, which scale to a projector and to paper alike."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks for


def qr_svg(text: str, label: str) -> SafeString:
    """Black on white in every theme, for a camera needs the contrast. `label` is read out. No style and no script."""
    import qrcode  # it is needed on few pages

    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    matrix = code.get_matrix()
    side = len(matrix)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"></rect><path fill="#000" d="{2}"></path></svg>',
        side,
        label,
        path,
    )
