"""The card can be scanned, shows the right values, and nothing on it runs over an edge."""

from dataclasses import astuple, replace
from io import BytesIO
from random import Random
from string import ascii_uppercase, digits

import pytest
import zxingcpp
from PIL import Image, ImageChops
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from bot.card import HEIGHT, MARGIN, WIDTH, Card, Labels, _version, draw, grouped
from locales import Texts
from sales.vietqr import LARGEST, shop_qr
from tests.sales.khqrs import VECTORS

PAYLOAD = (
    "00020101021238570010A00000072701270006970436011300710001234560208QRIBFTTA"
    "530370454061990005802VN62130809KX7K3MPLC63040E8C"
)
LABELS = Labels.in_language(Texts(), "vi")
CARD = Card("Vietcombank", "0071000123456", "NGUYEN VAN A", "199.000 ₫", "KX7K3MPLC", PAYLOAD, LABELS, "14:30")
LONG_NAME = "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN THƯƠNG MẠI VÀ PHÁT TRIỂN GIẢI PHÁP PHẦN MỀM Á CHÂU " * 3
CROWDED = replace(
    CARD,
    bank="Ngân hàng Thương mại Cổ phần Ngoại thương Việt Nam, Chi nhánh Thành phố Hồ Chí Minh",
    account="9704360071000123456",
    holder=LONG_NAME,
    amount="9.999.999.999.999 ₫",
    memo="KX7K3MPLC CHUYEN TIEN MUA",
    deadline="Thanh toán trước 14:30, 21/11/2026, theo giờ Thành phố Hồ Chí Minh " * 3,
)
KHQR = Card(
    "Bakong",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaa@bank",
    "N" * 25,
    "$12,345,678.99",
    "KX7K3MPLC",
    VECTORS[-1]["expected"],
    Labels.in_language(Texts(), "en", scheme="khqr"),
    "Pay before 14:30, 21 Nov 2026",
)
ROWS_TOP, BOX, SYMBOL = 744, (594, 732), (76, 481)


def picture(card: Card) -> Image.Image:
    image = Image.open(BytesIO(draw(card)))
    assert image.format == "PNG"
    return image.convert("RGB")


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


@pytest.mark.parametrize("card", [CARD, CROWDED, KHQR], ids=["usual", "crowded", "khqr"])
@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize("quality", [None, 60])
def test_a_phone_reads_the_exact_payload(card: Card, scale: float, quality: int | None) -> None:
    image = picture(card)
    assert image.size == (WIDTH, HEIGHT)
    image = image.resize((round(WIDTH * scale), round(HEIGHT * scale)), Image.Resampling.BICUBIC)
    assert read(jpeg(image, quality) if quality else image) == [card.qr]


@pytest.mark.parametrize("payload", [PAYLOAD.lower(), PAYLOAD * 2, "KX", PAYLOAD + "Nguyễn Văn Ả ₫"])
def test_other_payloads_are_read_too(payload: str) -> None:
    assert read(picture(replace(CARD, qr=payload))) == [payload]


def test_the_fixed_mask_is_read_whatever_it_covers() -> None:
    random = Random(7)
    for _ in range(60):
        account = "".join(random.choices("0123456789", k=random.randint(6, 19)))
        memo = "".join(random.choices(ascii_uppercase + digits, k=random.randint(1, 25)))
        payload = shop_qr("970422", account, random.randint(1, LARGEST), memo)
        assert read(picture(replace(CARD, qr=payload))) == [payload]


def test_the_symbol_is_as_small_as_it_can_be_for_every_length() -> None:
    for length in range(1, 300, 7):
        for letters in ("7" * length, "K" * length, "k" * length, "K" * length + "7" * length):
            code = QRCode(error_correction=ERROR_CORRECT_M)
            code.add_data(letters)
            assert _version(tuple((part.mode, len(part)) for part in code.data_list)) == code.best_fit()


