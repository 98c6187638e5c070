"""The page's hands on those who tell of money: who is silent, whose API is in trouble, how SePay knocks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import web

from sales.errors import Tell
from sandbox.api.body import Body, posting, text, yes
from sandbox.news import News
from sandbox.payos.payouts import Ending, Payouts
from sandbox.sepay.numbering import Numbering
from sandbox.sepay.webhook import Form, Proof, Webhook
from sandbox.silence import Silence
from sandbox.trouble import Trouble, Troubles
from sandbox.vnpay.refunds import Refunds

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class SourcesView:
    """Looks at them."""

    silence: Silence
    troubles: Troubles
    webhook: Webhook
    numbering: Numbering
    refunds: Refunds
    payouts: Payouts

    def state(self) -> dict[str, Any]:
        """Describe them: source → silent or not, source → trouble of its API, and how some of them act ("": any)."""
        return {
            "silent": self.silence.state(),
            "trouble": self.troubles.state(),
            "sepay": self.webhook.state() | {"own_ids": self.numbering.own},
            "vnpay": {"refunds_refused": self.refunds.refused, "refunds_bounced": self.refunds.bounced},
            "payouts": {"ending": self.payouts.ending.value},
        }


class SourceDesk:
    """Changes them; what a request does not name stays as it is."""

    def __init__(self, sources: SourcesView, news: News) -> None:
        self._sources, self._news = sources, news

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /api."""
        return [
            posting("/api/sources", self._switch),
            posting("/api/sepay", self._set_up),
            posting("/api/vnpay", self._refuse),
            posting("/api/payouts", self._end),
        ]

    async def _switch(self, _: web.Request, body: Body) -> Body:
        """Take a `source`, and whether it is `silent` or which `trouble` its API has."""
        name, silence, troubles = text(body, "source"), self._sources.silence, self._sources.troubles
        try:
            trouble = _one_of(Trouble, body.get("trouble", troubles.of(name)))
            if "silent" in body:
                silence.switch(name, yes(body, "silent"))
            troubles.switch(name, trouble)
        except KeyError:
            raise Tell("sandbox-error-request") from None
        self._news.tell()
        return {}

    async def _set_up(self, _: web.Request, body: Body) -> Body:
        """Take the `proof` and the `form` of SePay's notices, "" for any, and whether its API has its `own_ids`."""
        webhook, numbering = self._sources.webhook, self._sources.numbering
        own = yes(body, "own_ids", numbering.own)
        proof, form = body.get("proof", webhook.proof), body.get("form", webhook.form)
        webhook.proof = _one_of(Proof, proof) if proof else None
        webhook.form = _one_of(Form, form) if form else None
        numbering.own = own
        self._news.tell()
        return {}

    async def _refuse(self, _: web.Request, body: Body) -> Body:
        """Take whether refunds over VNPay are `refunds_refused` at once, or `refunds_bounced` in the end."""
        refunds = self._sources.refunds
        refused, bounced = (yes(body, f"refunds_{name}", getattr(refunds, name)) for name in ("refused", "bounced"))
        refunds.refused, refunds.bounced = refused, bounced
        self._news.tell()
        return {}

    async def _end(self, _: web.Request, body: Body) -> Body:
        """Take the `ending` of payouts that are made from now on."""
        self._sources.payouts.ending = _one_of(Ending, text(body, "ending"))
        self._news.tell()
        return {}


def _one_of(kind: type[Kind], value: object) -> Kind:
    try:
        return kind(str(value))
    except ValueError:
        raise Tell("sandbox-error-request") from None
