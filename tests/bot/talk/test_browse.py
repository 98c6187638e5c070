import pytest

from storage import buyers, catalogue
from tests.bot.talk.people import Person, lines, say, tokens


@pytest.mark.parametrize("words", ["/start", "/plans", "/START", "/start   anything else"])
async def test_a_start_shows_the_shelf_with_prices(person: Person, words: str) -> None:
    replies = await person.type(words)
    assert lines(replies) == ["welcome", "choose-plan"]
    offers = [await person.shop.offer(place) for place in range(3)]
    assert tokens(replies) == [*(f"plan:{offer.plan}" for offer in offers), "orders", "languages", "help"]
    assert "79.000" in say(replies)


async def test_an_empty_shelf_is_said_so(person: Person) -> None:
    shop = person.shop.premises.shop.id
    await person.shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop, []))
    assert lines(await person.type("/start")) == ["welcome", "shelf-empty"]


async def test_a_plans_button_turns_the_page_to_its_card(person: Person) -> None:
    offer = await person.shop.offer()
    toast, card = await person.press(f"plan:{offer.plan}")
    assert (toast.toast, toast.lines) == ("press", ())
    assert card.replace == "100"
    assert [line.id for line in card.lines] == ["plan-card", "plan-description"]
    assert tokens([card]) == [f"buy:{offer.plan}", "start"]
    assert card.lines[0].values["price"] == offer.price


async def test_a_lifetime_has_no_days(person: Person) -> None:
    offer = await person.shop.offer(1)
    assert "trọn đời" in say(await person.press(f"plan:{offer.plan}"))


@pytest.mark.parametrize("plan", ["999", "0", "-1", "", "1.0", "１", "9" * 18, "9" * 30, "1 OR 1=1", "\0", "x" * 60])
@pytest.mark.parametrize("verb", ["plan", "buy", "mail", "nomail"])
async def test_a_plan_that_is_not_for_sale_is_a_dead_button(person: Person, verb: str, plan: str) -> None:
    assert lines(await person.press(f"{verb}:{plan}")) == ["toast-dead-button", "dead-button"]


async def test_a_plan_taken_off_the_shelf_is_a_dead_button(person: Person) -> None:
    offer = await person.shop.offer()
    shop = person.shop.premises.shop.id
    await person.shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop, []))
    replies = await person.press(f"plan:{offer.plan}")
    assert lines(replies) == ["toast-dead-button", "dead-button"]
    assert "start" in tokens(replies)


@pytest.mark.parametrize("token", ["", "nonsense", "plan", "peer", "peer:anything", ":", "x:y:z", "t|start"])
async def test_a_button_that_was_never_ours_is_dead_and_leads_back(person: Person, token: str) -> None:
    replies = await person.do(token=token or "?", press="1", message="100")
    assert lines(replies) == ["toast-dead-button", "dead-button"]
    assert tokens(replies) == ["start", "orders", "help"]


@pytest.mark.parametrize("words", ["hello", "", " ", "🎁" * 2_000, "x" * 10_000, "/", "/ ", "/nothing", "//start", "'"])
async def test_nonsense_is_answered_with_a_way_out(person: Person, words: str) -> None:
    replies = await person.type(words)
    assert lines(replies) == ["not-understood"]
    assert tokens(replies) == ["start", "orders", "help"]


async def test_help_says_what_there_is(person: Person) -> None:
    assert lines(await person.type("/help")) == lines(await person.press("help")) == ["help-page"]


@pytest.mark.parametrize(("app", "spoken"), [("en-US", "en"), ("vi", "vi"), ("de", "vi"), ("", "vi")])
async def test_somebody_new_is_spoken_to_in_their_apps_language(person: Person, app: str, spoken: str) -> None:
    person.language = app
    await person.type("/start")
    assert await language(person) == spoken


async def test_a_chosen_language_is_remembered_and_shown_at_once(person: Person) -> None:
    assert tokens(await person.type("/language")) == ["language:vi", "language:en", "start"]
    assert lines(await person.press("language:en")) == ["welcome", "choose-plan"]
    assert await language(person) == "en"
    await person.type("/start")
    assert await language(person) == "en"


@pytest.mark.parametrize("code", ["de", "", "EN", "en-US", "../en"])
async def test_a_language_nobody_speaks_here_is_a_dead_button(person: Person, code: str) -> None:
    await person.type("/start")
    assert lines(await person.press(f"language:{code}")) == ["toast-dead-button", "dead-button"]
    assert await language(person) == "vi"


async def test_every_press_is_answered_first_or_the_button_would_keep_turning(person: Person) -> None:
    for token in ("start", "help", "languages", "orders", "nonsense", "paid:KX2222222"):
        assert (await person.press(token))[0].toast is not None


async def test_a_closed_chat_is_noted_without_an_answer_and_opens_with_the_next_word(person: Person) -> None:
    await person.type("/start")
    assert await person.do(token="peer:blocked") == []
    assert not await reachable(person)
    assert await person.do(token="peer:unblocked") == []
    assert await reachable(person)
    await person.do(token="peer:blocked")
    await person.type("/start")
    assert await reachable(person)


async def test_a_name_that_has_changed_is_noted_with_the_next_word(person: Person) -> None:
    await person.type("/start")
    assert ((await known(person)).name, (await known(person)).handle) == ("An", "")
    await person.do(text="/start", handle="nguoi_mua")
    assert (await known(person)).handle == "nguoi_mua"
    await person.type("/start")
    assert (await known(person)).handle == ""


async def test_a_stranger_who_opens_or_closes_a_chat_disturbs_nobody(person: Person) -> None:
    assert await person.do(token="peer:blocked") == []
    assert await person.do(token="peer:unblocked") == []


async def test_nobody_closes_a_chat_with_a_button_of_that_name(person: Person) -> None:
    assert lines(await person.press("peer:blocked")) == ["toast-dead-button", "dead-button"]
    assert await reachable(person)


async def test_the_same_update_twice_says_nothing_twice(person: Person) -> None:
    await person.do(text="/start", event="7")
    before = len(await person.shop.jobs())
    await person.do(text="/start", event="7")
    assert len(await person.shop.jobs()) == before


async def language(person: Person) -> str:
    return (await known(person)).language


async def reachable(person: Person) -> bool:
    return (await known(person)).reachable


async def known(person: Person) -> buyers.Peer:
    shop = person.shop.premises.shop.id
    peer = await person.shop.store.read(lambda unit: buyers.peer_at(unit, shop, "telegram", person.chat))
    assert peer is not None
    return peer
