"""A small shop to test with: founded in a store, with people, orders, and money that comes for them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import Table, select

from flows.carry_out import carry_out
from flows.marker import Marker
from flows.messages import Reply, unpack
from flows.notice import Notice
from flows.office import Office
from flows.place_order import place_order
from flows.premises import Admin, Premises
from flows.settle_payments import Settled, settle_payments
from flows.show_order import show_order
from flows.task import Task
from gateways.casso import CASSO
from gateways.giving import Giver
from gateways.payos import PAYOS
from sales.catalogue import FiledAccount, Kind, Link, Offer, Plan, Product, ShopFile
from sales.money import Money
from sales.people import Peer
from sales.purchase import Attempt, Order
from sales.refund import Means, Refund
from sales.transfer import Payer, Sighting
from storage import accounts, buyers, catalogue, queue, shops
from storage.schema.work import outbox
from storage.store import Store
from storage.unit import Unit
from storage.vault import Vault, new_vault_key
from tests.flows.gate import Gate
from tests.flows.ledger import show_ledger
from tests.flows.mouths import Mouth

ACCOUNT = "0000111122223333"
BANK = ("970422", ACCOUNT, "NGUYEN VAN A")
ADMIN = Admin("telegram", "999")
PRICE = 79_000

SOFTWARE = Product(
    slug="software",
    kind=Kind.LICENCE,
    name="Ảnh Đẹp Pro",
    description="Phần mềm chỉnh ảnh",
    activation="Help → Activate",
    download_url="https://example.com/download",
    links=(),
    plans=(
        Plan("software-30", "1 tháng", 30, (Money(PRICE),)),
        Plan("software-ever", "Trọn đời", None, (Money(1_490_000),)),
    ),
)
COURSE = Product(
    slug="course",
    kind=Kind.COURSE,
    name="Excel",
    description="",
    activation="",
    download_url="",
    links=(Link("Vào học", "https://example.com/excel"), Link("Tài liệu", "https://example.com/files")),
    plans=(Plan("course-ever", "Trọn đời", None, (Money(299_000),)),),
)
FILE = ShopFile(
    name="Tiệm Mẫu",
    zone="Asia/Ho_Chi_Minh",
    language="vi",
    code_prefix="KX",
    email_optional=True,
    payment_window=timedelta(minutes=30),
    monitoring=timedelta(hours=24),
    products=(SOFTWARE, COURSE),
    # More than a shop would allow: most tests are about something else.
    most_open=30,
)


@dataclass(slots=True)
class Shop:
    """The shop's premises and its store, with short ways to do what tests do often."""

    store: Store
    premises: Premises
    mouths: dict[str, Mouth]
    refs: "count[int]" = field(default_factory=lambda: count(1))
    gate: Gate | None = None
    givers: dict[Means, Giver] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        links = self.gate.links if self.gate else None
        return Office(self.store, self.premises, self.mouths, draw, links, "https://shop.example/back", self.givers)

    def sell_by_links(self, *, spare: bool = False) -> Gate:
        """From now on invoices are payment links of this gateway; `spare`: Casso's door is open, too."""
        self.premises = replace(self.premises, gateway=PAYOS, spare=CASSO if spare else None)
        self.gate = Gate()
        return self.gate

    async def meet(self, external: str = "42", language: str = "vi") -> Peer:
        shop = self.premises.shop.id
        return await self.store.write(lambda unit: buyers.meet(unit, shop, "telegram", external, "An", language))

    async def offer(self, place: int = 0) -> Offer:
        shop = self.premises.shop.id
        return (await self.store.read(lambda unit: catalogue.offers(unit, shop, "telegram")))[place]

    async def order(self, peer: Peer | None = None, plan: int = 0, email: str = "") -> Order:
        """An order as the buyer's last tap leaves it."""
        by, offer = peer or await self.meet(f"buyer-{next(self.refs)}"), await self.offer(plan)
        return await self.store.write(lambda unit: place_order(unit, self.premises, by, offer, email))

    async def show_accounts(self, *shown: FiledAccount) -> None:
        """From now on buyers are shown these accounts alone."""
        await self.store.write(lambda unit: accounts.show_accounts(unit, self.premises.shop.id, shown))

    def sighting(self, memo: str, amount: int = PRICE, **changes: Any) -> Sighting:
        """A movement nobody has told of yet."""
        ref = str(next(self.refs))
        payer = Payer("NGUYEN VAN A", "0987654321", "VCB")
        return replace(Sighting("casso", ref, amount, "VND", ACCOUNT, f"CT {memo} nhanh", payer=payer), **changes)

    async def settle(self, *sightings: Sighting) -> int:
        """One list, one notice each."""
        return (await self.settled(*sightings)).new

    async def settled(self, *sightings: Sighting) -> Settled:
        """The same, with what became of each notice."""
        return await self.store.write(lambda unit: settle_payments(unit, self.premises, notices(*sightings)))

    async def carry_out(self, task: Task) -> None:
        """Do one job and end it."""
        await carry_out(self.office, Marker(self.store), task)

    async def work(self) -> int:
        """Carry out what is due, and what that brings about, until nothing is; answers how many jobs that were."""
        done = 0
        while claimed := await self.store.write(lambda unit: queue.claim(unit, outbox, "worker", 50, LEASE)):
            for row in claimed:
                await self.carry_out(Task(row))
            done += len(claimed)
        return done

    async def story(self, order: Order) -> dict[str, Any]:
        story = await self.store.read(lambda unit: show_order(unit, self.premises, order.code))
        assert story is not None
        return story

    async def books(self) -> dict[str, Any]:
        """The ledger; at every look it must balance, and hold all that came in and nothing else."""
        told = await self.store.read(lambda unit: show_ledger(unit, self.premises))
        assert told["balanced"]
        ours = [
            each for each in told["transfers"] if each["decision"] not in ("out", "foreign_account", "held", "returned")
        ]
        for currency, totals in told["totals"].items():
            came = sum(each["amount"] for each in ours if each["currency"] == currency)
            assert totals["received"] == came == sum(totals.values()) - totals["received"]
        return told

    async def meanings(self) -> list[str]:
        return [each["decision"] for each in (await self.books())["transfers"]]

    async def totals(self) -> dict[str, int]:
        """What stands on each account that holds anything, in VND."""
        return {str(name): minor for name, minor in (await self.books())["totals"]["VND"].items() if minor}

    async def rows(self, table: Table) -> list[Any]:
        return await self.store.read(lambda unit: list(unit.conn.execute(select(table).order_by(table.c.id))))

    async def jobs(self, topic: str | None = None) -> list[Any]:
        return [row for row in await self.rows(outbox) if topic in (None, row.topic)]

    async def said(self, to: str) -> list[str]:
        """Ids of the first sentence of every reply that waits for a chat, in order."""
        return [first_line(unpack(row.payload["reply"])) for row in await self.jobs("reply") if row.payload["to"] == to]


