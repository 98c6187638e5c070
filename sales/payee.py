"""The account that money is given back to, as a person writes it in one line."""

import re
from dataclasses import dataclass, field
from hashlib import sha256

from sales.banks import AmbiguousBank, Bank, UnknownBank, bank_by_bin, find_bank
from sales.errors import Tell

LONGEST_LINE = 200
LONGEST_HOLDER = 60
_ACCOUNT = re.compile(r"[0-9]{6,19}")
"""Six digits is the shortest account number known, nineteen is what a VietQR holds."""
_BETWEEN = re.compile(r"[\s,;:|/-]+")
_MOST_BANK_WORDS = 12


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
    """Read "bank account name", such as "Vietcombank 0071000123456 NGUYEN VAN A"; blanks within the number are fine.

    Raises UnknownBank, AmbiguousBank, or BadPayee for what is not complete.
    """
    words = _BETWEEN.split(visible(line[:LONGEST_LINE]).strip())
    if len(words) < 3:
        raise BadPayee("refund-account-wrong")
    bank, rest = _bank_first(words)
    digits = next((place for place, word in enumerate(rest) if not _digits(word)), len(rest))
    account, holder = "".join(rest[:digits]), " ".join(rest[digits:])
    if not _ACCOUNT.fullmatch(account) or not _is_name(holder):
        raise BadPayee("refund-account-wrong")
    return Payee(bank.bin, account, holder.upper())


def known_payee(bank: str, account: str, holder: str) -> Payee:
    """What a bank said of the other side of a transfer; an empty Payee when that is not enough to pay to."""
    try:
        found = find_bank(bank)
    except Tell:
        return Payee()
    complete = _ACCOUNT.fullmatch(account) and _is_name(holder)
    return Payee(found.bin, account, holder) if complete else Payee()


def visible(text: str) -> str:
    """Leave out what cannot be seen: a turned direction could make a name read like another one."""
    return "".join(letter if letter.isprintable() else " " * letter.isspace() for letter in text)


def _bank_first(words: list[str]) -> tuple[Bank, list[str]]:
    """Take the longest beginning that names a bank, and the words after it."""
    doubt: AmbiguousBank | None = None
    for count in range(min(len(words), _MOST_BANK_WORDS), 0, -1):
        try:
            return find_bank(" ".join(words[:count])), words[count:]
        except AmbiguousBank as several:
            doubt = doubt or several
        except UnknownBank:
            continue
    raise doubt or UnknownBank("bank-unknown", text=words[0])


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _is_name(holder: str) -> bool:
    return 2 <= len(holder) <= LONGEST_HOLDER and any(map(str.isalpha, holder)) and not any(map(str.isdigit, holder))
