"""The exchange itself: who the bot is, whom it reaches, how its pace is held."""

import pytest
from aiogram.utils.token import extract_bot_id, validate_token

from sandbox.clock import MovableClock
from sandbox.news import News
from sandbox.telegram.errors import ApiError
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.params import Params
from sandbox.telegram.phone import Phone
from tests.clock import FrozenClock


@pytest.fixture
def exchange(clock: FrozenClock) -> Exchange:
    return Exchange(MovableClock(clock), (Phone(7, "A", "a", 0), Phone(8, "B", "b", 0, blocked=True)), News())


def test_the_token_is_well_formed_names_the_bot_and_is_made_anew(exchange: Exchange, clock: FrozenClock) -> None:
    assert validate_token(exchange.token)
    assert extract_bot_id(exchange.token) == exchange.bot.id
    assert len(exchange.token.split(":")[1]) == 35
    assert Exchange(MovableClock(clock), (), News()).token != exchange.token


@pytest.mark.parametrize(("chat", "code"), [("", 400), ("9", 400), ("seven", 400), ("8", 403)])
def test_who_cannot_be_reached(exchange: Exchange, chat: str, code: int) -> None:
    with pytest.raises(ApiError) as caught:
        exchange.reach(Params({"chat_id": chat}))
    assert caught.value.code == code


def test_who_can_be_reached(exchange: Exchange) -> None:
    assert exchange.reach(Params({"chat_id": "7"})).name == "A"


def test_the_pace_is_held_up_once_and_the_page_hears_of_it(exchange: Exchange) -> None:
    exchange.check_pace()
    exchange.faults.limit_next = True
    with pytest.raises(ApiError, match="retry after 2"):
        exchange.check_pace()
    assert exchange.news.version == 1
    exchange.check_pace()
