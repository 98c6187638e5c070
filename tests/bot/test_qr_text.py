import zxingcpp
from PIL import Image

from bot.qr_text import qr_lines
from sales.vietqr import shop_qr

HALVES = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0), "\xa0": (0, 0)}
"""Upper and lower half of each letter, white on black."""


def test_a_phone_reads_what_the_terminal_shows() -> None:
    payload = shop_qr("970422", "0000111122223333", 1_000, "KX2345678")
    lines = qr_lines(payload)
    rows = [bytes(HALVES[letter][half] for letter in line) for line in lines for half in (0, 1)]
    image = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    large = image.resize((image.width * 8, image.height * 8), Image.Resampling.NEAREST)
    assert [found.text for found in zxingcpp.read_barcodes(large, try_invert=False)] == [payload]


def test_it_fits_a_terminal() -> None:
    """Eighty letters wide, and lines all alike."""
    lines = qr_lines(shop_qr("970422", "1234567890123456789", 499_999_999, "A" * 25))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines[0]) <= 80
