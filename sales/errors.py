"""The one error tree; each branch says what the caller does with it.

::

    ShopError
    ├── Tell              tell the person: a message id and its values
    │   ├── BadPrefix …   of sales/codes: letters that keyboards or eyes would spoil
    │   └── UnknownBank … of sales/banks, as is AmbiguousBank
    ├── Later             the same again, not before `seconds`
    │   ├── StoreBusy     the database is locked or down: answer 503, the gateway repeats
    │   └── NotConfigured the seller has not set this way up yet: it waits, it is never given up
    ├── GiveUp            this way is closed for good: take the next one, keep the reason
    │   ├── Blocked       the person has closed this mouth
    │   ├── Rejected      the other side will never take this message
    │   ├── LinkExists    a gateway has a payment link of that number already
    │   └── NoMoreCodes … of sales/codes: a prefix is used up
    ├── CutShort          asked about some: take what was found, bear the rest
    ├── Refuse            whoever asked gets no further
    │   ├── Forged        not signed by whom it claims: 401, nothing is kept
    │   └── Malformed     cannot be what it claims to be: 400
    │       ├── PartlyMalformed   what can be read of it is settled all the same
    │       └── BadQr …   of sales/emv and sales/vietqr
    └── Misconfigured     the seller must mend something: the program does not start

Anything else that is raised is a bug and crashes as one.
"""

from sales.transfer import Sighting


class ShopError(Exception):
    """Root of everything the shop raises on purpose."""


class Tell(ShopError):
    """Something a person can be told: `message` is an id in locales/, `values` fill it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class Later(ShopError):
    """Not now; the same may succeed after `seconds` (None: the caller's own backoff)."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class StoreBusy(Later):
    """The database could not take the work now; nothing of it was kept."""


class NotConfigured(Later):
    """The seller must set something up first; until then the work waits and is never buried."""


class GiveUp(ShopError):
    """Trying again would change nothing."""


class Blocked(GiveUp):
    """The person has blocked the bot or is gone."""


class Rejected(GiveUp):
    """The other side understood and refused this very message."""


class LinkExists(GiveUp):
    """The gateway has a payment link of that number already: ask for it."""


class CutShort(ShopError):
    """Some payments were asked about before trouble came: `found` is what was told, `answered` the numbers told of.

    The caller takes what was found, and bears `trouble`.
    """

    def __init__(self, trouble: Later | Rejected, found: tuple[Sighting, ...], answered: frozenset[int]) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
        self.found = found
        self.answered = answered


class Refuse(ShopError):
    """A request that goes no further."""


class Forged(Refuse):
    """The proof of origin is missing or wrong."""


class Malformed(Refuse):
    """The request is not what this door takes."""


class PartlyMalformed(Malformed):
    """A true notice of which only `readable` can be read; refused, so that the rest comes again."""

    def __init__(self, reason: str, readable: tuple[Sighting, ...]) -> None:
        super().__init__(reason)
        self.readable = readable


class Misconfigured(ShopError):
    """Settings or shop file that the house cannot open with: `message` is an id in locales/, `values` fill it."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message = message
        self.values = values
