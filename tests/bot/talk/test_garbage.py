"""Whatever a token or a text holds, on either database: nothing raises, and something is always answered."""

import asyncio
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.talk.answer import COMMANDS, PRESSES
from storage.store import open_store
from tests.bot.talk.people import Person, say
from tests.clock import FrozenClock
from tests.flows.many_prices import sell_in_all
from tests.flows.shop import open_shop

# Without shrinking: each round opens a database, and the talk that failed is short enough to read.
ROUNDS = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SLUGS = (f"shop-{number}" for number in count())

anything = st.text(st.characters(), max_size=80)
hard = st.sampled_from(["", "\0", "\ud800", "1", "KX2345678", "a@b.vn", "9" * 40, "{x}", "<b>", "%s", "🎁" * 40])
tokens = st.builds(lambda name, rest: f"{name}:{rest}", st.sampled_from([*PRESSES, "peer", ""]), hard | anything)
commands = st.builds(lambda name, rest: f"/{name} {rest}", st.sampled_from(list(COMMANDS)), hard | anything)
walk = st.sampled_from(
    [
        ("press", "buy:1"),
        ("press", "nomail:1"),
        ("type", "an@example.com"),
        ("press", "way:1:vnpay.VND.0"),
        ("press", "orders"),
    ]
)
acts = st.one_of(
    st.tuples(st.just("press"), tokens | anything.filter(bool)),
    st.tuples(st.just("type"), commands | anything | hard),
    walk,
)


@ROUNDS
@given(st.lists(acts, min_size=5, max_size=15))
def test_any_talk_is_answered_to_its_end(store_url: str, talk: list[tuple[str, str]]) -> None:
    async def play() -> None:
        store = await open_store(store_url, FrozenClock())
        try:
            shop = await open_shop(store, slug=next(SLUGS))
            sell_in_all(shop)
            await talk_through(Person(shop), talk)
        finally:
            await store.close()

    asyncio.run(play())


async def talk_through(person: Person, talk: list[tuple[str, str]]) -> None:
    for act, what in talk:
        before = len(await person.shop.jobs())
        replies = await (person.press(what) if act == "press" else person.type(what))
        assert len(await person.shop.jobs()) > before
        assert isinstance(say(replies) + say(replies, "en"), str)
