"""Admins at the command line, while the shop is open."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.admin import bot_username
from app.run import Open, Role, open_house
from app.settings import Settings
from flows.invite_admins import take_invitation
from sales.people import Peer
from storage import buyers
from storage.schema.admins import admins, invites
from tests.app.command import Result, command
from tests.bot.channels.telegram.bot_api import SECRET, TOKEN, Answer, BotApi, refusal

NOBODY = "http://127.0.0.1:1"
ME = {"id": 7000000001, "is_bot": True, "first_name": "Shop", "username": "tiem_mau_bot"}
BOT = Answer(200, json.dumps({"ok": True, "result": ME}))


class Desk:
    """The command line of a shop that runs meanwhile."""

    def __init__(self, house: Open, environment: dict[str, str]) -> None:
        self.house = house.house
        self.environment = environment

    async def say(self, *words: str, **changes: str) -> Result:
        return await asyncio.to_thread(command, *words, **(self.environment | changes))

    async def bring(self, token: str, chat: str = "42", name: str = "An") -> bool:
        """Somebody writes the text of an invitation to the bot."""
        shop, store = self.house.premises.shop.id, self.house.store
        peer: Peer = await store.write(lambda unit: buyers.meet(unit, shop, "telegram", chat, name, "vi"))
        return await store.write(lambda unit: take_invitation(unit, self.house.premises, peer, token))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}", "CASSO_CHECKSUM_KEY": "dummy-key", "PORT": "0"}
    settings = Settings(**{name.lower(): value for name, value in environment.items()})  # type: ignore[arg-type]
    async with open_house(settings, Role.ALL) as house:
        yield Desk(house, environment)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    api = BotApi()
    await api.open()
    yield api
    await api.close()


def settings(url: str) -> Settings:
    return Settings(telegram_bot_token=TOKEN, telegram_api_url=url)  # type: ignore[arg-type]


async def test_an_invitation_from_the_command_line_is_taken_in_the_chat(desk: Desk) -> None:
    told = await desk.say("admin", "invite")
    token = re.search(r"/start admin_([A-Za-z0-9_-]{22,})$", told.out, re.MULTILINE)
    assert told.code == 0
    assert token is not None
    assert "once, before" in told.out
    assert await desk.bring(token[1])
    assert not await desk.bring(token[1], "43")
    assert "telegram:42 An" in (await desk.say("admin", "list")).out


async def test_the_link_names_the_bot_that_telegram_names(desk: Desk, api: BotApi) -> None:
    api.script("getMe", BOT)
    told = await desk.say("admin", "invite", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=api.url)
    assert re.search(r"https://t\.me/tiem_mau_bot\?start=admin_[A-Za-z0-9_-]{22,58}$", told.out, re.MULTILINE)
    assert SECRET not in told.out + told.err


async def test_without_telegram_the_text_to_send_is_said(desk: Desk) -> None:
    told = await desk.say("admin", "invite", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=NOBODY)
    assert (told.code, "/start admin_" in told.out, SECRET in told.out + told.err) == (0, True, False)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "no JSON"),
        Answer(200, "[]"),
        Answer(200, '{"ok": true, "result": {"username": 7}}'),
        Answer(200, '{"ok": true, "result": {"username": "evil/../bot"}}'),
        Answer(502, "<html>"),
    ],
)
async def test_an_odd_answer_names_no_bot(api: BotApi, answer: Answer) -> None:
    api.script("getMe", answer)
    assert await bot_username(settings(api.url)) is None


async def test_a_token_that_telegram_refuses_is_told_and_nobody_is_invited(desk: Desk, api: BotApi) -> None:
    api.script("getMe", refusal(401, "Unauthorized"))
    told = await desk.say("admin", "invite", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=api.url)
    assert (told.code, told.out, "Telegram refuses TELEGRAM_BOT_TOKEN" in told.err) == (2, "", True)
    assert await desk.house.store.read(lambda unit: unit.conn.execute(invites.select()).all()) == []


async def test_a_name_is_taken_as_telegram_gives_it(api: BotApi) -> None:
    api.script("getMe", BOT)
    assert await bot_username(settings(api.url)) == "tiem_mau_bot"
    assert await bot_username(Settings()) is None
    assert await bot_username(settings(NOBODY)) is None


async def test_an_admin_is_listed_and_removed(desk: Desk) -> None:
    nobody = await desk.say("admin", "list")
    assert "app admin invite" in nobody.out
    token = (await desk.say("admin", "invite")).out.partition("admin_")[2].split()[0]
    assert await desk.bring(token)
    gone = [await desk.say("admin", "remove", "telegram:42") for _ in range(2)]
    assert [each.code for each in gone] == [0, 1]
    assert "There is no admin telegram:42" in gone[1].err
    store = desk.house.store
    assert await store.read(lambda unit: unit.conn.execute(admins.select()).all()) == []


async def test_a_name_that_an_earlier_version_has_kept_does_not_speak_to_the_terminal(desk: Desk) -> None:
    token = (await desk.say("admin", "invite")).out.partition("admin_")[2].split()[0]
    assert await desk.bring(token, name="An\x1b]0;x\x07\x1b[2J\x9b31m\u202e\nB")
    assert (await desk.say("admin", "list")).out == "telegram:42 An]0;x[2J31m B\n"


async def test_who_is_in_the_settings_is_removed_there(desk: Desk) -> None:
    known = {"ADMIN_CHAT_IDS": "telegram:999"}
    assert (await desk.say("admin", "list", **known)).out.strip() == "telegram:999 (ADMIN_CHAT_IDS)"
    told = await desk.say("admin", "remove", "telegram:999", **known)
    assert (told.code, "named in ADMIN_CHAT_IDS" in told.err) == (1, True)


async def test_many_invitations_leave_few_open(desk: Desk) -> None:
    for _ in range(5):
        await desk.say("admin", "invite")
    rows = await desk.house.store.read(lambda unit: unit.conn.execute(invites.select()).all())
    assert len(rows) == 3


def test_before_the_first_start_there_is_nothing_to_invite_to(tmp_path: Path) -> None:
    told = command("admin", "invite", cwd=tmp_path, CASSO_CHECKSUM_KEY="dummy")
    assert (told.code, "python -m app migrate" in told.err) == (2, True)
