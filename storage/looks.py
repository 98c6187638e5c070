"""The second look: which payments are due to be asked for, and how asking each gateway goes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, cast, func, null, or_, select, update

from sales.ids import AttemptId, OrderId, ShopId
from sales.money import Money
from sales.order import Payment
from sales.question import Question
from storage.columns import UtcTime, insert_ignore
from storage.members import among
from storage.schema.gateways import looks
from storage.schema.orders import attempts, orders
from storage.unit import Unit

_DUE = (
    select(attempts, orders.c.code, orders.c.payment, orders.c.watch_until)
    .join(orders, orders.c.id == attempts.c.order_id)
    .where(
        attempts.c.shop_id == bindparam("shop"),
        among(attempts.c.gateway, "gateways"),
        attempts.c.look_at <= bindparam("now"),
        attempts.c.state != "asked",
    )
    # A way that the buyer has left may still bring money, but whoever waits at an open one goes first.
    .order_by(attempts.c.state != "open", attempts.c.look_at, attempts.c.id)
    .limit(bindparam("most"))
)
_RESTING = select(looks.c.id).where(
    looks.c.shop_id == bindparam("shop"), looks.c.gateway == bindparam("gateway"), looks.c.due_at > bindparam("now")
)
# PostgreSQL would take it for a text.
_last = cast(bindparam("last", type_=UtcTime()), UtcTime())
_STOP = (
    update(attempts)
    .where(
        attempts.c.shop_id == bindparam("shop"), among(attempts.c.order_id, "ended"), attempts.c.look_at.is_not(None)
    )
    .values(
        look_at=case(
            (among(attempts.c.gateway, "quiet"), null()), else_=cast(bindparam("last", type_=UtcTime()), UtcTime())
        )
    )
)


@dataclass(frozen=True, slots=True)
class Due:
    """A payment to be asked for now; `over`: its order is paid, or watched no more, and it is asked for just once.

    `left`: the buyer was shown another way to pay since, or the payment's own time has ended.
    """

    question: Question
    over: bool
    left: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How asking a gateway goes: its times are UTC, `error` is "" while all is well."""

    gateway: str
    due_at: datetime
    failures: int
    asked_at: datetime | None
    answered_at: datetime | None
    error: str


def due(unit: Unit, shop: ShopId, gateways: Collection[str], most: int) -> list[Due]:
    """Payments of these gateways that should be asked for now, those that wait longest first."""
    named = {"shop": shop, "now": unit.now, "gateways": list(gateways), "most": most}
    return [_due(row, unit.now) for row in unit.conn.execute(_DUE, named)]


def rests(unit: Unit, shop: ShopId, gateway: str) -> bool:
    """Whether a gateway is not to be asked yet."""
    return unit.conn.execute(_RESTING, {"shop": shop, "gateway": gateway, "now": unit.now}).first() is not None


def claim(unit: Unit, shop: ShopId, gateway: str, until: datetime) -> bool:
    """Take the next call to a gateway, so that no other process makes it too; False while it rests."""
    free = {"shop_id": shop, "gateway": gateway, "due_at": unit.now, "failures": 0, "error": ""}
    unit.conn.execute(insert_ignore(looks).values(free))
    mine = and_(looks.c.shop_id == shop, looks.c.gateway == gateway, looks.c.due_at <= unit.now)
    return unit.conn.execute(update(looks).where(mine).values(due_at=until, asked_at=unit.now)).rowcount == 1


def note_answer(unit: Unit, shop: ShopId, gateway: str, due_at: datetime) -> None:
    """Note that a gateway has answered; not before `due_at` is it asked again."""
    values = {"due_at": due_at, "failures": 0, "answered_at": unit.now, "error": ""}
    unit.conn.execute(update(looks).where(looks.c.shop_id == shop, looks.c.gateway == gateway).values(values))


