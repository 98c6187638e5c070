"""Logs name what they are about and hide what is nobody's business."""

import json
import logging

import pytest
import structlog

from app.logs import configure_logs, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail to nguyen.van.a@example.com failed", "mail to n***@example.com failed"),
        ("key K7PM-2QXT-9HRL-F4CN given", "key <key> given"),
        ("https://api/bot123456789:AAEhBOweik6ad6PsVTRxTTDPEDxI/getMe", "https://api/bot<token>/getMe"),
        ("order KX2345678 paid", "order KX2345678 paid"),
    ],
)
def test_secrets_and_addresses_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.fixture
def _restore() -> object:
    yield
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


@pytest.mark.usefixtures("_restore")
def test_a_line_is_json_with_the_order_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    structlog.get_logger("test").info("job.done", order="KX2345678", to="a.b@example.com")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["order"], line["to"], line["level"]) == (
        "job.done",
        "KX2345678",
        "a***@example.com",
        "info",
    )


@pytest.mark.usefixtures("_restore")
def test_an_exception_is_masked_like_any_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    try:
        raise RuntimeError("no letter to someone@example.com")
    except RuntimeError as error:
        structlog.get_logger("test").error("job.failed", exc_info=error)
    assert "someone@" not in capsys.readouterr().err


@pytest.mark.usefixtures("_restore")
def test_quiet_levels_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning")
    structlog.get_logger("test").info("job.done")
    assert capsys.readouterr().err == ""
