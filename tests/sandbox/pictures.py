"""Pictures as a bot would send them."""

from io import BytesIO

from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from sales.vietqr import shop_qr


def blank(width: int = 60, height: int = 40) -> bytes:
    return png(Image.new("RGB", (width, height), "white"))


def qr(text: str) -> bytes:
    code = QRCode(error_correction=ERROR_CORRECT_M, box_size=6, border=4)
    code.add_data(text)
    return png(code.make_image().get_image().convert("L"))


def vietqr(amount: int = 199_000, memo: str = "KX7R2M9CF", account: str = "0001112223334") -> bytes:
    return qr(shop_qr("970422", account, amount, memo))


def png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
