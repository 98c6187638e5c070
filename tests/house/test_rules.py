"""Rules of the house that import contracts cannot say."""

import ast
import re
from pathlib import Path

import pytest

from gateways.registry import GATEWAYS
from tests.house.source import ROOT, files, imports, module_name, tree

LEVELS = ("debug", "info", "warning", "error", "exception", "critical")


def test_no_circle_inside_any_folder() -> None:
    graph = {module_name(path): _ours(path) for path in files()}
    assert _circle(graph) == []


@pytest.mark.parametrize("room", ["app", "webhooks", "flows"])
def test_nobody_who_takes_money_can_forge_a_notice(room: str) -> None:
    forging = [str(path) for path in files(room) for node in ast.walk(tree(path)) if _names_forge(node)]
    assert forging == []


def test_gateways_do_not_know_each_other() -> None:
    """A gateway is every module that bears a registered name, alone or in front; the others know none of them."""
    names = {each.name for each in GATEWAYS}
    for path in files("gateways"):
        others = {f"gateways.{other}" for other in names - {path.stem.partition("_")[0]}}
        known = {".".join(name.split(".")[:2]).partition("_")[0] for name in imports(path)}
        assert path.stem == "registry" or not known & others, path


def test_channels_do_not_know_each_other() -> None:
    for path in files("bot"):
        if "channels" in path.parts and "telegram" not in path.parts:
            assert not [name for name in imports(path) if "channels.telegram" in name], path
        if "telegram" in path.parts:
            assert not [name for name in imports(path) if "channels.email" in name], path


def test_only_settings_reads_the_environment() -> None:
    readers = [
        module_name(path)
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert set(readers) == {"app.settings"}


def test_no_sentence_for_a_person_outside_locales() -> None:
    """Vietnamese outside locales/ would be one; English ones are ids, logs and docstrings."""
    vietnamese = re.compile(r"[ạảãâầấậẩẫăằắặẳẵẹẻẽêềếệểễịỉĩọỏõôồốộổỗơờớợởỡụủũưừứựửữỳỵỷỹđ]", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for path in files()
        if path.parts[-2] != "locales"
        for node in _texts(path)
        if vietnamese.search(str(node.value))
    ]
    allowed = {"sandbox/street.py", "sandbox/telegram/exchange.py"}  # names of the toy people and of the bot
    assert [each for each in found if each.partition(":")[0] not in allowed] == []


def test_every_event_has_a_dotted_name() -> None:
    """Of the log on the screen and of the one in the database: `thing.what_happened`, so that both can be searched."""
    dotted = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+")
    named = [(path, each) for path in files() for node in ast.walk(tree(path)) for each in _event_names(node)]
    assert len(named) > 50
    assert [f"{path.relative_to(ROOT)} {name!r}" for path, name in named if not dotted.fullmatch(name)] == []


def _event_names(node: ast.AST) -> list[str]:
    """What a call of a logger, or the making of an Event, names it."""
    if not isinstance(node, ast.Call) or not node.args:
        return []
    call = node.func
    logs = isinstance(call, ast.Attribute) and call.attr in LEVELS and isinstance(call.value, ast.Name)
    makes = isinstance(call, ast.Name) and call.id == "Event"
    return _spelt(node.args[0]) if logs or makes else []


def _spelt(name: ast.expr) -> list[str]:
    """What an expression may spell; what is filled in when it runs counts as a word."""
    match name:
        case ast.Constant(value=str(word)):
            return [word]
        case ast.JoinedStr(values=parts):
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else "word" for part in parts)]
        case ast.IfExp(body=one, orelse=other):
            return _spelt(one) + _spelt(other)
    return []


def _texts(path: Path) -> list[ast.Constant]:
    """String constants of a file that are not docstrings (of a module, a class, a function or a name)."""
    docs = {node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    ]


def _names_forge(node: ast.AST) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "forge") or (
        isinstance(node, ast.Name) and node.id == "forge"
    )


def _ours(path: Path) -> set[str]:
    """Modules of the same room that a file imports when it is imported itself."""
    room = module_name(path).partition(".")[0]
    known = {module_name(each) for each in files(room)}
    return {name for name in imports(path) if name in known and name != module_name(path)}


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """Any circle of imports, or nothing."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(graph.get(name, ())):
            if found := walk(other, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := walk(name, []))), [])
