"""The variables of gateways, each named for its gateway and for what it holds: a new gateway needs no line here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, SecretStr, create_model
from pydantic_settings import BaseSettings

from gateways.gateway import Gateway
from gateways.registry import GATEWAYS

_NAMED_OTHERWISE = {
    ("sepay-pg", "merchant"): "SEPAY_MERCHANT",
    # One host plays all of SePay.
    ("sepay-pg", "url"): "SEPAY_API_URL",
    ("payos-payout", "url"): "PAYOS_API_URL",
    # It leads to a page and not to an API.
    ("vnpay", "url"): "VNPAY_URL",
}


def variable(gateway: str, name: str) -> str:
    """The variable that may hold this secret of a gateway, such as CASSO_CHECKSUM_KEY."""
    return _NAMED_OTHERWISE.get((gateway, name)) or f"{_words(gateway)}_{name.upper()}"


def address_variable(gateway: str) -> str:
    """The variable that may name another server for a gateway, such as PAYOS_API_URL."""
    return _NAMED_OTHERWISE.get((gateway, "url")) or f"{_words(gateway)}_API_URL"


def _words(gateway: str) -> str:
    return gateway.upper().replace("-", "_")


def web_address(value: str) -> str:
    """Refuse what is none (a ValueError); no slash at its end."""
    if not value.startswith(("http://", "https://")):
        raise ValueError("no web address")
    return value.rstrip("/")


def _secrets(gateways: tuple[Gateway, ...]) -> Mapping[str, Mapping[str, str]]:
    return {each.name: {name: variable(each.name, name) for name in each.names} for each in gateways if each.names}


SECRETS = MappingProxyType(_secrets(GATEWAYS))
"""Gateway → name of a secret → its variable. A gateway that wants none is reached through a chat."""

ADDRESSES = MappingProxyType({gateway: address_variable(gateway) for gateway in SECRETS})
"""Gateway → the variable that may name another server."""

WebAddress = Annotated[str, AfterValidator(web_address)]

if TYPE_CHECKING:
    GatewaySettings = BaseSettings
else:
    GatewaySettings = create_model(
        "GatewaySettings",
        __base__=BaseSettings,
        **{each.lower(): (SecretStr | None, None) for named in SECRETS.values() for each in named.values()},
        **{each.lower(): (WebAddress | None, None) for each in sorted(set(ADDRESSES.values()))},
    )
