"""The peer: one Flask handler with the SQLAlchemy ORM, a session and a transaction per request, as most would write it.

Same verification, same schema, same pragmas, same rows as ours. It knows only the plain case, money that pays
an open order exactly; the race has no other. gunicorn finds `app` by the variables BENCH_DATABASE and VAULT_KEY.
"""

import os
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from flows.messages import Reply, Say
from flows.send_reply import reply_job
from flows.show_card import turn_jobs
from gateways.casso import CASSO
from gateways.gateway import Request
from sales.catalogue import Kind
from sales.clock import utc_now
from sales.errors import Forged, Malformed
from sales.ids import BuyerId, OrderId, PeerId
from sales.licence import KEY_BYTES, expiry, format_key
from sales.memo import codes_in
from sales.money import Money
from sales.people import Peer as Person
from sales.transfer import Sighting as Told
from storage import work
from storage.goods import place_of_key
from storage.orders import Closed
from storage.vault import Vault
from tests.bench.models import (
    Attempt,
    BankAccount,
    Decision,
    Delivery,
    Event,
    Grant,
    Job,
    Notice,
    Order,
    OrderLine,
    Peer,
    Plan,
    Posting,
    Product,
    Sighting,
    Transfer,
)
from tests.bench.shop import SECRETS, VAULT

SHOP, PREFIX = 1, "KX"

app = Flask(__name__)
vault = Vault.from_text(os.environ[VAULT])
engine = create_engine(
    f"sqlite:///{os.environ['BENCH_DATABASE']}", connect_args={"isolation_level": None, "timeout": 5.0}
)
make_session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def connected(connection: Any, _record: object) -> None:
    ours = ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "wal_autocheckpoint=4000")
    for pragma in ("journal_mode=WAL", *ours):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(engine, "begin")
def began(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@app.post("/webhooks/main/casso")
def receive() -> Response:
    body, now = request.get_data(), utc_now()
    headers = tuple((name.lower(), value) for name, value in request.headers.items())
    try:
        told = CASSO.read(SECRETS, Request(body, headers), now)
    except (Forged, Malformed):
        abort(401)
    with make_session() as session, session.begin():
        for each in told:
            settle(session, each, body.decode(), now)
    return jsonify(success=True)


def settle(session: Session, told: Told, body: str, now: datetime) -> None:
    """Do all that one payment asks for, once."""
    seen = select(Sighting.id).filter_by(shop_id=SHOP, source=told.source, ref=told.ref)
    if session.scalar(seen) is not None:
        return
    order = session.scalar(select(Order).where(Order.shop_id == SHOP, Order.code.in_(codes_in(told.memo, PREFIX))))
    if order is None or order.payment != "open" or order.total != told.amount:
        abort(422)
    keep_money(session, order, told, body, now)
    order.payment, order.paid_at = "paid", now
    peer = session.get_one(Peer, order.peer_id)
    tell_buyer(session, order, peer, now)
    hand_over(session, order, peer, now)
    detail = {"source": told.source, "ref": told.ref, "amount": told.amount, "currency": told.currency}
    session.add(Event(shop_id=SHOP, order_id=order.id, at=now, actor=told.source, kind="money.exact", detail=detail))


def keep_money(session: Session, order: Order, told: Told, body: str, now: datetime) -> None:
    account = session.scalars(select(BankAccount).filter_by(shop_id=SHOP, account=told.account)).one()
    notice = Notice(
        shop_id=SHOP,
        gateway="casso",
        digest=sha256(body.encode()).hexdigest(),
        body=body,
        state="settled",
        received_at=now,
    )
    transfer = Transfer(
        shop_id=SHOP,
        bank_account_id=account.id,
        account=told.account,
        currency=told.currency,
        amount=told.amount,
        memo=told.memo,
        payer_name=told.payer.name,
        payer_account=told.payer.account,
        payer_bank=told.payer.bank,
        booked_at=told.booked_at,
        seen_at=now,
        told_by=told.source,
    )
    session.add_all([notice, transfer])
    session.flush()
    decision = Decision(
        shop_id=SHOP,
        transfer_id=transfer.id,
        meaning="exact",
        order_id=order.id,
        decided_by="rule",
        decided_at=now,
    )
    sighting = Sighting(
        shop_id=SHOP,
        source=told.source,
        ref=told.ref,
        notice_id=notice.id,
        transfer_id=transfer.id,
        virtual_account=told.virtual_account,
        reference=told.reference,
        seen_at=now,
    )
    session.add_all([decision, sighting])
    session.flush()
    both = {"shop_id": SHOP, "decision_id": decision.id, "order_id": order.id, "currency": told.currency}
    session.add(Posting(account="received", amount=told.amount, **both))
    session.add(Posting(account="revenue", amount=-told.amount, **both))


def tell_buyer(session: Session, order: Order, peer: Peer, now: datetime) -> None:
    open_ones = session.scalars(select(Attempt).filter_by(shop_id=SHOP, order_id=order.id, state="open")).all()
    for attempt in open_ones:
        attempt.state = "paid"
    person = Person(PeerId(peer.id), BuyerId(peer.buyer_id), peer.channel, peer.external_id, "vi", reachable=True)
    values = {"code": order.code, "amount": Money(order.total, order.currency)}
    thanks = reply_job(person, Reply((Say("payment-received", values),)), f"paid:{order.id}", order.id)
    turned = turn_jobs(person, order.id, [Closed(attempt.id, linked=False) for attempt in open_ones], "paid")
    session.add_all(job_row(job, now) for job in (thanks, *turned))


def hand_over(session: Session, order: Order, peer: Peer, now: datetime) -> None:
    joined = select(OrderLine, Product).join(Plan, Plan.id == OrderLine.plan_id).join(Product)
    for line, product in session.execute(joined.where(OrderLine.order_id == order.id)):
        session.add(grant(order, line, product, now))
    ways = [(peer.channel, peer.external_id), ("email", order.email)]
    deliveries = [
        Delivery(shop_id=SHOP, order_id=order.id, channel=way, address=to, state="waiting", created_at=now)
        for way, to in ways
    ]
    session.add_all(deliveries)
    session.flush()
    for delivery in deliveries:
        name, lane = f"goods:{order.id}:{delivery.channel}:first", f"{delivery.channel}:{delivery.address}"
        session.add(job_row(work.Job("deliver_goods", name, {"delivery": delivery.id}, lane, OrderId(order.id)), now))


def grant(order: Order, line: OrderLine, product: Product, now: datetime) -> Grant:
    made = Grant(
        shop_id=SHOP,
        order_id=order.id,
        line_id=line.id,
        state="granted",
        links=product.links,
        activation=product.activation,
        download_url=product.download_url,
        granted_at=now,
        expires_at=expiry(now, line.days),
    )
    if line.kind == Kind.LICENCE:
        key = format_key(token_bytes(KEY_BYTES))
        made.key_sealed = vault.seal(place_of_key(SHOP, line.id), key)
        made.key_hash = vault.hash("licence", key)
    return made


def job_row(job: work.Job, now: datetime) -> Job:
    return Job(
        shop_id=SHOP,
        topic=job.topic,
        dedupe=job.dedupe,
        payload=dict(job.payload),
        order_id=job.order,
        lane=job.lane,
        run_at=now,
        created_at=now,
    )
