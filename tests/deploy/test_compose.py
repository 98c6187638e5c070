"""The compose file: one process on SQLite, or two on PostgreSQL, none with more rights than it needs."""

from typing import Any

import pytest

from app.cli import main
from app.settings import Settings
from tests.deploy.yaml import read
from tests.house.source import ROOT

PROGRAMS = ("shop", "web", "worker")


@pytest.fixture
def compose() -> dict[str, Any]:
    return read((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))


def test_the_services_run_commands_that_are_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {*PROGRAMS, "database"}
    assert {name: services[name]["command"] for name in PROGRAMS} == {"shop": "run", "web": "web", "worker": "worker"}
    assert all(services[name]["command"] in main.commands for name in PROGRAMS)
    build = services["shop"]["build"]
    assert (ROOT / "deploy" / build["context"] / build["dockerfile"]).resolve() == ROOT / "deploy" / "Dockerfile"


def test_only_the_shop_runs_unless_postgresql_is_asked_for(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert "profiles" not in services["shop"]
    assert all(services[name]["profiles"] == ["postgresql"] for name in ("web", "worker", "database"))
    assert all("database" in services[name]["depends_on"] for name in ("web", "worker"))


def test_settings_are_settings_and_the_database_fits(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in PROGRAMS:
        assert {each.lower() for each in services[name]["environment"]} <= set(Settings.model_fields)
    url = services["web"]["environment"]["DATABASE_URL"].replace("${POSTGRES_PASSWORD-}", "dummy")
    assert Settings(database_url=url, casso_checksum_key="dummy").on_sqlite is False  # type: ignore[arg-type]
    assert services["database"]["environment"]["POSTGRES_DB"] == "chotdon"


def test_nobody_outside_this_machine_reaches_it_past_the_proxy(compose: dict[str, Any]) -> None:
    published = [port for each in compose["services"].values() for port in each.get("ports") or []]
    assert published == ["127.0.0.1:8080:8080"] * 2


def test_the_programs_have_no_rights_they_do_not_need(compose: dict[str, Any]) -> None:
    for name in PROGRAMS:
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"]) == ("true", ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "data:/data" in compose["services"]["shop"]["volumes"]
    assert set(compose["volumes"]) == {"data", "postgresql"}


def test_what_is_no_plain_yaml_is_not_read_as_something_else() -> None:
    for text in ("a b", "a:b", "a: 1\n  b: 2"):
        with pytest.raises(ValueError, match=r"\w"):
            read(text)
