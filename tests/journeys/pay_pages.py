"""A shop whose one plan is paid on a gateway's own page, and the walk to the button that leads there."""

from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.journeys.people import CODE, Town, buttons, said

PRICE = 79_000
SHELF = """
[shop]
name = "Tiệm Trang Thanh Toán"
code_prefix = "KX"

[[product]]
slug = "software"
kind = "licence"
name = "Ảnh Đẹp Pro"

[[product.plan]]
slug = "ever"
name = "Trọn đời"
price = 79_000
pay_with = ["bank", "{gateway}"]
"""


def shop_with(gateway: str, tmp_path: Path) -> Settings:
    shelf = tmp_path / "shop.toml"
    shelf.write_text(SHELF.format(gateway=gateway), encoding="utf-8")
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, shop_file=shelf)


async def choose(town: Town, gateway: str) -> None:
    """Walk from /start to paying by that gateway."""
    await town.buyer.write("/start")
    for token in ("plan:", "buy:", "nomail:"):
        await town.buyer.press(token)
    await town.buyer.press_way(gateway)


def leading(town: Town, state: dict[str, Any]) -> list[tuple[str, str]]:
    """Order codes and addresses of the buttons that lead elsewhere, the oldest first."""
    found = [
        (CODE.search(said(each)), b["url"]) for each in town.buyer.seen_in(state) for b in buttons(each) if "url" in b
    ]
    return [(code[0], address) for code, address in found if code]


async def story(town: Town, code: str) -> tuple[str, list[str], list[str]]:
    """Payment state, what each transfer means, and how the goods stand."""
    of, books = await town.order(code), await town.ledger()
    assert books["balanced"]
    return (
        of["order"]["payment"],
        [each["decision"] for each in books["transfers"]],
        [each["state"] for each in of["grants"]],
    )
