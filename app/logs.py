"""Structured logs: one event a line, with the order or notice it is about; never a secret or a whole address."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from app.traces import traced

_ADDRESS = re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+\.[\w.-]+)")
_KEY = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}\b")
_TOKEN = re.compile(r"(?<!\d)\d{6,12}:[\w-]{20,}")


def configure_logs(level: str) -> None:
    """Log to standard error: readable on a terminal, JSON for machines."""
    terminal = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(traced),
        _mask,
    ]
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)


def masked(text: str) -> str:
    """Hide what must not stand in a log: e-mail addresses but for their first letter, licence keys, bot tokens."""
    return _TOKEN.sub("<token>", _KEY.sub("<key>", _ADDRESS.sub(r"\1***@\2", text)))


def _mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A last net under every line; code above it is careful all the same."""
    return {name: masked(value) if isinstance(value, str) else value for name, value in event.items()}
