"""The scanner of the bank's app: reads the picture on the phone, as a camera would."""

from io import BytesIO

from PIL import Image

from sales import khqr, vietqr
from sales.emv import BadQr

Code = vietqr.VietQr | khqr.Khqr


def scan(picture: bytes) -> tuple[Code, str] | None:
    """Find the first true VietQR or KHQR in a picture, and its text; None when there is none."""
    # Imported here, because names of this library that a module still holds at exit make it print a page of complaints.
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes  # noqa: PLC0415

    with Image.open(BytesIO(picture)) as image:
        codes = read_barcodes(image.convert("L"), formats=BarcodeFormats(BarcodeFormat.QRCode))
    return next((found for code in codes if (found := _read(code.text))), None)


def _read(text: str) -> tuple[Code, str] | None:
    for decode in (vietqr.decode, khqr.decode):
        try:
            return decode(text), text
        except BadQr:
            continue
    return None
