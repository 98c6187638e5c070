"""As much of YAML as deploy/compose.yaml is written in: nested mappings, lists of scalars, anchors, merges."""

from typing import Any

Told = dict[str, Any]


def read(text: str) -> Told:
    """Read a document; whatever is written otherwise raises ValueError."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    anchors: dict[str, Told] = {}
    told, rest = _mapping(lines, 0, anchors)
    if rest:
        raise ValueError(rest[0])
    return told


def _mapping(lines: list[str], depth: int, anchors: dict[str, Told]) -> tuple[Told, list[str]]:
    told: Told = {}
    while lines and _depth(lines[0]) == depth:
        line, lines = lines[0].strip(), lines[1:]
        name, colon, value = line.partition(":")
        if not colon or (value and not value.startswith(" ")):
            raise ValueError(line)
        value = value.strip()
        if name == "<<":
            told |= anchors[value.removeprefix("*")]
        elif value and not value.startswith("&"):
            told[name] = value
        else:
            inner, lines = _inside(lines, depth, anchors)
            told[name] = inner
            if value:
                anchors[value[1:]] = inner
    return told, lines


def _inside(lines: list[str], depth: int, anchors: dict[str, Told]) -> tuple[Any, list[str]]:
    if not lines or _depth(lines[0]) <= depth:
        return None, lines
    inner = _depth(lines[0])
    if not lines[0].strip().startswith("- "):
        return _mapping(lines, inner, anchors)
    count = next((n for n, line in enumerate(lines) if not line.strip().startswith("- ")), len(lines))
    return [line.strip()[2:] for line in lines[:count]], lines[count:]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
