"""The card a buyer scans: amount, memo and account beside a QR code, drawn here without an outside service.

No mark of a bank or of the QR scheme is drawn: they are trademarks, the names in text are enough.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from io import BytesIO
from typing import Self

from PIL import Image, ImageDraw
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

from bot.ink import BANNER, BOX, BOXED, PALETTE, PRICE, TEXT, Ink
from bot.lettering import Block, Weight, fit
from locales import Texts, plain

WIDTH, HEIGHT = 600, 936
MARGIN = 36
_INNER = WIDTH - 2 * MARGIN
_MUTED = 165

Span = tuple[int, int]
"""Upper and lower edge of a band across the card, in pixels."""

_TITLE: Span = (0, 76)
_SYMBOL: Span = (76, 481)
_AMOUNT: Span = (478, 582)
_MEMO: Span = (594, 732)
_ROWS: tuple[Span, ...] = ((744, 788), (788, 832), (832, 876))
_FOOT: Span = (878, 926)


@dataclass(frozen=True, slots=True)
class Labels:
    """The sentences around the values; `keep` asks the buyer not to change the memo."""

    title: str
    amount: str
    memo: str
    keep: str
    bank: str
    account: str
    holder: str

    @classmethod
    def in_language(cls, texts: Texts, language: str, title: str = "card-title", scheme: str = "") -> Self:
        """Take the labels from the sentences whose ids begin with `card-`, and the title as it is named.

        What a QR scheme words otherwise ends in its name, such as `card-title-khqr`.
        """
        names = (title, *(f"card-{field.name}" for field in fields(cls)[1:]))
        own = (f"{name}-{scheme}" for name in names)
        chosen = (each if texts.knows(each) else name for each, name in zip(own, names, strict=True))
        return cls(*(plain(texts.say(language, name)) for name in chosen))


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card. `amount` and `deadline` are finished text (no deadline: ""), `qr` the payload."""

    bank: str
    account: str
    holder: str
    amount: str
    memo: str
    qr: str
    labels: Labels
    deadline: str = ""


def draw(card: Card) -> bytes:
    """Draw the card as a PNG of WIDTH x HEIGHT pixels."""
    picture = _template(card.bank, card.account, card.holder, card.labels).copy()
    _lay(picture, PRICE, (_AMOUNT[0] + 32, _AMOUNT[1]), fit(card.amount, _INNER, Weight.BOLD, 58, 30))
    memo = fit(card.memo, _INNER - 32, Weight.BOLD, 48, 24)
    _lay(picture, BOXED, (_MEMO[0] + 40, _MEMO[1] - 38), memo)
    _lay(picture, TEXT, _FOOT, fit(card.deadline, _INNER, Weight.REGULAR, 21, 14, rows=2), grey=_MUTED)
    symbol = _symbol(card.qr, _SYMBOL[1] - _SYMBOL[0])
    TEXT.lay(picture, symbol, ((WIDTH - symbol.width) // 2, (_SYMBOL[0] + _SYMBOL[1] - symbol.height) // 2))
    picture.putpalette(PALETTE)
    file = BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


# A template is half a megabyte; a house has few accounts and languages.
@lru_cache(maxsize=16)
def _template(bank: str, account: str, holder: str, labels: Labels) -> Image.Image:
    """Draw all that the cards of one account and language share, as palette indices."""
    picture = Image.new("L", (WIDTH, HEIGHT), TEXT.first)
    _lay(picture, BANNER, _TITLE, fit(labels.title, _INNER, Weight.BOLD, 32, 18), inset=0)
    label = fit(labels.amount, _INNER, Weight.REGULAR, 22, 14)
    _lay(picture, TEXT, (_AMOUNT[0], _AMOUNT[0] + 32), label, grey=_MUTED)
    _memo_box(picture, labels)
    values = ((labels.bank, bank), (labels.account, grouped(account)), (labels.holder, holder))
    for span, (name, value) in zip(_ROWS, values, strict=True):
        TEXT.lay(picture, _row(span, name, value), (0, span[0]))
    return picture


def _lay(picture: Image.Image, ink: Ink, span: Span, block: Block, *, grey: int = 255, inset: int = MARGIN) -> None:
    """Lay centred lines into a band of the card, `inset` pixels away from its sides."""
    band = Image.new("L", (WIDTH - 2 * inset, span[1] - span[0]), 0)
    block.draw(ImageDraw.Draw(band), (band.width / 2, band.height / 2), "m", grey)
    ink.lay(picture, band, (inset, span[0]))


def _memo_box(picture: Image.Image, labels: Labels) -> None:
    width, height = WIDTH - MARGIN, _MEMO[1] - _MEMO[0]
    large = Image.new("L", (width * 4, height * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius=72, fill=255)
    # Four times too large and shrunk: Pillow draws its own corners without soft edges.
    BOX.lay(picture, large.reduce(4), (MARGIN // 2, _MEMO[0]))
    label = fit(labels.memo, _INNER - 32, Weight.REGULAR, 22, 14)
    _lay(picture, BOXED, (_MEMO[0] + 8, _MEMO[0] + 40), label)
    hint = fit(labels.keep, _INNER - 32, Weight.REGULAR, 20, 13)
    _lay(picture, BOXED, (_MEMO[1] - 38, _MEMO[1] - 8), hint)


def _row(span: Span, name: str, value: str) -> Image.Image:
    """Draw a name at the left and its value at the right."""
    band = Image.new("L", (WIDTH, span[1] - span[0]), 0)
    pen, middle = ImageDraw.Draw(band), band.height / 2
    left = fit(name, 170, Weight.REGULAR, 22, 14, rows=2)
    left.draw(pen, (MARGIN, middle), "l", _MUTED)
    right = fit(value, _INNER - 190, Weight.BOLD, 27, 17, rows=2)
    right.draw(pen, (WIDTH - MARGIN, middle), "r")
    return band


def grouped(account: str) -> str:
    """Break an account number into fours for the eye; never leave one digit alone at the end.

    An account that is a name, such as Bakong's `name@bank`, stays whole.
    """
    if "@" in account:
        return account
    groups = [account[start : start + 4] for start in range(0, len(account), 4)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2][:3], groups[-2][3:] + groups[-1]]
    return " ".join(groups)


def _symbol(payload: str, side: int) -> Image.Image:
    """Draw the QR symbol in whole pixels a module; the quiet zone of four modules lies within `side`.

    Error correction M: a higher level only makes the modules smaller. Mask 3 is fixed: choosing the best
    of eight takes four times as long and is read no better.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(payload)
    code.version = _version(tuple((part.mode, len(part)) for part in code.data_list))
    code.make(fit=False)
    modules = len(code.modules)
    dark = b"".join(map(bytes, code.modules)).replace(b"\1", b"\xff")
    scale = side // (modules + 8)
    image = Image.frombytes("L", (modules, modules), dark)
    return image.resize((modules * scale, modules * scale), Image.Resampling.NEAREST)


# The cards of one shop differ in digits, hardly in length; trying sizes would write every payload twice.
@lru_cache(maxsize=256)
def _version(parts: tuple[tuple[int, int], ...]) -> int:
    """The smallest QR version that holds parts of these modes and lengths (ISO/IEC 18004)."""
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.data_list = [QRData(b"0" * length, mode, check_data=False) for mode, length in parts]
    return int(code.best_fit())
