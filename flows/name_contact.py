"""How a buyer reaches a person of the shop, under words that need one."""

from flows.messages import Say
from flows.premises import Premises


def contact_lines(premises: Premises) -> tuple[Say, ...]:
    """The line that names the way; none when the seller names no way."""
    contact = premises.shop.contact
    return (Say("contact-line", {"contact": contact}),) if contact else ()