LEASE = timedelta(minutes=3)


async def draw(wanted: Attempt | Refund, _address: object) -> bytes:
    """A card that can be read back."""
    account = wanted.payee.account if isinstance(wanted, Refund) else wanted.account
    return f"{account} {wanted.amount.minor} {wanted.memo}".encode()


async def open_shop(
    store: Store, file: ShopFile = FILE, admins: tuple[Admin, ...] = (ADMIN,), slug: str = "main", key: str = ""
) -> Shop:
    """Found a shop with a bank account and open its chat and its mail."""
    vault = Vault.from_text(key or new_vault_key())

    def found(unit: Unit) -> Premises:
        shop = shops.create(unit, slug, file, vault)
        catalogue.stock_shelf(unit, shop.id, file.products)
        accounts.show_accounts(unit, shop.id, [FiledAccount(*BANK)])
        return Premises(shop, vault, CASSO, admins)

    premises = await store.write(found)
    return Shop(store, premises, {"telegram": Mouth("telegram"), "email": Mouth("email")})


def notices(*sightings: Sighting) -> list[Notice]:
    """Each as a notice of its own."""
    return [Notice("casso", f'{{"id":{each.ref},"m":"{each.memo}"}}', (each,)) for each in sightings]


def first_line(reply: Reply) -> str:
    return reply.lines[0].id if reply.lines else ""