def note_failure(unit: Unit, shop: ShopId, gateway: str, due_at: datetime, error: str) -> None:
    """Note that a gateway could not be asked, and why."""
    values = {"due_at": due_at, "failures": looks.c.failures + 1, "error": error}
    unit.conn.execute(update(looks).where(looks.c.shop_id == shop, looks.c.gateway == gateway).values(values))


def rows(unit: Unit, shop: ShopId) -> list[Look]:
    """How asking goes, gateway by gateway."""
    found = unit.conn.execute(select(looks).where(looks.c.shop_id == shop).order_by(looks.c.gateway))
    return [Look(row.gateway, row.due_at, row.failures, row.asked_at, row.answered_at, row.error) for row in found]


def plan(unit: Unit, shop: ShopId, nexts: Mapping[AttemptId, datetime | None]) -> None:
    """Say when each payment that was just asked for is asked for next; what was said otherwise meanwhile stays."""
    if not nexts:
        return
    same = and_(attempts.c.shop_id == shop, attempts.c.id == bindparam("attempt"), attempts.c.look_at <= unit.now)
    changed = update(attempts).where(same).values(look_at=bindparam("next"), looked_at=unit.now)
    unit.conn.execute(changed, [{"attempt": attempt, "next": moment} for attempt, moment in nexts.items()])


def stop(unit: Unit, shop: ShopId, ended: Collection[OrderId]) -> None:
    """Ask no more for any payment of these orders."""
    end(unit, shop, ended, None)


def end(
    unit: Unit, shop: ShopId, ended: Collection[OrderId], last: datetime | None, quiet: Collection[str] = ()
) -> None:
    """Ask for the payments of these orders once more at `last`, and for those of `quiet` gateways no more at all."""
    unit.conn.execute(_STOP, {"shop": shop, "ended": ended, "quiet": quiet, "last": last})


def ask_now(unit: Unit, shop: ShopId, order: OrderId, haste: timedelta) -> int:
    """Have an order's payments asked for now; answers how many that changes.

    One that was asked for less than `haste` ago, or is due anyway, waits for its turn.
    """
    rested = or_(attempts.c.looked_at.is_(None), attempts.c.looked_at <= unit.now - haste)
    mine = and_(attempts.c.shop_id == shop, attempts.c.order_id == order, attempts.c.look_at > unit.now, rested)
    return unit.conn.execute(update(attempts).where(mine).values(look_at=unit.now)).rowcount


def ask_about(unit: Unit, shop: ShopId, gateway: str, number: int, haste: timedelta) -> None:
    """Have that payment asked for, whatever has become of its order, for something may have happened to it.

    Now, or when `haste` has passed since it was asked for last: anybody may say such a thing any number of times.
    """
    named = and_(attempts.c.shop_id == shop, attempts.c.gateway == gateway, attempts.c.number == number)
    looked = unit.conn.execute(select(attempts.c.looked_at).where(named)).scalar()
    at = max(unit.now, looked + haste) if looked else unit.now
    later = or_(attempts.c.look_at.is_(None), attempts.c.look_at > at)
    unit.conn.execute(update(attempts).where(named, later).values(look_at=at))


def waiting(unit: Unit, shop: ShopId) -> int:
    """How many payments are asked for from time to time."""
    counted = select(func.count()).select_from(attempts)
    return int(unit.conn.scalar(counted.where(attempts.c.shop_id == shop, attempts.c.look_at.is_not(None))) or 0)


def _due(row: Row[Any], now: datetime) -> Due:
    question = Question(
        attempt=AttemptId(row.id),
        number=row.number,
        code=row.code,
        amount=Money(row.amount, row.currency),
        made_at=row.created_at,
        until=row.expires_at,
        link=row.link_id or "",
        account=row.account,
        qr=row.qr,
        qr_md5=row.qr_md5,
    )
    return Due(question, row.payment == Payment.PAID or row.watch_until < now, left=row.state != "open")
