"""payOS payouts: money sent from the shop's payout account at payOS to an account that the buyer has named.

A payout channel has keys of its own, whoever makes the shop's payment links. It takes no money and sends no notices.
"""

from gateways import doorless, payos_payout_api
from gateways.gateway import Gateway
from gateways.payos_api import BASE

PAYOS_PAYOUT = Gateway(
    name="payos-payout",
    secrets=(("client_id", "api_key", "checksum_key"),),
    open_invoice=None,
    read=doorless.read,
    acknowledge=doorless.acknowledge,
    forge=doorless.forge,
    method=None,
    url=BASE,
    currencies=(),
    payout=payos_payout_api.giver,
)
