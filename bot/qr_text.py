"""A QR code drawn with letters, for a terminal."""

from io import StringIO

from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode


def qr_lines(payload: str) -> list[str]:
    """Lines of half blocks, two rows of modules each, to be written white on black: light modules are the blocks."""
    code = QRCode(error_correction=ERROR_CORRECT_L, border=2)
    code.add_data(payload)
    out = StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue().rstrip("\n").split("\n")
