"""Every language says the same things, and says them without a fault."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast, visitor

import locales
from locales import Texts
from sales.money import Money

FILES = sorted(Path(locales.__file__).parent.glob("*.ftl"))
SAMPLES = (1, 2, 365, Money(199000), datetime(2026, 11, 21, 7, 30, tzinfo=UTC), "<b>x", "{$y}", "Nguyễn Văn A")
TAG = re.compile(r"<(/?)([^>]*)>")


class Variables(visitor.Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the visitor's own naming
        self.names.add(node.id.name)


def variables(pattern: ast.Pattern) -> frozenset[str]:
    seen = Variables()
    seen.visit(pattern)
    return frozenset(seen.names)


def sentences(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Every id and id.attribute of a file with the variables it uses."""
    for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
        if isinstance(entry, ast.Message):
            assert entry.value is not None, entry.id.name
            yield entry.id.name, variables(entry.value)
            for attribute in entry.attributes:
                yield f"{entry.id.name}.{attribute.id.name}", variables(attribute.value)


def test_the_two_first_languages_are_there() -> None:
    assert {"vi", "en"} <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_clean_fluent_without_repeated_ids(path: Path) -> None:
    body = FluentParser().parse(path.read_text(encoding="utf-8")).body
    assert not [entry.content for entry in body if isinstance(entry, ast.Junk)]
    ids = [name for name, _ in sentences(path)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_the_same_ids_with_the_same_variables(path: Path) -> None:
    assert dict(sentences(path)) == dict(sentences(FILES[0]))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_sentence_can_be_said_with_any_value(path: Path) -> None:
    texts = Texts()
    for message, names in sentences(path):
        for sample in SAMPLES:
            said = texts.say(path.stem, message, dict.fromkeys(names, sample))
            assert said.strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_markup_is_light_closed_and_never_empty(path: Path) -> None:
    texts = Texts()
    for message, names in sentences(path):
        said = texts.say(path.stem, message, dict.fromkeys(names, 2))
        open_tags: list[str] = []
        for close, tag in TAG.findall(said):
            assert tag in {"b", "i", "code"}, message
            if close:
                assert open_tags.pop() == tag, message
            else:
                open_tags.append(tag)
        assert not open_tags, message
        assert not re.search(r"<(\w+)>\s*</\1>", said), message
        assert "<" not in TAG.sub("", said), message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_can_be_copied_has_a_name_for_letters(path: Path) -> None:
    texts = Texts()
    ids = {name for name, _ in sentences(path)}
    copies = {name for name in ids if name.startswith("copy-") and "." not in name}
    assert {"copy-account", "copy-amount", "copy-memo", "copy-key"} <= copies
    assert all(texts.knows(f"{name}.noun") for name in copies)
