"""What becomes of refunds that VNPay has taken."""

from dataclasses import dataclass


@dataclass(slots=True)
class Refunds:
    """`refused`: the buyer's bank takes none of them, and VNPay says so at once; `bounced`: it says so in the end."""

    refused: bool = False
    bounced: bool = False
