"""A shop that has sold before links and refunds were known: its rows go all the way, and it sells on."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from flows.premises import Premises
from gateways.casso import CASSO
from sales.codes import Mint
from storage import looks, shops
from storage.migrations.upgrade import upgrade
from storage.schema import metadata
from storage.schema.money import transfers
from storage.schema.orders import attempts, order_lines, orders
from storage.schema.shop import shops as shop_table
from storage.store import Store, at_head, migrate
from storage.vault import Vault, new_vault_key
from tests.clock import FrozenClock
from tests.flows.mouths import Mouth
from tests.flows.shop import ACCOUNT, ADMIN, BANK, PRICE, Shop

OLD = "0006"
PART = 50_000
CODE_KEY = bytes(range(32))
PAID, SHORT = (Mint("KX", CODE_KEY).code(number) for number in range(2))
NOW = int(FrozenClock()().timestamp() * 1000)
HOUR = 3_600_000


class Past:
    """Writes rows as the old tables have them, in plain SQL."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def row(self, table: str, **values: object) -> int:
        """Add a row of the shop's; answers its id."""
        values = values if table == "shops" else {"shop_id": 1, **values}
        names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        written = text(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id")
        return int(self.connection.execute(written, values).scalar_one())

    def found(self, vault: Vault) -> None:
        """A shop with one plan on its shelf, a bank account and a buyer: each of them is number 1."""
        seals = {"code_key": CODE_KEY, "vault_check": vault.seal("shops/vault_check", "open sesame")}
        times = {"payment_seconds": 1800, "monitoring_seconds": 86_400, "created_at": NOW - 9 * HOUR}
        words = {"name": "Tiệm Mẫu", "zone": "Asia/Ho_Chi_Minh", "language": "vi", "code_prefix": "KX"}
        counts = {"email_optional": 1, "order_seq": 2, "attempt_seq": 3}
        self.row("shops", slug="main", **words, **seals, **times, **counts)
        bank, account, holder = BANK
        self.row("bank_accounts", bin=bank, account=account, holder=holder, shown=1, created_at=NOW - 9 * HOUR)
        texts = {"description": "", "activation": "", "download_url": "", "links": "[]"}
        self.row("products", slug="software", kind="licence", name="Ảnh Đẹp Pro", **texts, position=0, active=1)
        self.row("plans", product_id=1, slug="software-30", name="1 tháng", days=30, position=0, active=1)
        self.row("prices", plan_id=1, currency="VND", amount=PRICE)
        self.row("buyers", language="vi", created_at=NOW - 2 * HOUR)
        names = {"channel": "telegram", "external_id": "42", "name": "An"}
        self.row("peers", buyer_id=1, **names, reachable=1, created_at=NOW - 2 * HOUR)

    def order(self, number: int, code: str, paid_at: int | None) -> int:
        """An order of that buyer, placed an hour ago; it is watched for a day."""
        times = {"created_at": NOW - HOUR, "pay_until": NOW + HOUR, "watch_until": NOW + 24 * HOUR, "paid_at": paid_at}
        people = {"buyer_id": 1, "peer_id": 1, "email": "", "payment": "paid" if paid_at else "open"}
        order = self.row("orders", number=number, code=code, **people, currency="VND", total=PRICE, **times)
        names = {"kind": "licence", "product_name": "Ảnh Đẹp Pro", "plan_name": "1 tháng"}
        self.row("order_lines", order_id=order, position=0, plan_id=1, **names, days=30, price=PRICE)
        return order

    def attempt(self, number: int, order: int, code: str, amount: int, state: str) -> None:
        shown = {"bank_account_id": 1, "memo": code, "qr": f"QR{number}", "qr_md5": f"{number:032}"}
        times = {"created_at": NOW - HOUR, "expires_at": NOW + HOUR}
        money = {"currency": "VND", "amount": amount}
        self.row("attempts", order_id=order, gateway="casso", number=number, **shown, **money, state=state, **times)

    def money(self, ref: str, order: int, code: str, amount: int, meaning: str, place: str) -> None:
        """What one notice brought: movement, sighting, decision and double entry."""
        body = {"digest": f"{ref:>064}", "body": "{}", "state": "settled", "received_at": NOW - HOUR}
        notice = self.row("notices", gateway="casso", **body)
        payer = {"payer_name": "NGUYEN VAN A", "payer_account": "0987654321", "payer_bank": "VCB"}
        moved = {"bank_account_id": 1, "account": ACCOUNT, "currency": "VND", "amount": amount, "memo": f"CT {code}"}
        transfer = self.row("transfers", **moved, **payer, booked_at=None, seen_at=NOW - HOUR)
        told = {"source": "casso", "ref": ref, "virtual_account": "", "reference": f"FT{ref}", "seen_at": NOW - HOUR}
        self.row("sightings", notice_id=notice, transfer_id=transfer, **told)
        by = {"decided_by": "shop", "decided_at": NOW - HOUR}
        decision = self.row("decisions", transfer_id=transfer, meaning=meaning, order_id=order, **by)
        for account, minor in (("received", amount), (place, -amount)):
            self.row("postings", decision_id=decision, order_id=order, account=account, currency="VND", amount=minor)

    def running_job(self, order: int) -> None:
        """The order's clock, in the hands of a worker that died."""
        held = {"state": "running", "owner": "dead:1", "attempts": 1, "lease_until": NOW + 60_000}
        what = {"topic": "expire_order", "dedupe": f"expire:{order}", "payload": f'{{"order":{order}}}'}
        self.row("outbox", **what, order_id=order, created_at=NOW - HOUR, run_at=NOW - 60_000, **held)


def sell(connection: Connection, vault: Vault) -> None:
    """One order that was paid at once, and one of which a part is missing."""
    past = Past(connection)
    past.found(vault)
    paid, short = past.order(0, PAID, NOW - HOUR), past.order(1, SHORT, None)
    past.attempt(1, paid, PAID, PRICE, "paid")
    past.attempt(2, short, SHORT, PRICE, "replaced")
    past.attempt(3, short, SHORT, PRICE - PART, "open")
    past.money("71", paid, PAID, PRICE, "exact", "revenue")
    past.money("72", short, SHORT, PART, "short", "deposit")
    past.running_job(paid)


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has, of those that were there then."""
    there = [name for name in metadata.tables if connection.dialect.has_table(connection, name)]
    return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in there}


@pytest.fixture
def vault() -> Vault:
    return Vault.from_text(new_vault_key())


@pytest.fixture
async def before(empty: Store, vault: Vault) -> dict[str, int]:
    """The rows of the old shop; after this its schema is the newest."""
    await empty.alter(lambda connection: upgrade(connection, OLD))
    await empty.alter(lambda connection: sell(connection, vault))
    found = await empty.alter(counts)
    await migrate(empty)
    return found


@pytest.fixture
async def shop(empty: Store, vault: Vault, before: dict[str, int]) -> Shop:
    """The old shop, opened by the program of today."""
    assert before["orders"] == 2
    found = await empty.read(lambda unit: shops.find(unit, "main"))
    assert found is not None
    premises = Premises(found, vault, CASSO, (ADMIN,))
    return Shop(empty, premises, {"telegram": Mouth("telegram"), "email": Mouth("email")})


async def test_no_row_is_lost_and_none_comes_up(empty: Store, before: dict[str, int]) -> None:
    assert await at_head(empty) is True
    after = await empty.alter(counts)
    assert {name: after[name] for name in before} == before
    assert {name for name in after if name not in before and after[name]} == set()
    sold = {"orders": 2, "attempts": 3, "notices": 2, "transfers": 2, "sightings": 2, "decisions": 2, "postings": 4}
    assert {name: after[name] for name in sold} == sold


async def test_what_newer_tables_want_to_know_is_filled_in(shop: Shop) -> None:
    assert [(row.told_by, row.amount) for row in await shop.rows(transfers)] == [("casso", PRICE), ("casso", PART)]
    shown = [(row.bin, row.account, row.holder, row.link_url) for row in await shop.rows(attempts)]
    assert shown == [(*BANK, "")] * 3
    assert [row.contact for row in await shop.rows(shop_table)] == [""]


async def test_the_books_say_the_same(shop: Shop) -> None:
    assert await shop.totals() == {"received": PRICE + PART, "revenue": PRICE, "deposit": PART}
    assert sorted(await shop.meanings()) == ["exact", "short"]
    assert [(row.code, row.payment) for row in await shop.rows(orders)] == [(PAID, "paid"), (SHORT, "open")]


async def test_the_rest_of_an_old_order_is_paid_and_its_goods_go_out(shop: Shop) -> None:
    await shop.settle(shop.sighting(SHORT, PRICE - PART))
    await shop.work()
    assert await shop.totals() == {"received": 2 * PRICE, "revenue": 2 * PRICE}
    assert [row.payment for row in await shop.rows(orders)] == ["paid", "paid"]
    assert [row.state for row in await shop.jobs("deliver_goods")] == ["done"]
    assert [row.state for row in await shop.rows(attempts)] == ["paid", "replaced", "paid"]


async def test_old_money_that_is_told_again_counts_once(shop: Shop) -> None:
    assert await shop.settle(shop.sighting(PAID, PRICE, ref="71")) == 0
    assert (await shop.totals())["received"] == PRICE + PART


async def test_a_job_that_was_running_is_taken_up_when_its_lease_is_over(shop: Shop, clock: FrozenClock) -> None:
    assert await shop.work() == 0
    clock.move(timedelta(minutes=1))
    await shop.work()
    [job] = await shop.jobs()
    assert (job.state, job.attempts) == ("done", 2)


async def test_new_orders_go_on_counting(shop: Shop) -> None:
    order = await shop.order()
    assert order.code == Mint("KX", CODE_KEY).code(2)
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert [row.number for row in await shop.rows(attempts)] == [1, 2, 3, 4]
    assert sorted(row.id for row in await shop.rows(transfers)) == [1, 2, 3]


async def test_what_was_one_price_is_now_the_only_one_of_many(shop: Shop) -> None:
    found = await shop.rows(orders)
    assert [(row.prices, row.currency, row.total) for row in found] == [({"VND": PRICE}, "VND", PRICE)] * 2
    assert {row.currency for row in await shop.rows(order_lines)} == {"VND"}


async def test_only_what_can_still_be_paid_is_asked_for(shop: Shop) -> None:
    looked = {row.state: row.look_at for row in await shop.rows(attempts)}
    assert [state for state, moment in looked.items() if moment] == ["open"]
    due = await shop.store.read(lambda unit: looks.due(unit, shop.premises.shop.id, ["casso"], 9))
    assert [(each.question.code, each.over) for each in due] == [(SHORT, False)]
