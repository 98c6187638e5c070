"""How the house draws a QR card: in a thread, since it takes milliseconds that others should not wait."""

import asyncio

from flows.channel import Address
from flows.office import Draw
from locales import Texts
from sales.purchase import Attempt
from sales.refund import Refund


def drawing(texts: Texts) -> Draw:
    """Draws in that language; Pillow is loaded with the first card, for a shop that waits needs none of it."""

    async def draw(wanted: Attempt | Refund, address: Address) -> bytes:
        return await asyncio.to_thread(_draw, texts, wanted, address)

    return draw


def _draw(texts: Texts, wanted: Attempt | Refund, address: Address) -> bytes:
    from app.cards import draw_card  # noqa: PLC0415 - see above

    return draw_card(texts, wanted, address)
