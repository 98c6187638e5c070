"""What a bot that takes money must answer: help with payments, and the terms of sale."""

from dataclasses import replace

import pytest

from flows.offer_menu import COMMANDS
from tests.bot.talk.people import TEXTS, Person, lines, say, tokens


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_pay_support_names_the_way_to_a_person(person: Person, language: str) -> None:
    shop = person.shop
    shop.premises = replace(shop.premises, shop=replace(shop.premises.shop, contact="@hotro"))
    replies = await person.type("/paysupport")
    assert lines(replies) == ["pay-support", "contact-line"]
    assert "@hotro" in say(replies, language)
    assert "orders" in tokens(replies)


async def test_without_a_contact_both_pages_stand_alone(person: Person) -> None:
    assert lines(await person.type("/paysupport")) == ["pay-support"]
    assert lines(await person.type("/terms")) == ["usual-terms"]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_usual_terms_name_the_shop(person: Person, language: str) -> None:
    assert person.shop.premises.shop.name in say(await person.type("/terms"), language)


async def test_a_sellers_own_terms_are_shown_as_they_are(person: Person) -> None:
    shop = person.shop
    shop.premises = replace(shop.premises, shop=replace(shop.premises.shop, terms="Không <b>đổi</b> trả"))
    replies = await person.type("/terms")
    assert lines(replies) == ["own-terms"]
    assert "Không &lt;b&gt;đổi&lt;/b&gt; trả" in say(replies)


async def test_what_was_being_asked_is_forgotten_as_by_any_command(person: Person) -> None:
    offer = await person.shop.offer()
    await person.press(f"buy:{offer.plan}")
    await person.type("/terms")
    assert await person.step() == ""


def test_both_stand_in_everybodys_menu_in_both_languages() -> None:
    assert {"paysupport", "terms"} <= set(COMMANDS)
    for language in ("vi", "en"):
        assert len({TEXTS.say(language, f"command-{name}") for name in ("paysupport", "terms")}) == 2
