"""Find what a person means and let the right step answer."""

from collections.abc import Callable

from bot.desk import enter, hear_of_mouth, leave
from bot.scene import Scene
from bot.talk import browse, checkout, claim, credit, history, paying, refund, support
from bot.talk.admin import (
    audit_page,
    claim_page,
    figures,
    joining,
    refund_account,
    refund_ways,
    refunds,
    review_decide,
    review_list,
    review_small,
)
from bot.talk.admin.gate import for_admins, pressed_by_admins, runs_shop
from flows.hear_payment import hear_payment
from flows.messages import Incoming, Say
from flows.name_contact import contact_lines
from flows.premises import Premises
from locales import Texts
from sales.errors import Tell
from storage.unit import Unit

Step = Callable[[Scene], None]
Press = Callable[[Scene, str], None]

COMMANDS: dict[str, Step] = {
    "start": joining.start,
    "plans": browse.start,
    "help": joining.help_page,
    "language": browse.languages,
    "myorders": history.my_orders,
    "cancel": checkout.cancel_typed,
    "credit": credit.my_credit,
    "claim": claim.start,
    "paysupport": support.pay_support,
    "terms": support.terms,
    "stats": for_admins(figures.stats),
    "order": for_admins(figures.order),
    "refund": for_admins(refunds.command),
    "review": for_admins(review_list.command),
    "audit": for_admins(audit_page.command),
}

PRESSES: dict[str, Press] = {
    "start": lambda scene, _: browse.start(scene),
    "help": lambda scene, _: joining.help_page(scene),
    "languages": lambda scene, _: browse.languages(scene),
    "language": browse.choose_language,
    "plan": browse.plan_card,
    "buy": checkout.buy,
    "also": checkout.buy_also,
    "swap": checkout.swap,
    "mail": checkout.use_remembered,
    "nomail": checkout.without_email,
    "way": paying.choose,
    "ways": paying.other_way,
    "pay": paying.change,
    "paid": checkout.claims_to_have_paid,
    "cancel": checkout.ask_to_cancel,
    "cancelled": checkout.cancel,
    "credit": lambda scene, _: credit.my_credit(scene),
    "credit-keep": credit.keep,
    "credit-back": credit.back,
    "orders": history.turn_orders,
    "order": history.show_order,
    "again": history.buy_again,
    "claim": claim.pick,
    "claim-whole": claim.whole,
    "claim-day": claim.day,
    "claim-no-tail": claim.no_tail,
    "claim-look": pressed_by_admins(claim_page.look),
    "claim-yes": pressed_by_admins(claim_page.accept),
    "claim-no": pressed_by_admins(claim_page.ask_reason),
    "claim-none": pressed_by_admins(claim_page.nothing_found),
    "stats": pressed_by_admins(figures.switch_span),
    "reviews": pressed_by_admins(review_list.turn),
    "review": pressed_by_admins(review_list.open_one),
    "review-assign": pressed_by_admins(review_decide.assign_pressed),
    "review-code": pressed_by_admins(review_decide.ask_code),
    "review-credit": pressed_by_admins(review_decide.credit_pressed),
    "review-refund": pressed_by_admins(review_decide.refund_pressed),
    "review-foreign": pressed_by_admins(review_decide.foreign_pressed),
    "review-foreign-yes": pressed_by_admins(review_decide.foreign_confirmed),
    "review-discard": pressed_by_admins(review_decide.ask_reason),
    "review-small": pressed_by_admins(review_small.ask_reason),
    "review-small-yes": pressed_by_admins(review_small.confirm),
    "audit": pressed_by_admins(audit_page.turn),
    "refund-yes": pressed_by_admins(refunds.confirm),
    "refund-no": pressed_by_admins(refunds.drop),
    "refund-open": pressed_by_admins(refund_account.reopen),
    "refund-checked": pressed_by_admins(refund_account.checked),
    "refund-type": pressed_by_admins(refund_account.ask_account),
    "refund-sent": pressed_by_admins(refund_account.sent),
    "refund-by": pressed_by_admins(refund_ways.by_gateway),
    "refund-mine": refund.mine,
    "refund-other": refund.other,
    "refund-banks": refund.more_banks,
    "refund-bank": refund.bank,
}

TYPED: dict[str, Step] = {
    "email": checkout.typed_email,
    claim.AMOUNT: claim.amount_typed,
    claim.WHEN: claim.when_typed,
    claim.TAIL: claim.tail_typed,
    claim_page.REASON: for_admins(claim_page.reason_typed),
    review_decide.ASSIGN: for_admins(review_decide.code_typed),
    review_decide.CREDIT: for_admins(review_decide.credit_typed),
    review_decide.REASON: for_admins(review_decide.reason_typed),
    review_small.REASON: for_admins(review_small.reason_typed),
    review_small.SURE: for_admins(review_small.reason_typed),
    refund.BANK: refund.typed,
    refund.NUMBER: refund.number_typed,
    refund.HOLDER: refund.holder_typed,
    "refund-payee": refund_account.typed,
}

MOUTHS = {"peer:blocked": False, "peer:unblocked": True}
"""What a channel says of itself, not the person: whether our messages still arrive there."""


def answer(unit: Unit, premises: Premises, texts: Texts, incoming: Incoming) -> None:
    """Answer one thing a person did: talk, orders and replies are one Unit.

    Steps and flows raise Tell before they write anything, for what is written stays.
    """
    if incoming.token in MOUTHS and incoming.press is None:
        hear_of_mouth(unit, premises, incoming, reachable=MOUTHS[incoming.token])
        return
    if incoming.paid is not None:
        hear_payment(unit, premises, incoming.paid)
        return
    scene = enter(unit, premises, texts, incoming)
    try:
        _step(scene)
    except Tell as told:
        more = () if runs_shop(scene) else contact_lines(premises)
        scene.turn_page(Say(told.message, told.values), *more, choices=browse.way_out())  # type: ignore[arg-type]
    leave(scene)


def _step(scene: Scene) -> None:
    incoming = scene.incoming
    if incoming.token:
        name, _, rest = incoming.token.partition(":")
        PRESSES.get(name, browse.dead_button)(scene, rest)
    elif incoming.text.startswith("/"):
        command = incoming.text[1:].split(maxsplit=1)
        COMMANDS.get(command[0].lower() if command else "", browse.nonsense)(scene)
    else:
        TYPED.get(scene.talk.step, browse.nonsense)(scene)
