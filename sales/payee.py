"""The account that money is given back to, as a person writes it in one line."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations, dropwhile, permutations, takewhile

from sales.banks import AmbiguousBank, Bank, UnknownBank, bank_by_bin, find_bank
from sales.errors import Tell
from sales.memo import fold
from sales.visible import visible

LONGEST_LINE = 200
LONGEST_HOLDER = 60
_ACCOUNT = re.compile(r"[0-9]{6,19}")
"""Six digits is the shortest account number known, nineteen is what a VietQR holds."""
_BETWEEN = re.compile(r"[\s,;:|/-]+")
_MOST_BANK_WORDS = 12
_LABELS = frozenset({"STK", "TK", "SOTK", "SOTAIKHOAN", "TAIKHOAN", "CTK", "CHUTK", "CHUTAIKHOAN"})
"""What people write before the number or the name, as `fold` spells it."""
_MOST_LABEL_WORDS = 3


class BadPayee(Tell):
    """Not a bank, an account number and a name."""


@dataclass(frozen=True, slots=True)
class Payee:
    """An account at a bank (`bin`: six digits) and whose it is; all three are "" while nobody has named one."""

    bin: str = ""
    account: str = field(default="", repr=False)
    holder: str = ""

    def __bool__(self) -> bool:
        return bool(self.account)

    @property
    def bank(self) -> str:
        """The bank's short name, or its number when the list has no such bank."""
        known = bank_by_bin(self.bin)
        return known.short_name if known else self.bin

    @property
    def tail(self) -> str:
        """The last four digits: enough to know one's own account by, too little to pay to."""
        return self.account[-4:]

    @property
    def mark(self) -> str:
        """Eight letters that change with the account: a button which carries them is about this one and no other."""
        return sha256(f"{self.bin}\0{self.account}\0{self.holder}".encode()).hexdigest()[:8]


def read_payee(line: str) -> Payee:
    """Read a bank, an account number and a name, in whatever order: "Vietcombank 0071000123456 NGUYEN VAN A".

    Blanks within the number and a word such as "STK" are fine. Raises UnknownBank, AmbiguousBank (also when the line
    can be read in two ways), or BadPayee for what is not complete.
    """
    words = _without_labels(_BETWEEN.split(visible(line[:LONGEST_LINE]).strip()))
    found, doubts = _readings(words)
    if len(found) == 1:
        return found.pop()
    banks = tuple(bank for bank in map(bank_by_bin, sorted({payee.bin for payee in found})) if bank)
    if len(banks) > 1:
        raise AmbiguousBank(" ".join(words), banks)
    if doubts:
        raise doubts[0]
    unknown = _first_words(words)
    if unknown and any(_ACCOUNT.fullmatch(word) for word in words) and not _names_a_bank(words):
        raise UnknownBank("bank-unknown", text=unknown)
    raise BadPayee("refund-account-wrong")


def read_account(text: str) -> str:
    """Read an account number that was asked for by itself; blanks, dots and a word such as "STK" are fine.

    Raises BadPayee for anything else.
    """
    number = "".join(_without_labels(_BETWEEN.split(visible(text[:LONGEST_LINE]).replace(".", "").strip())))
    if not _ACCOUNT.fullmatch(number):
        raise BadPayee("refund-number-wrong")
    return number


def read_holder(text: str) -> str:
    """Read the name of an account's holder that was asked for by itself; raises BadPayee for what is no name."""
    holder = " ".join(visible(text[:LONGEST_LINE]).split()).upper()
    if not _is_name(holder):
        raise BadPayee("refund-holder-wrong")
    return holder


def known_payee(bank: str, account: str, holder: str) -> Payee:
    """What a bank said of the other side of a transfer; an empty Payee when that is not enough to pay to."""
    try:
        found = find_bank(bank)
    except Tell:
        return Payee()
    complete = _ACCOUNT.fullmatch(account) and _is_name(holder)
    return Payee(found.bin, account, holder) if complete else Payee()


def _readings(words: list[str]) -> tuple[set[Payee], list[AmbiguousBank]]:
    """All ways to take the words for three runs, one of them a bank, one a number, one a name.

    Of two in the same order the longer bank counts. Beside them the names in place of a bank that mean several.
    """
    found: dict[tuple[int, ...], tuple[int, Payee]] = {}
    doubts: list[AmbiguousBank] = []
    for first, second in combinations(range(1, len(words)), 2):
        runs = words[:first], words[first:second], words[second:]
        for order in permutations(range(3)):
            bank, account, holder = (runs[place] for place in order)
            if not _ACCOUNT.fullmatch("".join(account)) or not _is_name(" ".join(holder)):
                continue
            named = _named(bank)
            if isinstance(named, AmbiguousBank):
                doubts.append(named)
            elif named and len(bank) > found.get(order, (0,))[0]:
                found[order] = len(bank), Payee(named.bin, "".join(account), " ".join(holder).upper())
    return {payee for _, payee in found.values()}, doubts


def _named(words: list[str]) -> Bank | AmbiguousBank | None:
    if len(words) > _MOST_BANK_WORDS:
        return None
    try:
        return find_bank(" ".join(words))
    except AmbiguousBank as several:
        return several
    except UnknownBank:
        return None


def _names_a_bank(words: list[str]) -> bool:
    return any(_named(words[first:last]) for first, last in combinations(range(len(words) + 1), 2))


def _first_words(words: list[str]) -> str:
    """The words before the number, or after it when it stands first."""
    whole = dropwhile(_digits, words)
    return " ".join(takewhile(lambda word: not _digits(word), whole))


def _without_labels(words: list[str]) -> list[str]:
    """Leave out the words that people put before the number."""
    for count in range(_MOST_LABEL_WORDS, 0, -1):
        for place in range(len(words)):
            if fold("".join(words[place : place + count])) in _LABELS:
                return _without_labels(words[:place] + words[place + count :])
    return words


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _is_name(holder: str) -> bool:
    return 2 <= len(holder) <= LONGEST_HOLDER and any(map(str.isalpha, holder)) and not any(map(str.isdigit, holder))
