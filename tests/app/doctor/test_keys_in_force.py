"""The doctor tells which value is in force for each gateway, and how asking them goes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.commands import holdings_in_force, with_store
from app.doctor import bank, casso, gateways, looks, payos
from app.doctor.door import knock
from app.doctor.examine import examine
from app.doctor.finding import Finding, Mark
from app.holdings import Given, given_by, merge
from app.opening import visit_shop
from app.words import said
from gateways.gateway import Answer, Secrets
from gateways.vnpay import VNPAY
from sales.clock import utc_now
from storage import looks as look_rows
from storage.store import Store
from tests.app.doctor.patients import Answering, always, patient, serving, told
from tests.app.sealed_shop import SealedShop, sealed_shop

PAYOS = {"client_id": "dummy-client", "api_key": "dummy-api", "checksum_key": "dummy-checksum"}
CASSO = {"checksum_key": "dummy-checksum"}
BANK = {"bank_bin": "970422", "bank_account": "0000111122223333", "bank_holder": "NGUYEN VAN A"}
NOW = utc_now()


async def checked(
    check: Any, given: dict[str, Secrets], sealed: dict[str, Secrets], off: tuple[str, ...] = (), **settings: Any
) -> list[Finding]:
    held = merge(Given(given, {}, ""), sealed, off)
    async with patient(telegram_bot_token="1:x", **settings) as shop:
        found: list[Finding] = await check(replace(shop, sealed=held))
    assert "dummy" not in "".join(said(each.message, each.values) for each in found)
    return found


async def test_where_each_value_comes_from_is_told() -> None:
    found = await checked(gateways.check, {"payos": {"api_key": "dummy-api"}}, {"payos": PAYOS, "casso": CASSO})
    assert told(found) == [(Mark.WORKS, "doctor-gateway")] * 2
    [one, other] = [each.values for each in found]
    assert (one["gateway"], one["given"], one["sealed"]) == ("Casso", "-", "CASSO_CHECKSUM_KEY")
    assert not any(": -" in said(each.message, each.values) for each in found), "nothing that reads like a fault"
    assert (other["gateway"], other["given"]) == ("payOS", "PAYOS_API_KEY")
    assert other["sealed"] == "PAYOS_CLIENT_ID, PAYOS_CHECKSUM_KEY"


async def test_a_variable_that_says_otherwise_than_the_sealed_value_is_told() -> None:
    found = await checked(gateways.check, {"casso": {"checksum_key": "dummy-newer"}}, {"casso": CASSO})
    assert told(found) == [(Mark.WORKS, "doctor-gateway"), (Mark.MISSING, "doctor-gateway-differs")]
    assert found[1].values["variable"] == "CASSO_CHECKSUM_KEY"


async def test_a_gateway_that_is_switched_off_is_told_and_not_asked() -> None:
    found = await checked(gateways.check, {}, {"payos": PAYOS}, ("payos",))
    assert told(found) == [(Mark.MISSING, "doctor-gateway-off")]
    assert "app gateway on payos" in said(found[0].message, found[0].values)
    assert await checked(payos.check, {}, {"payos": PAYOS}, ("payos",)) == []
    assert told(await checked(casso.check, {}, {"casso": CASSO, "payos": PAYOS}, ("casso",))) == []
    assert await checked(casso.check, {}, {"casso": CASSO}, ("casso",), **BANK) == [], "no transfer is asked for then"
    unwatched = await checked(casso.check, {}, {}, **BANK)
    assert told(unwatched) == [(Mark.BROKEN, "doctor-money-unnoticed"), (Mark.MISSING, "doctor-no-casso")]


async def test_half_a_gateway_is_broken() -> None:
    assert told(await checked(payos.check, {"payos": {"api_key": "dummy"}}, {})) == [(Mark.BROKEN, "payos-not-set")]
    found = await checked(gateways.check, {"bakong": {"token": "dummy"}}, {})
    assert told(found) == [(Mark.BROKEN, "gateway-begun")]
    assert found[0].values["missing"] == "BAKONG_ACCOUNT"


async def test_a_gateway_that_is_paid_elsewhere_needs_no_account_of_ours() -> None:
    elsewhere = {"bakong": {"token": "dummy", "account": "dummy@toyb"}}
    assert await checked(bank.check, elsewhere, {}) == []
    assert told(await checked(casso.check, elsewhere, {})) == [(Mark.MISSING, "doctor-no-casso")]


@pytest.mark.parametrize(
    ("answer", "mark"),
    [
        (always(200, {"RspCode": "97", "Message": "Invalid signature"}), Mark.WORKS),
        (always(200, {"RspCode": "00"}), Mark.BROKEN),
        (always(200, "hello"), Mark.BROKEN),
        (always(404), Mark.BROKEN),
    ],
)
async def test_a_door_that_refuses_with_200_is_known_by_its_words(answer: Answering, mark: Mark) -> None:
    polite = replace(
        VNPAY, acknowledge=lambda _verdict: Answer(200, {"RspCode": "97", "Message": "Invalid signature"}), method="GET"
    )
    async with serving(answer) as url, patient(public_url=url) as shop:
        assert (await knock(shop, polite)).mark is mark


@pytest.fixture
async def shop(tmp_path: Path) -> SealedShop:
    made = sealed_shop(f"sqlite:///{tmp_path}/shop.db", CASSO_CHECKSUM_KEY="dummy-casso", CASSO_API_KEY="dummy-api")
    await made.start_once()
    return made


async def look_told(shop: SealedShop, failures: int, *, answered: bool) -> list[Finding]:
    async def note(store: Store) -> None:
        number = (await visit_shop(store, shop.settings)).shop.id
        await store.write(lambda unit: look_rows.claim(unit, number, "casso", NOW - timedelta(minutes=1)))
        if answered:
            await store.write(lambda unit: look_rows.note_answer(unit, number, "casso", NOW))
        for _ in range(failures):
            await store.write(lambda unit: look_rows.note_failure(unit, number, "casso", NOW, "Casso answers 500"))

    await with_store(shop.settings.database, note)
    return await asked(shop)


async def asked(shop: SealedShop) -> list[Finding]:
    values: dict[str, Any] = {name.lower(): value for name, value in shop.environment.items()}
    async with patient(**values) as seen:
        return await looks.check(seen)


@pytest.mark.parametrize(
    ("failures", "answered", "mark", "message"),
    [
        (0, True, Mark.WORKS, "doctor-look"),
        (2, True, Mark.WORKS, "doctor-look"),
        (3, True, Mark.MISSING, "doctor-look-fails"),
        (1, False, Mark.MISSING, "doctor-look-never"),
    ],
)
async def test_how_asking_goes_is_told(
    shop: SealedShop, failures: int, answered: bool, mark: Mark, message: str
) -> None:
    found = await look_told(shop, failures, answered=answered)
    assert told(found) == [(mark, message)]
    assert ("Casso answers 500" in said(message, found[0].values)) is (mark is Mark.MISSING)


async def test_before_anybody_was_asked_nothing_is_told(shop: SealedShop, tmp_path: Path) -> None:
    assert await asked(shop) == []
    assert await asked(sealed_shop(f"sqlite:///{tmp_path}/none.db")) == []


async def test_the_examination_knows_what_lies_sealed(shop: SealedShop) -> None:
    del shop.environment["CASSO_CHECKSUM_KEY"], shop.environment["CASSO_API_KEY"]
    chart = await examine(shop.settings)
    assert ("gateways", "doctor-gateway") in [(part, finding.message) for part, finding in chart]
    assert ("casso", "doctor-no-casso") not in [(part, finding.message) for part, finding in chart]


async def test_a_shop_that_cannot_be_looked_at_is_told_by_its_environment(shop: SealedShop, tmp_path: Path) -> None:
    shop.environment["VAULT_KEY"] = "A" * 43
    assert await holdings_in_force(shop.settings) == merge(given_by(shop.settings), {}, ())
    shop.environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/none.db"
    assert await holdings_in_force(shop.settings) == merge(given_by(shop.settings), {}, ())
    assert not (tmp_path / "none.db").exists()
