"""Open a payment link, or find the one that an earlier call has opened although its answer was never heard."""

from contextlib import suppress

from gateways.gateway import Link, Links, LinkState, LinkWanted
from sales.errors import Later, LinkExists, Rejected


async def open_or_find(gateway: Links, wanted: LinkWanted, *, sent: bool) -> Link | None:
    """A link that a buyer can be shown; None when its number is spent and another one must be drawn.

    `sent`: an earlier call under this number may have gone out unheard. Raises Later and Rejected as the gateway does.
    """
    try:
        return await gateway.open(wanted)
    except LinkExists:
        if not sent:
            # Another program numbers links on the same account: its link may even ask for the same money.
            return None
        found = await gateway.ask(wanted.number)
    except Later:
        found = await gateway.ask(wanted.number)
        if found is None:
            raise
    if found is None or found.state is not LinkState.OPEN or not _is_ours(found, wanted):
        return None
    if found.qr and found.account:
        return found
    # Ours, but a gateway that is asked later may not tell the QR text again: nobody could be shown this link.
    with suppress(Rejected):
        await gateway.cancel(wanted.number, "replaced")
    return None


def _is_ours(found: Link, wanted: LinkWanted) -> bool:
    """Whether the link asks for this very money: a number of ours may still have been taken before."""
    return found.amount == wanted.amount and (not found.memo or wanted.code in found.memo)
