"""What a seller copies from deploy/ and docs/ names only what is there: settings, commands, paths, doors."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path

import click
import pytest
from dotenv import dotenv_values

from app.cli import main
from app.env_file import ENV_FILE
from app.settings import Settings
from app.shop_file import parse_shop_file
from app.vault_key import key_file
from gateways.sepay_proof import SECRET_KEYS
from sales.memo_rules import lack
from storage.vault import Vault
from tests.house.source import ROOMS, ROOT
from tests.webhooks.house import House
from webhooks.server import build_app

DEPLOY = ROOT / "deploy"
GUIDES = (ROOT / "docs" / "going-live.md", ROOT / "docs" / "bat-dau-ban-that.md")
WRITTEN = (*GUIDES, *sorted(path for path in DEPLOY.iterdir() if path.is_file()))

SETTINGS = {name.upper() for name in Settings.model_fields}
OTHERS = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
"""Variables of PostgreSQL's image and of Python."""

PASSED_ON = {"/webhooks/", "/telegram/", "/health/live", "/back", "/pay/", "/return/"}
KEPT_IN = {"/health/ready", "/metrics"}


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_variable_that_is_named_is_a_setting(path: Path) -> None:
    named = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b", path.read_text(encoding="utf-8")))
    assert named - SETTINGS - OTHERS == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_command_that_is_named_is_there(path: Path) -> None:
    named = list(_commands(path.read_text(encoding="utf-8")))
    assert named or path.name not in {"going-live.md", "bat-dau-ban-that.md", "chotdon.service"}
    for words in named:
        _understood(words)


def _commands(text: str) -> Iterator[list[str]]:
    """What follows `python -m app`, and the `shop` of the guides."""
    for line in re.findall(r"(?:python -m app|(?<=`)shop|^shop) ([a-z][^`#\n;]*)", text, re.MULTILINE):
        yield shlex.split(line)


