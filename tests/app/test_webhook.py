"""Where Telegram is told to bring updates to, and what must be set for it."""

from pathlib import Path

import pytest

from app.settings import Settings, read_settings
from app.setup import real_setup
from app.webhook import Webhook, real_webhook, street_webhook
from sales.errors import Misconfigured

TOKEN = "123456789:AAEhBOweik6ad6PsVTRxTTDPEDxIaaaaaaa"
GOOD = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_MODE": "webhook",
    "TELEGRAM_WEBHOOK_SECRET": "a_Secret-1",
    "PUBLIC_URL": "https://shop.example/",
}


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name, value in (GOOD | changes).items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_a_seller_who_sets_all_gets_a_door_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = real_setup(settings(monkeypatch))
    assert setup.webhook == Webhook("https://shop.example/telegram/main", "a_Secret-1")
    assert "a_Secret-1" not in repr(setup)


@pytest.mark.parametrize("changes", [{"TELEGRAM_MODE": "polling"}, {"TELEGRAM_MODE": ""}, {"TELEGRAM_BOT_TOKEN": ""}])
def test_nobody_else_gets_one(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]) -> None:
    assert real_webhook(settings(monkeypatch, CASSO_CHECKSUM_KEY="x", **changes)) is None


def test_without_a_secret_the_shop_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Misconfigured, match="telegram-webhook-no-secret"):
        real_setup(settings(monkeypatch, TELEGRAM_WEBHOOK_SECRET=""))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://shop.example",
        "http://127.0.0.1:8080",
        "https:///",
        "https://shop.example:8080",
        "https://shop.example:x",
        "https://shop.example:99999",
    ],
)
def test_without_an_address_telegram_can_reach_the_shop_does_not_open(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with pytest.raises(Misconfigured, match="telegram-webhook-no-address") as refusal:
        real_setup(settings(monkeypatch, PUBLIC_URL=url))
    assert refusal.value.values == {"url": url.rstrip("/") or "-"}


@pytest.mark.parametrize("url", ["https://shop.example:443", "https://shop.example:8443", "https://shop.example/a"])
def test_telegrams_ports_and_paths_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    webhook = real_webhook(settings(monkeypatch, PUBLIC_URL=url))
    assert webhook is not None
    assert webhook.url == f"{url}/telegram/main"


@pytest.mark.parametrize("secret", ["a b", "khoá", "x" * 257, "a\n", "a:b", "a.b"])
def test_a_secret_telegram_would_refuse_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    with pytest.raises(Misconfigured) as told:
        settings(monkeypatch, TELEGRAM_WEBHOOK_SECRET=secret)
    assert "TELEGRAM_WEBHOOK_SECRET" in told.value.values["wrong"]
    assert secret not in told.value.values["wrong"]


def test_the_longest_secret_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert real_webhook(settings(monkeypatch, TELEGRAM_WEBHOOK_SECRET="aZ0_-" * 51 + "x"))


def test_the_toy_street_has_one_on_this_machine_with_a_secret_made_anew() -> None:
    wanted = Settings(telegram_mode="webhook")
    one, other = (street_webhook(wanted, "http://127.0.0.1:8080") for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.url == "http://127.0.0.1:8080/telegram/main"
    assert len(one.secret) > 30
    assert one.secret != other.secret
    assert street_webhook(Settings(), "http://127.0.0.1:8080") is None
