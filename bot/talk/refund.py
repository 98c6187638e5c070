"""A buyer says whereto their refund goes: yes to the account that was named, or another one, step by step."""

from bot.scene import Scene
from bot.talk import browse
from bot.talk.bank_list import ask_bank, bank_rows
from flows.messages import Say
from flows.name_payee import ask_typed_payee, confirm_as_buyer, propose_payee, shown
from sales.banks import AmbiguousBank, bank_by_bin, find_bank
from sales.errors import Tell
from sales.ids import RefundId
from sales.payee import BadPayee, Payee, read_account, read_holder, read_payee
from sales.refund import Refund
from sales.visible import visible
from storage import orders, refunds

BANK, NUMBER, HOLDER = "refund-account", "refund-number", "refund-holder"
"""Where the talk stands while the account is asked for."""

LONGEST_PAGE = 3
"""Digits in the number of a page."""

MOST_DIGITS = 5
"""In the name of a bank; with more of them it was meant to be the whole account."""


def mine(scene: Scene, mark: str) -> None:
    """Yes, that is my account."""
    found = _own(scene, mark.partition(":")[0])
    if found is None or found.mark != mark or not found.payee:
        browse.dead_button(scene, mark)
        return
    confirm_as_buyer(scene.unit, scene.premises, scene.peer, found)
    scene.turn_page(Say("refund-account-thanks", {**shown(found.payee), "amount": found.amount}))


def other(scene: Scene, number: str) -> None:
    """Another account: the bank is asked for first."""
    if found := _asked(scene, number):
        scene.expect(BANK, refund=found.id)
        ask_bank(scene, found.id, 0)


def more_banks(scene: Scene, rest: str) -> None:
    """Another page of the list."""
    number, _, page = rest.partition(":")
    if not (page.isascii() and page.isdigit() and len(page) <= LONGEST_PAGE):
        browse.dead_button(scene, rest)
    elif found := _asked(scene, number):
        scene.expect(BANK, refund=found.id)
        ask_bank(scene, found.id, int(page), again=True)


def bank(scene: Scene, rest: str) -> None:
    """That bank; then the number is asked for."""
    number, _, chosen = rest.partition(":")
    if bank_by_bin(chosen) is None:
        browse.dead_button(scene, rest)
    elif found := _asked(scene, number):
        _ask_number(scene, found, chosen)


def typed(scene: Scene) -> None:
    """A bank by its name, or the whole account in one line."""
    found, text = _expected(scene), visible(scene.incoming.text)
    if found is None:
        browse.nonsense(scene)
        return
    try:
        if payee := _in_one_line(text):
            _show(scene, found, payee)
        else:
            _ask_number(scene, found, find_bank(text).bin)
    except AmbiguousBank as several:
        scene.expect(BANK, refund=found.id)
        scene.say(Say(several.message, several.values), choices=bank_rows(found.id, several.candidates))  # type: ignore[arg-type]
    except Tell as told:
        _tell(scene, told)
        scene.expect(BANK, refund=found.id)
        ask_bank(scene, found.id, 0)


def number_typed(scene: Scene) -> None:
    """The number; then the holder's name is asked for."""
    found, chosen = _expected(scene), str((scene.talk.data or {}).get("bin", ""))
    if found is None:
        browse.nonsense(scene)
        return
    try:
        account = read_account(scene.incoming.text)
    except BadPayee as told:
        if payee := _line_or_none(scene.incoming.text):
            _show(scene, found, payee)
            return
        _tell(scene, told)
        scene.expect(NUMBER, refund=found.id, bin=chosen)
    else:
        scene.expect(HOLDER, refund=found.id, bin=chosen, account=account)
        scene.say(Say("refund-type-holder"))


def holder_typed(scene: Scene) -> None:
    """The name of its holder: the account is shown in full before it counts."""
    found, kept = _expected(scene), scene.talk.data or {}
    if found is None:
        browse.nonsense(scene)
        return
    try:
        holder = read_holder(scene.incoming.text)
    except BadPayee as told:
        _tell(scene, told)
        scene.expect(HOLDER, **kept)
    else:
        _show(scene, found, Payee(str(kept.get("bin", "")), str(kept.get("account", "")), holder))


def typed_payee(scene: Scene, found: Refund, step: str) -> Payee | None:
    """The account that was typed in one line; None when it is none: then the talk stays at `step`, and asks again."""
    try:
        return read_payee(scene.incoming.text)
    except Tell as told:
        scene.expect(step, refund=found.id)
        scene.say(Say(told.message, told.values), Say("refund-type-account"))  # type: ignore[arg-type]
        return None


def wanted(scene: Scene, number: str) -> Refund | None:
    """The refund that a button names."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return refunds.by_id(scene.unit, scene.premises.shop.id, RefundId(int(number)))


def _ask_number(scene: Scene, found: Refund, chosen: str) -> None:
    known = bank_by_bin(chosen)
    scene.expect(NUMBER, refund=found.id, bin=chosen)
    scene.say(Say("refund-type-number", {"bank": known.short_name if known else chosen}))


def _show(scene: Scene, found: Refund, payee: Payee) -> None:
    question = ask_typed_payee(propose_payee(scene.unit, scene.premises, found, payee))
    scene.say(*question.lines, choices=question.choices)


def _in_one_line(text: str) -> Payee | None:
    """The whole account; None for what looks like a bank's name alone. Raises Tell for an account that is none."""
    return read_payee(text) if sum(map(str.isdigit, text)) > MOST_DIGITS and len(text.split()) > 1 else None


def _line_or_none(text: str) -> Payee | None:
    try:
        return read_payee(text)
    except Tell:
        return None


def _tell(scene: Scene, told: Tell) -> None:
    scene.say(Say(told.message, told.values))  # type: ignore[arg-type]


def _asked(scene: Scene, number: str) -> Refund | None:
    """Their own refund, still without a confirmed account; None for a dead button, which is said."""
    found = _own(scene, number)
    if found is None:
        browse.dead_button(scene, number)
    elif found.confirmed_at is not None:
        raise Tell("refund-account-fixed")
    return found


def _expected(scene: Scene) -> Refund | None:
    """The refund whose account the talk has asked for."""
    return _own(scene, str((scene.talk.data or {}).get("refund", "")))


def _own(scene: Scene, number: str) -> Refund | None:
    """A refund that is owed to who speaks; nobody learns of other people's."""
    found = wanted(scene, number)
    if found is None or not found.owed or found.order is None:
        return None
    order = orders.by_id(scene.unit, scene.premises.shop.id, found.of_order)
    return found if order.buyer == scene.peer.buyer else None