def _understood(words: list[str]) -> None:
    """Click itself parses them, down to the command that would run."""
    command: click.Command = main
    while isinstance(command, click.Group):
        name, *words = words
        found = command.commands.get(name)
        assert found is not None, name
        command = found
    command.make_context(command.name or "", words)


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_files_that_the_guides_lead_to_are_there(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_both_guides_say_the_same_in_the_same_order() -> None:
    english, vietnamese = (path.read_text(encoding="utf-8") for path in GUIDES)
    for pattern in (r"^(#+) ", r"^(\d)\. ", r"`([A-Z_]{5,})[`=]", r"^(shop [a-z-]+|sudo \w+ [^#<\n]*)"):
        assert re.findall(pattern, english, re.MULTILINE) == re.findall(pattern, vietnamese, re.MULTILINE)


def test_both_guides_add_the_same_to_the_shop_file_and_it_is_right() -> None:
    sample = (ROOT / "shop.toml").read_text(encoding="utf-8")
    english, vietnamese = (parse_shop_file("\n".join([sample, *_shop_lines(path)])) for path in GUIDES)
    assert english == vietnamese
    assert len(english.accounts) == 3
    assert {len(plan.prices) for product in english.products for plan in product.plans} == {1, 2, 4}
    assert [each for each in english.accounts if lack(each)] == []


def _shop_lines(path: Path) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_key_of_the_guides_opens_a_vault() -> None:
    [line] = {each for path in GUIDES for each in re.findall(r"`(python3 -c [^`]*)`", path.read_text(encoding="utf-8"))}
    made = subprocess.run(shlex.split(line), capture_output=True, text=True, check=True)
    Vault.from_text(made.stdout)


def test_the_example_of_settings_is_one() -> None:
    """Every field waits for its value between quotes, and one with blanks is one to a shell and to python-dotenv."""
    lines = _lines("env.example")
    assert all(re.fullmatch(r'[A-Z_]+=""', line) for line in lines)
    assert {line.partition("=")[0] for line in lines} <= SETTINGS
    filled = "\n".join(line.replace('""', '"NGUYEN VAN A"') for line in lines)
    words = ["sh", "-c", f"set -a; {filled}\nexec env"]
    shell = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    read = dotenv_values(stream=StringIO(filled))
    assert set(read.values()) == {"NGUYEN VAN A"}
    assert {f"{name}={value}" for name, value in read.items()} <= set(shell.splitlines())


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_the_server_keeps_its_rows_where_systemd_lets_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    [words] = re.findall(r"^printf '%s\\n' (\S+=\S+(?: \S+=\S+)*) \| sudo tee -a /etc/chotdon/env$", text, re.MULTILINE)
    given = dict(each.split("=", 1) for each in words.split())
    settings = Settings(**{name.lower(): value for name, value in given.items()}, casso_checksum_key="dummy")  # type: ignore[arg-type]
    assert settings.database == "sqlite:////var/lib/chotdon/shop.db"
    assert settings.shop_file == Path("/etc/chotdon/shop.toml")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_the_vault_key_is_put_where_the_shop_looks_for_it(path: Path) -> None:
    [copied] = re.findall(r"^sudo install -o chotdon -m 600 \S+ (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    settings = Settings(database_url="sqlite:////var/lib/chotdon/new.db", casso_checksum_key="dummy")  # type: ignore[arg-type]
    assert key_file(settings) == Path(copied)


@pytest.mark.parametrize("path", [*GUIDES, ROOT / "README.md", ROOT / "README.vi.md"], ids=lambda path: path.name)
def test_a_seller_at_home_copies_the_example_to_the_file_that_is_read(path: Path) -> None:
    assert f"cp deploy/env.example {ENV_FILE}" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [".env", "chotdon-main-20261121-030405.zip"])
def test_secrets_and_backups_are_not_kept_by_git(path: str) -> None:
    assert any(fnmatch(path, line) for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_example_of_settings_leaves_out_only_what_a_seller_needs_not_know() -> None:
    text = (DEPLOY / "env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    assert SETTINGS - named == {
        "HOST", "PORT", "LOG_LEVEL", "SANDBOX_GATEWAY", "TELEGRAM_API_URL",
        "CASSO_API_URL", "PAYOS_API_URL", "SEPAY_API_URL", "BAKONG_API_URL",
    }  # fmt: skip


def test_systemd_may_write_where_the_database_lies() -> None:
    unit = dict(line.split("=", 1) for line in _lines("chotdon.service") if "=" in line)
    assert unit["ReadWritePaths"] == "/var/lib/chotdon"
    assert unit["EnvironmentFile"] == "/etc/chotdon/env"
    assert unit["RestartPreventExitStatus"] == "2"


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_pass_on_what_the_world_needs_and_nothing_else(name: str) -> None:
    text = "\n".join(_lines(name))
    if name == "nginx.conf":
        passed = set(re.findall(r"location =? ?(\S+) \{ proxy_pass", text))
        assert "location / { return 404; }" in text
        assert text.count("{") == text.count("}")
    else:
        [matched] = re.findall(r"@shop path (.*)", text)
        passed = {path.rstrip("*") for path in matched.split()}
        assert "respond 404" in text
    assert passed == PASSED_ON


def test_nginx_lets_the_headers_pass_that_proofs_come_in() -> None:
    """It drops names with an underscore, unless told otherwise before any server: their first one decides for all."""
    assert any("_" in name for name in SECRET_KEYS)
    lines = _lines("nginx.conf")
    assert lines.index("underscores_in_headers on;") < lines.index("server {")


def test_every_door_is_either_passed_on_or_kept_in() -> None:
    """A new door must be thought of here."""
    paths = {resource.canonical for resource in build_app(House().doors()).router.resources()}
    outside = {path for path in paths if path.startswith(tuple(PASSED_ON))}
    assert (paths - outside, len(outside)) == (KEPT_IN, 6)


def test_the_image_holds_every_room_and_no_data() -> None:
    copied = [line.split()[1:] for line in _lines("Dockerfile") if line.startswith("COPY ") and "--from" not in line]
    sources = {source for source, _ in copied}
    assert sources == {*ROOMS, "shop.toml", "requirements/run.txt"}
    assert all((ROOT / source).exists() for source in sources)
    allowed = {line[1:] for line in _lines("Dockerfile.dockerignore") if line.startswith("!")}
    assert allowed == {source.partition("/")[0] for source in sources}
    assert "*" in _lines("Dockerfile.dockerignore")


def test_the_image_runs_as_somebody_without_rights_and_is_watched() -> None:
    lines = _lines("Dockerfile")
    assert all("slim" in line for line in lines if line.startswith("FROM python"))
    assert lines.index("USER chotdon") > lines.index("VOLUME /data") - 2
    assert any("--require-hashes" in line for line in lines)
    [check] = [line for line in lines if line.startswith("CMD [") and "urlopen" in line]
    compile(re.findall(r'"-c", "(.*)"\]', check)[0].replace('\\"', '"'), "healthcheck", "exec")
    assert "/health/live" in check


def _lines(name: str) -> list[str]:
    """A file's lines without comments and indentation."""
    lines = (line.strip() for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
