"""Rules of the house that import contracts cannot say."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, files, imports, module_name, tree


def test_no_circle_inside_any_folder() -> None:
    graph = {module_name(path): _ours(path) for path in files()}
    assert _circle(graph) == []


@pytest.mark.parametrize("room", ["app", "webhooks", "flows"])
def test_nobody_who_takes_money_can_forge_a_notice(room: str) -> None:
    forging = [str(path) for path in files(room) for node in ast.walk(tree(path)) if _names_forge(node)]
    assert forging == []


def test_gateways_do_not_know_each_other() -> None:
    """A gateway is every module the registry names, with the helpers that begin with its name."""
    names = [path.stem for path in files("gateways") if path.stem not in ("__init__", "gateway", "registry")]
    roots = {name.partition("_")[0] for name in names}
    for path in files("gateways"):
        if path.stem in ("gateway", "registry"):
            continue
        mine = path.stem.partition("_")[0]
        others = {f"gateways.{other}" for other in roots - {mine}}
        assert not [name for name in imports(path) if name.startswith(tuple(others) or ("-",))], path


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
