"""What some banks want before they let a watcher see money: a word in the memo, or a virtual account to pay to.

Sources: developer.sepay.vn, table of banks: BIDV (people and households), MSB, OCB and KienLongBank have no account of
their own there, all money must go to a virtual one; VietinBank's own accounts of people need the word SEVQR. ABBank
needs it by the word of several public integrations alone.
"""

from dataclasses import dataclass

from sales.catalogue import FiledAccount
from sales.shop import BankAccount

WORDS = {"970415": "SEVQR", "970425": "SEVQR"}
"""By the banks' numbers: VietinBank, ABBank."""
BY_VIRTUAL_ACCOUNT = frozenset({"970418", "970426", "970448", "970452"})
"""BIDV, MSB, OCB, KienLongBank."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What an account lacks: `word` must stand in every memo; "" when it lacks a virtual account to pay to."""

    word: str = ""


def lack(account: FiledAccount | BankAccount) -> Lack | None:
    """What this account lacks for SePay to see its money; None when it lacks nothing that is known of.

    Firms may have other terms with their bank, so this is advice. A virtual account is enough at every bank.
    """
    if account.virtual:
        return None
    if account.bin in BY_VIRTUAL_ACCOUNT:
        return Lack()
    word = WORDS.get(account.bin, "")
    return Lack(word) if word not in account.word else None
