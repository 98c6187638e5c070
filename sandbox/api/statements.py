"""The toy bank's statement as files to save, so that importing one can be tried."""

from collections.abc import Callable, Sequence

from aiohttp import web

from locales.texts import Texts, plain
from sales.clock import Clock
from sandbox.bank.bank import Bank
from sandbox.bank.sheets import as_csv, as_xlsx
from sandbox.bank.statement import Line, statement
from sandbox.trouble import Handler

COLUMNS = ("date", "reference", "debit", "credit", "balance", "memo", "account", "name")
KINDS: dict[str, tuple[str, Callable[[Sequence[Sequence[str]], Sequence[str], Sequence[Line]], bytes]]] = {
    "csv": ("text/csv", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}


class StatementDesk:
    """Writes the statement of the shop's account."""

    def __init__(self, bank: Bank, clock: Clock, texts: Texts) -> None:
        self._bank, self._clock, self._texts = bank, clock, texts

    def routes(self) -> list[web.RouteDef]:
        """The file as each kind: `/statement.csv?language=vi`."""
        return [web.get(f"/statement.{kind}", self._file(kind), allow_head=False) for kind in KINDS]

    def _file(self, kind: str) -> Handler:
        content_type, write = KINDS[kind]

        async def handle(request: web.Request) -> web.Response:
            language = self._texts.match(request.query.get("language", ""))
            lines = statement(self._bank.payments, self._bank.account.account, self._clock())
            body = write(self._head(language), [self._word(language, name) for name in COLUMNS], lines)
            named = {"Content-Disposition": f'attachment; filename="statement.{kind}"'}
            return web.Response(body=body, content_type=content_type, headers=named)

        return handle

    def _head(self, language: str) -> list[list[str]]:
        account = self._bank.account
        title = self._word(language, "title")
        return [[title], [self._word(language, "of"), account.account, account.holder], []]

    def _word(self, language: str, name: str) -> str:
        return plain(self._texts.say(language, f"sandbox-statement-{name}"))
