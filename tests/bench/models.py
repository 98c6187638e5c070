"""Our own tables as plain ORM classes, for the peer that is raced."""

from sqlalchemy.orm import DeclarativeBase

from storage.columns import metadata as tables
from storage.schema import goods, money, orders, people, shop, work


class Base(DeclarativeBase):
    metadata = tables


class BankAccount(Base):
    __table__ = shop.bank_accounts


class Plan(Base):
    __table__ = shop.plans


class Product(Base):
    __table__ = shop.products


class Peer(Base):
    __table__ = people.peers


class Order(Base):
    __table__ = orders.orders


class OrderLine(Base):
    __table__ = orders.order_lines


class Attempt(Base):
    __table__ = orders.attempts


class Notice(Base):
    __table__ = money.notices


class Transfer(Base):
    __table__ = money.transfers


class Sighting(Base):
    __table__ = money.sightings


class Decision(Base):
    __table__ = money.decisions


class Posting(Base):
    __table__ = money.postings


class Grant(Base):
    __table__ = goods.grants


class Delivery(Base):
    __table__ = goods.deliveries


class Job(Base):
    __table__ = work.outbox


class Event(Base):
    __table__ = work.events