@pytest.mark.parametrize("payload", ["KX", PAYLOAD, PAYLOAD.lower(), PAYLOAD * 2, PAYLOAD * 4])
def test_modules_are_whole_pixels_with_a_quiet_zone_of_four(payload: str) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=3)
    code.add_data(payload)
    modules = 17 + 4 * code.best_fit()
    band = picture(replace(CARD, qr=payload)).crop((0, SYMBOL[0], WIDTH, SYMBOL[1])).convert("L")
    dark = band.point(lambda grey: 255 * (grey < 128))
    left, top, right, bottom = box = dark.getbbox() or (0, 0, 0, 0)
    side = right - left
    assert side == bottom - top
    assert side % modules == 0
    assert min(left, top, WIDTH - right, band.height - bottom) >= 4 * (side // modules)
    symbol = dark.crop(box)
    small = symbol.resize((modules, modules), Image.Resampling.NEAREST)
    assert small.resize(symbol.size, Image.Resampling.NEAREST).tobytes() == symbol.tobytes()


@pytest.mark.parametrize("card", [CARD, CROWDED, KHQR], ids=["usual", "crowded", "khqr"])
def test_nothing_touches_the_margins(card: Card) -> None:
    image = picture(card)
    white = Image.new("RGB", (MARGIN - 2, HEIGHT - ROWS_TOP), "white")
    for left in (0, WIDTH - MARGIN + 2):
        strip = image.crop((left, ROWS_TOP, left + MARGIN - 2, HEIGHT))
        assert strip.tobytes() == white.tobytes()
    bottom = image.crop((0, HEIGHT - 4, WIDTH, HEIGHT))
    assert bottom.tobytes() == Image.new("RGB", bottom.size, "white").tobytes()


def test_the_memo_stays_inside_its_box() -> None:
    image = picture(CROWDED).crop((0, BOX[0] + 40, WIDTH, BOX[1] - 40))
    honey = image.getpixel((MARGIN, 5))
    for left in (22, WIDTH - MARGIN):
        strip = image.crop((left, 0, left + 14, image.height))
        assert strip.getcolors() == [(14 * image.height, honey)]


@pytest.mark.parametrize("card", [CARD, CROWDED, KHQR], ids=["usual", "crowded", "khqr"])
def test_name_and_value_of_a_row_stay_apart(card: Card) -> None:
    gap = picture(card).crop((MARGIN + 170, ROWS_TOP, MARGIN + 190 - 4, ROWS_TOP + 132))
    assert gap.getcolors() == [(gap.width * gap.height, (255, 255, 255))]


def test_cards_do_not_mix() -> None:
    others = [
        replace(CARD, bank="ACB"),
        replace(CARD, account="0071000123457"),
        replace(CARD, holder="NGUYEN VAN B"),
        replace(CARD, amount="199.001 ₫"),
        replace(CARD, memo="KX7K3MPLL"),
        replace(CARD, qr=PAYLOAD[:-1] + "D"),
        replace(CARD, deadline="14:31"),
        replace(CARD, labels=Labels.in_language(Texts(), "en")),
    ]
    first = draw(CARD)
    assert len({first, *map(draw, others)}) == 1 + len(others)
    assert draw(CARD) == first, "drawing others must leave the shared template as it was"


def test_without_a_deadline_the_foot_is_empty() -> None:
    foot = picture(replace(CARD, deadline="")).crop((0, HEIGHT - 58, WIDTH, HEIGHT))
    assert foot.getcolors() == [(foot.width * foot.height, (255, 255, 255))]
    assert ImageChops.difference(picture(CARD), picture(replace(CARD, deadline=""))).getbbox()


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("0071000123456", "0071 0001 234 56"),
        ("12345678", "1234 5678"),
        ("123456789", "1234 567 89"),
        ("1234", "1234"),
        ("1", "1"),
        ("", ""),
        ("VQRQ0001AB", "VQRQ 0001 AB"),
        ("nguyen_van_a@toyb", "nguyen_van_a@toyb"),
    ],
)
def test_accounts_are_grouped_for_the_eye(account: str, shown: str) -> None:
    assert grouped(account) == shown
    assert shown.replace(" ", "") == account


def test_labels_carry_no_markup() -> None:
    for language in Texts().languages():
        labels = Labels.in_language(Texts(), language)
        assert labels.account
        assert "<" not in f"{labels}"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_every_khqr_is_read_from_its_card(vector: dict[str, str]) -> None:
    assert read(picture(replace(KHQR, qr=vector["expected"]))) == [vector["expected"]]


@pytest.mark.parametrize("language", Texts().languages())
def test_a_khqr_has_labels_of_its_own_and_shares_the_others(language: str) -> None:
    own, usual = Labels.in_language(Texts(), language, scheme="khqr"), Labels.in_language(Texts(), language)
    assert "KHQR" in own.title
    assert "VietQR" not in f"{own}"
    assert own.amount == usual.amount
    assert not {own.memo, own.keep, own.bank, own.account, own.holder} & set(astuple(usual))


def test_a_scheme_without_words_of_its_own_uses_the_usual() -> None:
    assert Labels.in_language(Texts(), "vi", scheme="none") == LABELS
