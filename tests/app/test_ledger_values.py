"""The ledger for programs: JSON in one piece, a table that no memo can turn into a formula."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from app.ledger import STDOUT, Form, Wanted, _write
from app.ledger_values import COLUMNS, json_end, json_pieces, write_csv
from flows.check_books import Finding
from flows.open_ledger import Ledger
from sales.defused import defused
from sales.errors import Misconfigured
from sales.posting import Account
from sales.transfer import Payer
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import PRICE, Shop


async def table(shop: Shop, day: date | None = None, currency: str | None = None) -> list[dict[str, str]]:
    def read(unit: Unit) -> str:
        file = io.StringIO()
        write_csv(file, Ledger(unit, shop.premises, day, currency))
        return file.getvalue()

    return list(csv.DictReader(io.StringIO(await shop.store.read(read))))


async def values(shop: Shop, day: date | None = None) -> dict[str, Any]:
    def read(unit: Unit) -> str:
        ledger = Ledger(unit, shop.premises, day)
        return "".join(json_pieces(ledger)) + json_end(ledger.findings())

    told: dict[str, Any] = json.loads(await shop.store.read(read))
    return told


async def test_json_tells_each_line_with_its_postings(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    refund = await desk.owed(order, 9_000)
    told = await values(shop)
    assert (told["shop"], told["zone"], told["day"]) == ("main", "Asia/Ho_Chi_Minh", None)
    paid, owed = told["lines"]
    assert (paid["cause"], paid["meaning"], paid["amount"], paid["order"]) == ("decision", "exact", PRICE, order.code)
    assert [(each["account"], each["amount"]) for each in paid["postings"]] == [
        ("received", PRICE),
        ("revenue", -PRICE),
    ]
    assert (owed["cause"], owed["meaning"], owed["refund"]) == ("refund", "owed", refund.code)
    held = {name: minor for name, minor in told["totals"]["VND"].items() if minor}
    assert held == {"received": PRICE, "revenue": PRICE - 9_000, "refund_owed": 9_000}
    assert (told["balanced"], told["findings"]) == (True, [])


async def test_json_of_an_empty_day_has_what_stood_before(shop: Shop, clock: FrozenClock) -> None:
    await (await Desk.open(shop)).paid()
    day = (clock.now + timedelta(days=3)).date()
    told = await values(shop, day)
    assert (told["day"], told["lines"]) == (day.isoformat(), [])
    assert told["opening"] == told["totals"]
    assert told["opening"]["VND"]["received"] == PRICE


def test_json_says_what_is_wrong() -> None:
    told = json.loads("{" + json_end([Finding("sums", ("VND",))]).lstrip(","))
    assert told == {"balanced": False, "findings": [{"kind": "sums", "about": ["VND"]}]}


async def test_the_table_counts_as_spreadsheets_do(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, PRICE + 5), shop.sighting("x", 320, currency="USD"))
    surplus, dollars, *closing = await table(shop)
    assert [surplus[name] for name in ("at", "meaning", "amount", "currency")] == [
        "2026-11-21 16:00:00+07:00",
        "over",
        "79005",
        "VND",
    ]
    assert [surplus[account] for account in Account] == ["79005", "79000", "", "5", "", "", "", ""]
    assert (dollars["amount"], dollars["received"], dollars["unplaced"]) == ("3.20", "3.20", "3.20")
    assert [(each["cause"], each["currency"], each["received"]) for each in closing] == [
        ("closing", "USD", "3.20"),
        ("closing", "VND", "79005"),
    ]
    assert [row["currency"] for row in await table(shop, currency="USD")] == ["USD", "USD"]


async def test_a_day_of_the_table_begins_with_what_stood_there(shop: Shop, clock: FrozenClock) -> None:
    await shop.settle(shop.sighting("x", 700))
    clock.move(timedelta(days=1))
    await shop.settle(shop.sighting("y", -300))
    opening, out, closing = await table(shop, date(2026, 11, 22))
    assert (opening["cause"], opening["received"], closing["received"]) == ("opening", "700", "700")
    assert (out["amount"], out["meaning"]) == ("-300", "out")


async def test_no_form_tells_more_of_an_account_than_its_end(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    await shop.settle(shop.sighting("x", 700, payer=Payer("NGUYEN VAN A", "1028000814", "VCB")))
    await shop.settle(shop.sighting("y", 800, payer=Payer("", "814", "")))
    for form in Form:
        await shop.store.read(lambda unit, form=form: _write(Ledger(unit, shop.premises), Wanted(form, STDOUT)))  # type: ignore[misc]
    assert "1028000814" not in capsys.readouterr().out
    assert [row["payer"] for row in await table(shop)][:2] == ["NGUYEN VAN A …0814 VCB", "…814"]


@pytest.mark.parametrize(
    "spell", ["=1+1", "+cmd", "-2", "@SUM(A1)", "＝1", "＋1", "－1", "＠A", " \t=1", "\u200b=1", "\r\n=1"]
)
async def test_no_word_of_a_stranger_becomes_a_formula(shop: Shop, spell: str) -> None:
    payer = Payer(spell, "1", "2")
    await shop.settle(shop.sighting("x", 700, payer=payer, source="casso", ref=spell))
    row = (await table(shop))[0]
    assert row["payer"].startswith("'")
    assert defused(spell).startswith("'")
    assert "\n" not in defused(f"a{spell}")


def test_plain_words_and_our_own_numbers_stay_as_they_are() -> None:
    assert [defused(each) for each in ("CT KX2345678", "", "a=b", "NGUYỄN VĂN A")] == [
        "CT KX2345678",
        "",
        "a=b",
        "NGUYỄN VĂN A",
    ]
    assert set(COLUMNS) > set(Account)


async def test_a_table_goes_into_a_new_file_for_its_owner_alone(shop: Shop, tmp_path: Any) -> None:
    await shop.settle(shop.sighting("x", 700))
    path = tmp_path / "books.csv"

    def write(unit: Unit) -> bool:
        return _write(Ledger(unit, shop.premises), Wanted(Form.CSV, str(path)))

    assert await shop.store.read(write)
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfat,cause,")
    with pytest.raises(Misconfigured, match="ledger-file-exists"):
        await shop.store.read(write)


@pytest.mark.parametrize("form", Form)
async def test_books_that_do_not_add_up_end_otherwise(
    shop: Shop, form: Form, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [Finding("goods", ("order 1",))]
    monkeypatch.setattr("flows.open_ledger.check_books", lambda *_: wrong)
    premises = shop.premises
    assert not await shop.store.read(lambda unit: _write(Ledger(unit, premises), Wanted(form, STDOUT)))
    said = capsys.readouterr()
    assert "order 1" in (said.err if form is Form.CSV else said.out)
