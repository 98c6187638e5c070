"""The page's hands on the phones."""

from aiohttp import web

from sales.errors import Tell
from sandbox.api.body import Body, number_in, posting, text, whole, yes
from sandbox.telegram import acts
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone

LANGUAGE_LENGTH = 35


class PhoneDesk:
    """Writing, pressing, blocking, choosing a language, looking at photos."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /api/phones and /api/photos."""
        return [
            posting("/api/phones/{phone}/write", self._write),
            posting("/api/phones/{phone}/press", self._press),
            posting("/api/phones/{phone}/pay", self._pay),
            posting("/api/phones/{phone}/block", self._block),
            posting("/api/phones/{phone}/language", self._language),
            web.get("/api/photos/{unique}", self._photo),
        ]

    async def _write(self, request: web.Request, body: Body) -> Body:
        return {"message": acts.write(self._exchange, self._phone(request), text(body, "text")).message_id}

    async def _press(self, request: web.Request, body: Body) -> Body:
        query = acts.press(self._exchange, self._phone(request), whole(body, "message"), text(body, "data"))
        return {"press": query.id}

    async def _pay(self, request: web.Request, body: Body) -> Body:
        return {"query": acts.pay(self._exchange, self._phone(request), whole(body, "message")).id}

    async def _block(self, request: web.Request, body: Body) -> Body:
        acts.block(self._exchange, self._phone(request), yes(body, "blocked"))
        return {}

    async def _language(self, request: web.Request, body: Body) -> Body:
        language = text(body, "language")
        if not 0 < len(language) <= LANGUAGE_LENGTH:
            raise Tell("sandbox-error-request")
        acts.speak(self._exchange, self._phone(request), language)
        return {}

    async def _photo(self, request: web.Request) -> web.Response:
        photo = self._exchange.photos.by_unique_id(request.match_info["unique"])
        if photo is None:
            raise web.HTTPNotFound
        return web.Response(body=photo.jpeg, content_type="image/jpeg")

    def _phone(self, request: web.Request) -> Phone:
        phone = self._exchange.phones.get(number_in(request, "phone"))
        if phone is None:
            raise web.HTTPNotFound
        return phone
