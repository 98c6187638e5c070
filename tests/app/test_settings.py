"""The environment is read once, strictly, and never echoed."""

from pathlib import Path

import pytest

from app.settings import Settings, read_settings, terminal_language
from app.words import complaint
from flows.premises import Admin
from sales.errors import Misconfigured

SECRETS = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAEhBOweik6ad6PsVTRxTTDPEDxIaaaaaaa",
    "CASSO_CHECKSUM_KEY": "dummy-casso-key",
    "VAULT_KEY": "dummy-vault-key",
    "SMTP_URL": "smtp://shop:dummy-password@mail.example",
}


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "lc_all"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


def test_nothing_configured_is_the_sandbox_on_this_machine() -> None:
    settings = read_settings()
    assert settings.sandbox
    assert (settings.host, settings.port, settings.shop_file) == ("127.0.0.1", 8080, Path("shop.toml"))
    assert settings.telegram_api_url == "https://api.telegram.org"


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "CASSO_CHECKSUM_KEY"])
def test_a_token_or_a_gateway_key_ends_the_sandbox(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRETS[name])
    assert not read_settings().sandbox


@pytest.mark.parametrize("blank", ["", " ", "\t \n"])
def test_a_blank_variable_is_unset(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    """A gateway with a blank key would open a real shop with a closed door."""
    for name in ("CASSO_CHECKSUM_KEY", "TELEGRAM_BOT_TOKEN", "PAYOS_API_KEY", "PORT", "HOST"):
        monkeypatch.setenv(name, blank)
    settings = read_settings()
    assert settings.sandbox
    assert (settings.host, settings.port, settings.gateway_secrets) == ("127.0.0.1", 8080, {})


@pytest.mark.parametrize(
    ("url", "sandbox", "real"),
    [
        (None, "sqlite:///data/sandbox.db", "sqlite:///data/shop.db"),
        ("sqlite:////srv/a/shop.db", "sqlite:////srv/a/shop.sandbox.db", "sqlite:////srv/a/shop.db"),
        ("postgresql://u:p@h/d", "sqlite:///data/sandbox.db", "postgresql://u:p@h/d"),
    ],
)
def test_sandbox_sales_never_reach_the_real_database(
    monkeypatch: pytest.MonkeyPatch, url: str | None, sandbox: str, real: str
) -> None:
    if url is not None:
        monkeypatch.setenv("DATABASE_URL", url)
    assert read_settings().database == sandbox
    monkeypatch.setenv("CASSO_CHECKSUM_KEY", "dummy")
    assert read_settings().database == real


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    shown = repr(read_settings()) + str(read_settings().model_dump())
    assert [value for value in SECRETS.values() if value in shown] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("HOST", "\udcff\udcfe"),
        ("HOST", "h" * 64),
        ("SMTP_URL", "smtp://\udcff"),
        ("TELEGRAM_MODE", "pull"),
        ("TELEGRAM_WEBHOOK_SECRET", "dấu"),
        ("SANDBOX_GATEWAY", "vnpay"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("BANK_BIN", "999999"),
        ("BANK_ACCOUNT", "12 34"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as told:
        read_settings()
    first, form = complaint(told.value)
    assert first == f"These environment variables are wrong: {name}"
    assert name in form
    assert not [word for word in (value, "Input", "should", "String") if word in form]


@pytest.mark.parametrize(("lang", "word"), [("en_US.UTF-8", "whole number"), ("vi_VN.UTF-8", "số nguyên")])
def test_each_wrong_variable_is_told_in_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, lang: str, word: str
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    for name, value in {"LANG": lang, "PORT": "eighty", "BANK_BIN": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as told:
        read_settings()
    lines = complaint(told.value)
    assert len(lines) == 3
    assert word in "".join(lines)


def test_admins_are_chats_of_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_CHAT_IDS", "telegram:123, telegram:-45")
    assert read_settings().admins == (Admin("telegram", "123"), Admin("telegram", "-45"))


@pytest.mark.parametrize("value", ["123", "telegram:", ":5"])
def test_admins_without_a_channel_or_a_chat_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ADMIN_CHAT_IDS", value)
    with pytest.raises(Misconfigured, match="admins-malformed"):
        _ = read_settings().admins


@pytest.mark.parametrize("value", ["telegram:abc", "telegram:123, telegram:@shop", "telegram:1.5", "telegram:--1"])
def test_an_admin_of_telegram_is_a_whole_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ADMIN_CHAT_IDS", value)
    with pytest.raises(Misconfigured) as told:
        _ = read_settings().admins
    [line] = complaint(told.value)
    assert (f'"{value.rpartition(":")[2]}" is no Telegram id' in line, "app admin invite" in line) == (True, True)


@pytest.mark.parametrize("name", ["PUBLIC_URL", "BANK_HOLDER", "ADMIN_CHAT_IDS", "SMTP_URL"])
def test_what_only_a_real_shop_needs_is_idle_in_the_sandbox(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert read_settings().idle is None
    monkeypatch.setenv(name, "https://shop.example.com")
    assert read_settings().idle == name
    monkeypatch.setenv("CASSO_CHECKSUM_KEY", "dummy")
    assert read_settings().idle is None


def test_a_bank_account_needs_all_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANK_BIN", "970422")
    monkeypatch.setenv("BANK_ACCOUNT", "0123456789")
    assert read_settings().bank is None
    monkeypatch.setenv("BANK_HOLDER", "NGUYEN VAN A")
    assert read_settings().bank == ("970422", "0123456789", "NGUYEN VAN A")


@pytest.mark.parametrize(("lang", "expected"), [("vi_VN.UTF-8", "vi"), ("en_US.UTF-8", "en"), ("", "en")])
def test_the_terminal_speaks_its_language(monkeypatch: pytest.MonkeyPatch, lang: str, expected: str) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", lang)
    assert terminal_language() == expected
