"""Serves the page, its parts, and its words in the person's language."""

from pathlib import Path

from aiohttp import web

from locales.texts import Texts, plain
from sandbox.words import WORDS

FOLDER = Path(__file__).parent.parent / "page"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Pages:
    """The page's files; only those that lie in the folder at start can be asked for."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._parts = {path.name: path for path in FOLDER.iterdir() if path.suffix in TYPES}

    def routes(self) -> list[web.RouteDef]:
        """Name the page itself with and without the last slash, its parts, its words."""
        return [
            web.get("", self._page),
            web.get("/", self._page),
            web.get("/page/{name}", self._part),
            web.get("/api/texts/{language}", self._words),
        ]

    async def _page(self, _: web.Request) -> web.Response:
        html = (FOLDER / "index.html").read_text(encoding="utf-8")
        return web.Response(text=html, content_type="text/html", charset="utf-8")

    async def _part(self, request: web.Request) -> web.Response:
        path = self._parts.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.Response(text=path.read_text(encoding="utf-8"), content_type=TYPES[path.suffix], charset="utf-8")

    async def _words(self, request: web.Request) -> web.Response:
        language = self._texts.match(request.match_info["language"])
        words = {word: plain(self._texts.say(language, word)) for word in WORDS}
        return web.json_response({"language": language, "words": words})
