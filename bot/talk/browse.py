"""Looking around: the shelf, one plan, help, the language, and what was not understood."""

from bot.desk import speak
from bot.scene import Scene, button
from flows.messages import Choice, Rows, Say, Value
from flows.name_contact import contact_lines
from flows.payable import payable
from locales import plain
from sales.catalogue import Offer
from sales.ids import PlanId
from sales.money import Money
from storage import catalogue


def start(scene: Scene) -> None:
    """Welcome, and the shelf as buttons."""
    shop = scene.premises.shop
    offers = catalogue.offers(scene.unit, shop.id, scene.peer.channel)
    costs = payable(scene.unit, scene.premises, scene.peer.channel, offers)
    shelf = tuple((_on_shelf(offer, costs[offer.plan][0]),) for offer in offers)
    says = [Say("welcome", {"shop": shop.name}), Say("choose-plan" if offers else "shelf-empty")]
    scene.turn_page(*says, choices=(*shelf, *_menu()))


def plan_card(scene: Scene, plan: str) -> None:
    """One plan with all the prices it can be paid at here, and the button that buys it."""
    offer = wanted(scene, plan)
    if offer is None:
        dead_button(scene, plan)
        return
    first, *others = payable(scene.unit, scene.premises, scene.peer.channel, [offer])[offer.plan]
    says = [Say("plan-card", _facts(offer, first)), *(Say("plan-or", {"price": price}) for price in others)]
    if offer.description:
        says.append(Say("plan-description", {"text": offer.description}))
    scene.turn_page(*says, choices=((button("buy", f"buy:{offer.plan}"),), (button("back", "start"),)))


def wanted(scene: Scene, plan: str) -> Offer | None:
    """The plan a token names, when it is for sale at this mouth."""
    if not (plan.isascii() and plan.isdigit() and len(plan) < 19):
        return None
    return catalogue.offer(scene.unit, scene.premises.shop.id, PlanId(int(plan)), scene.peer.channel)


def help_page(scene: Scene, *more: Say) -> None:
    """What the bot can do."""
    says = [Say("help-page", {"shop": scene.premises.shop.name}), *contact_lines(scene.premises), *more]
    scene.turn_page(*says, choices=_menu_without_help())


def languages(scene: Scene) -> None:
    """Choose the language."""
    rows = tuple((_in_its_own_words(scene, code),) for code in scene.texts.languages())
    scene.turn_page(Say("choose-language"), choices=(*rows, (button("back", "start"),)))


def choose_language(scene: Scene, code: str) -> None:
    """Remember the language; the next words are already in it."""
    if code not in scene.texts.languages():
        dead_button(scene, code)
        return
    speak(scene, code)
    start(scene)


def nonsense(scene: Scene) -> None:
    """Words nobody expects; what was being asked stays asked."""
    scene.expect(scene.talk.step, **(scene.talk.data or {}))
    scene.say(Say("not-understood"), choices=way_out())


def dead_button(scene: Scene, _: str) -> None:
    """A button whose time is over, or that was never ours."""
    scene.toast = Say("toast-dead-button")
    scene.say(Say("dead-button"), choices=way_out())


def way_out() -> Rows:
    """Buttons that always lead somewhere."""
    return ((button("plans", "start"), button("my-orders", "orders")), (button("help", "help"),))


def _in_its_own_words(scene: Scene, code: str) -> Choice:
    name = Say("language-choice", {"name": plain(scene.texts.say(code, "language-name"))})
    return Choice(name, token=f"language:{code}")


def _on_shelf(offer: Offer, price: Money) -> Choice:
    return Choice(Say("plan-button", _facts(offer, price)), token=f"plan:{offer.plan}")


def _menu() -> Rows:
    return ((button("my-orders", "orders"), button("language", "languages"), button("help", "help")),)


def _menu_without_help() -> Rows:
    return (
        (button("plans", "start"), button("my-orders", "orders"), button("language", "languages")),
        (button("claim", "claim"),),
    )


def _facts(offer: Offer, price: Money) -> dict[str, Value]:
    """What the sentences about a plan are filled with; 0 days is a lifetime."""
    return {
        "product": offer.product_name,
        "plan": offer.plan_name,
        "days": offer.days or 0,
        "price": price,
    }
