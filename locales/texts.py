"""Sentences by id: Fluent files read as they are, values written for the person who reads.

Sentences use the light markup <b>, <i>, <code> and nothing else; string values are escaped before they
go in, so that a name can never become markup. `plain` is the way back for mouths without markup.
"""

import html
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number
from fluent.syntax.ast import Junk

from locales.values import write_duration, write_money, write_time
from sales.money import Money

DEFAULT = "vi"
"""The language of the shop's home: complete, and the one every gap falls back to."""

_TAG = re.compile(r"</?(?:b|i|code)>")


class Unsayable(LookupError):
    """No sentence has this id, or a value it needs is missing: a bug, found by the tests."""


class Texts:
    """All languages found as `*.ftl` in a folder. A new language is one new file."""

    def __init__(self, folder: Path = Path(__file__).parent) -> None:
        paths = sorted(folder.glob("*.ftl"), key=lambda path: (path.stem != DEFAULT, path.stem))
        self._bundles = {path.stem: _read(path) for path in paths}

    def languages(self) -> tuple[str, ...]:
        """Codes of all languages, the default first."""
        return tuple(self._bundles)

    def match(self, language_code: str) -> str:
        """Find our language for what a platform or browser reports: `en-US` gives `en`, unknown gives `vi`."""
        language = language_code.replace("_", "-").partition("-")[0].lower()
        return language if language in self._bundles else DEFAULT

    def knows(self, message: str) -> bool:
        """Whether a sentence, or an attribute of one such as `copy-key.noun`, exists."""
        name, _, attribute = message.partition(".")
        bundle = self._bundles[DEFAULT]
        return bool(bundle.has_message(name)) and (not attribute or attribute in bundle.get_message(name).attributes)

    def say(
        self, language: str, message: str, values: Mapping[str, object] | None = None, zone: str = "Asia/Ho_Chi_Minh"
    ) -> str:
        """Say `message` in `language` as light markup; `values` are written for that language and `zone`.

        Takes str (escaped), int, Money, aware datetime, timedelta, and None (nothing). An unknown language, or an id
        which the language lacks, falls back to Vietnamese; an id unknown there too raises Unsayable.
        """
        name, _, attribute = message.partition(".")
        bundle = self._bundle_with(language, name)
        written = {key: _write(bundle, value, zone) for key, value in (values or {}).items()}
        return _format(bundle, name, attribute, written)

    def _bundle_with(self, language: str, name: str) -> FluentBundle:
        for bundle in (self._bundles.get(language), self._bundles[DEFAULT]):
            if bundle and bundle.has_message(name):
                return bundle
        raise Unsayable(name)


def plain(markup: str) -> str:
    """Strip the light markup and unescape: what a mouth without markup says."""
    return html.unescape(_TAG.sub("", markup))


def _read(path: Path) -> FluentBundle:
    """Load one language; isolation marks are off because they break codes that people copy."""
    resource = FluentResource(path.read_text(encoding="utf-8"))
    if junk := [entry for entry in resource.body if isinstance(entry, Junk)]:
        raise ValueError(f"{path.name}: not Fluent: {junk[0].content!r}")
    bundle = FluentBundle([path.stem], use_isolating=False)
    bundle.add_resource(resource)
    return bundle


def _write(bundle: FluentBundle, value: object, zone: str) -> Any:
    locale = Locale.parse(bundle.locales[0])
    match value:
        case None:
            return ""
        case str():
            return html.escape(value, quote=False)
        case int():
            # Still a number, so that plural forms can be chosen by it, but without separators.
            return fluent_number(value, useGrouping=False)
        case Money():
            return write_money(value, _money_pattern(bundle, value.currency), locale)
        case datetime():
            return write_time(value, _format(bundle, "time-format"), locale, zone)
        case timedelta():
            return write_duration(value, locale)
    raise TypeError(f"{type(value).__name__} cannot be said")


def _money_pattern(bundle: FluentBundle, currency: str) -> str:
    """The language's pattern for amounts, or its own for that currency where it has one."""
    own = currency in bundle.get_message("money-format").attributes
    return _format(bundle, "money-format", currency if own else "")


def _format(bundle: FluentBundle, name: str, attribute: str = "", values: dict[str, Any] | None = None) -> str:
    message = bundle.get_message(name)
    pattern = message.attributes.get(attribute) if attribute else message.value
    if pattern is None:
        raise Unsayable(f"{name}.{attribute}")
    text, errors = bundle.format_pattern(pattern, values)
    if errors:
        raise Unsayable(f"{name}: {errors[0]}")
    return str(text)
