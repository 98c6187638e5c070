"""What Bakong is asked over the network: which of our codes have been paid.

Source: NBC's Bakong Open API document and official packages: POST with a bearer token, an envelope of responseCode (0
is success), errorCode and data. A code that nobody has paid is errorCode 1, by HTTP 200 or 404. Of the list of digests
one public client says that it is answered 403 in production: then each is asked for by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from gateways.bakong_money import Paid, read_paid
from gateways.gateway import Asking, Reach
from gateways.http_call import Api, Reply, check_address
from gateways.json_text import Json, parse
from gateways.one_by_one import one_by_one
from sales.errors import CutShort, Later, Malformed, Rejected
from sales.pace import CLOSE
from sales.question import Question
from sales.transfer import Sighting

URL = "https://api-bakong.nbc.gov.kh/v1"
MOST = 50
"""Digests in one list."""
LIST, SINGLE = "/check_transaction_by_md5_list", "/check_transaction_by_md5"
AT_ONCE = 8
"""Codes asked for at a time where there is no list: even fifty slow answers come within the time of one look."""
LIST_AGAIN = timedelta(hours=1)
"""How long codes are asked for one by one once the list was refused."""
COMMAS = 5000
"""Fifty payments have about 700."""
NOT_PAID = frozenset({1, 3})
"""Not found; failed, so that nothing was paid either."""
UNAUTHORIZED = 6
DOWN = 9
NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


class TokenRefused(Rejected):
    """Bakong takes the token no more: it must be renewed."""


class _NoList(Rejected):
    """The list is not there for us."""


def asking(reach: Reach) -> Asking:
    """Build the second look, which is the only one; see Gateway. Keep it: it remembers that the list is refused.

    Raises Misconfigured for an address that is not https.
    """
    return Asking(_Desk.at(reach).ask, CLOSE, most=MOST)


async def try_token(reach: Reach) -> None:
    """Ask for a code that nobody has made; raises TokenRefused, Rejected or Later."""
    await _Desk.at(reach).paid_by("0" * 32)


@dataclass(slots=True)
class _Desk:
    """Bakong's desk for questions. `account` is the shop's own, `singly_until` when the list is tried again."""

    api: Api
    token: str = field(repr=False)
    account: str
    singly_until: datetime = NEVER

    @classmethod
    def at(cls, reach: Reach) -> "_Desk":
        check_address(reach.url, "BAKONG_API_URL")
        secrets = reach.secrets
        return cls(Api("Bakong", reach.url, reach.session, reach.clock), secrets["token"].strip(), secrets["account"])

    async def ask(self, questions: Sequence[Question]) -> tuple[Sighting, ...]:
        """All that was paid to us for these codes.

        What cannot be read hides nothing else. It is trouble, yet it was answered, and is asked for again in its turn.
        """
        asked = [each for each in questions if each.qr_md5]
        listed = await self._list([each.qr_md5 for each in asked]) if asked else {}
        unread: list[int] = []

        async def look(question: Question) -> list[Sighting]:
            digest = question.qr_md5
            told = await self.paid_by(digest) if listed is None else listed.get(digest)
            try:
                return [] if told is None else self._ours(question, read_paid(told))
            except Malformed:
                unread.append(question.number)
                return []

        found = await one_by_one(asked, look, AT_ONCE)
        if unread:
            trouble = Later("Bakong: an answer is not what its reference says")
            raise CutShort(trouble, found, frozenset(each.number for each in asked))
        return found

    async def _list(self, digests: list[str]) -> dict[str, Json] | None:
        """The payment of each code that is paid; None where there is no list for us, now or for a while."""
        if self.api.clock() < self.singly_until:
            return None
        try:
            return await self._listed(digests)
        except _NoList:
            self.singly_until = self.api.clock() + LIST_AGAIN
            return None

    async def _listed(self, digests: list[str]) -> dict[str, Json]:
        reply = await self._call(LIST, list(digests))
        if reply.status == 403 or (reply.status == 404 and _code(_envelope(reply)) not in NOT_PAID):
            raise _NoList(f"Bakong: HTTP {reply.status}")
        told = _judged(reply)
        if not isinstance(told, list | None):
            raise Later("Bakong: the list is none")
        items = [item for item in told or [] if isinstance(item, dict) and item.get("status") == "SUCCESS"]
        # One that is paid and said to be nothing cannot be read: it is not one that nobody has paid.
        return {str(item["md5"]): item.get("data") or {} for item in items if item.get("md5") in digests}

    async def paid_by(self, digest: str) -> Json:
        """The payment of one code; None when it is not paid."""
        return _judged(await self._call(SINGLE, {"md5": digest}))

    async def _call(self, path: str, body: Json) -> Reply:
        return await self.api.call("POST", path, {"Authorization": f"Bearer {self.token}"}, body)

    def _ours(self, question: Question, paid: Paid) -> list[Sighting]:
        """The sighting, unless the money went to somebody else: then the payment is none of ours.

        Bakong's accounts are written small, and people write them large: no two differ in that alone.
        """
        account = question.account or self.account
        if paid.receiver.casefold() != account.strip().casefold():
            log.warning("bakong.paid_elsewhere", attempt=question.attempt, number=question.number, hash=paid.hash)
            return []
        return [paid.sighting(question.number)]


def _judged(reply: Reply) -> Json:
    """The data of a success, None for a code that is not paid."""
    answer = _envelope(reply)
    code = _code(answer)
    if reply.status == 401 or code == UNAUTHORIZED:
        raise TokenRefused("Bakong 6: token refused, renew it")
    if answer.get("responseCode") == 0 and reply.status < 300:
        return answer.get("data")
    if code in NOT_PAID and reply.status in (200, 404):
        return None
    reason = f"Bakong: HTTP {reply.status}, error {code}"
    if code == DOWN or (code is None and not 400 <= reply.status < 500):
        raise Later(reason)
    raise Rejected(reason)


def _envelope(reply: Reply) -> dict[str, Json]:
    """What was answered, or nothing when that is no JSON object. Money is kept as it is written."""
    try:
        answer = parse(reply.body, COMMAS, real=str)
    except Malformed:
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(answer: dict[str, Json]) -> int | None:
    """Bakong's own number of what went wrong."""
    code = answer.get("errorCode")
    number = isinstance(code, int | str) and str(code).isdecimal() and len(str(code)) < 9
    return int(str(code)) if number else None
