"""Which menu of commands a person sees."""

import json

import pytest

from sandbox.telegram.commands import Menus
from sandbox.telegram.errors import ApiError
from sandbox.telegram.params import Params


def put(menus: Menus, name: str, scope: dict[str, object] | None = None, language: str = "") -> None:
    values = {"commands": json.dumps([{"command": name, "description": "x"}]), "language_code": language}
    menus.put(Params(values | ({"scope": json.dumps(scope)} if scope else {})))


def seen(menus: Menus, chat: int, language: str) -> list[str]:
    return [command.command for command in menus.seen_by(chat, language)]


def test_the_narrowest_scope_wins_then_the_language() -> None:
    menus = Menus()
    assert seen(menus, 7, "vi") == []
    put(menus, "everyone")
    assert seen(menus, 7, "vi") == ["everyone"]
    put(menus, "vietnamese", language="vi")
    assert (seen(menus, 7, "vi"), seen(menus, 7, "en")) == (["vietnamese"], ["everyone"])
    put(menus, "private", {"type": "all_private_chats"})
    assert seen(menus, 7, "vi") == ["private"]
    put(menus, "admin", {"type": "chat", "chat_id": 7})
    assert (seen(menus, 7, "vi"), seen(menus, 8, "vi")) == (["admin"], ["private"])


def test_a_slash_is_forgiven_and_an_empty_menu_falls_through() -> None:
    menus = Menus()
    put(menus, "/start")
    menus.put(Params({"commands": "[]", "scope": '{"type": "all_private_chats"}'}))
    assert seen(menus, 7, "vi") == ["start"]


@pytest.mark.parametrize("name", ["", "Start", "a b", "x" * 33, "đơn"])
def test_names_the_platform_refuses(name: str) -> None:
    with pytest.raises(ApiError, match="BOT_COMMAND_INVALID"):
        put(Menus(), name)


def test_descriptions_have_1_to_256_characters() -> None:
    for description in ("", "x" * 257, 5):
        with pytest.raises(ApiError, match="BOT_COMMAND_DESCRIPTION_INVALID"):
            Menus().put(Params({"commands": json.dumps([{"command": "a", "description": description}])}))
