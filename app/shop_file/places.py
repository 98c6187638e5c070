"""Where things stand in a shop file: the line of each table and key, which the TOML reader does not tell."""

import re

Place = tuple[str | int, ...]
"""A path such as ("product", 0, "plan", 1, "price"); numbers count from 0."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


def line_of(text: str, place: Place) -> int:
    """Line of a place, counted from 1; of the table it should stand in when it is missing itself."""
    lines = _lines(text)
    found = (lines[place[:depth]] for depth in range(len(place), 0, -1) if place[:depth] in lines)
    return next(found, 1)


def _lines(text: str) -> dict[Place, int]:
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _table(counts, header[2].replace(" ", "").split("."), many=header[1] == "[[")
            lines[table] = number
        elif key := _KEY.match(line):
            lines.setdefault((*table, *key[1].replace(" ", "").split(".")), number)
    return lines


def _table(counts: dict[Place, int], names: list[str], *, many: bool) -> Place:
    """Path of a header: each list on the way stands at its latest entry, `[[…]]` begins a new one."""
    path: Place = ()
    for place, name in enumerate(names, 1):
        path = (*path, name)
        if many and place == len(names):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
