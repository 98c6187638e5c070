"""What the shop holds for each gateway: what the environment says, what lies sealed, and which is in force."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.gateway_settings import variable
from app.settings import Settings
from flows.premises import Plug
from gateways.gateway import Gateway, Secrets
from gateways.registry import GATEWAYS


class Origin(StrEnum):
    """Where a value comes from."""

    ENVIRONMENT = "environment"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Given:
    """What comes from outside, by gateway: secrets, and addresses of other servers than the official ones.

    `base` is the address that buyers' browsers reach our web door at, "" when they do not.
    """

    secrets: Mapping[str, Secrets] = field(repr=False)
    urls: Mapping[str, str]
    base: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One gateway with what is in force for it.

    `origins` tells of each secret where it comes from; `differing` names those of the environment that lie sealed as
    well, but otherwise.
    """

    gateway: Gateway
    secrets: Secrets = field(repr=False)
    origins: Mapping[str, Origin]
    differing: tuple[str, ...]
    url: str
    off: bool

    @property
    def complete(self) -> bool:
        """Whether there is enough to use it."""
        return self.gateway.opened_by(self.secrets)

    @property
    def open(self) -> bool:
        """Whether the shop uses it."""
        return self.complete and not self.off

    @property
    def begun(self) -> bool:
        """Whether something is there, but not enough."""
        return bool(self.secrets) and not self.complete

    @property
    def lacking(self) -> tuple[str, ...]:
        """Variables of what is not there, of the set that is nearest to being complete."""
        absent = ([name for name in names if name not in self.secrets] for names in self.gateway.secrets)
        return tuple(variable(self.gateway.name, name) for name in min(absent, key=len))


def given_by(settings: Settings) -> Given:
    """What the environment says."""
    return Given(settings.gateway_secrets, settings.gateway_urls, settings.public_url or "")


def merge(given: Given, sealed: Mapping[str, Secrets], off: Collection[str]) -> tuple[Holding, ...]:
    """Every gateway, in the order of the registry; what is given wins over what lies sealed."""
    return tuple(
        _holding(each, given.secrets.get(each.name, {}), sealed.get(each.name, {}), given.urls, each.name in off)
        for each in GATEWAYS
    )


def held_for(holdings: Sequence[Holding], gateway: Gateway) -> Holding:
    """What is held for this one."""
    return next(each for each in holdings if each.gateway is gateway)


def plugs(holdings: Sequence[Holding]) -> tuple[Plug, ...]:
    """The gateways that the shop uses."""
    return tuple(Plug(each.gateway, each.secrets, each.url) for each in holdings if each.open)


def unwatched(holdings: Sequence[Holding]) -> bool:
    """Whether the seller has switched off what watched the bank account, and nothing else does."""
    watchers = [each for each in holdings if each.gateway.bank]
    return any(each.off for each in watchers) and not any(each.open for each in watchers)


def _holding(gateway: Gateway, given: Secrets, sealed: Secrets, urls: Mapping[str, str], off: bool) -> Holding:
    names = [name for name in gateway.names if name in given or name in sealed]
    return Holding(
        gateway=gateway,
        secrets={name: given.get(name, sealed.get(name, "")) for name in names},
        origins={name: Origin.ENVIRONMENT if name in given else Origin.SEALED for name in names},
        differing=tuple(name for name in names if name in given and sealed.get(name, given[name]) != given[name]),
        url=urls.get(gateway.name, gateway.url),
        off=off,
    )
