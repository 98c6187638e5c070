import re
from dataclasses import replace
from datetime import timedelta

from flows.admins import is_admin
from flows.invite_admins import LIFETIME, MOST_OPEN, PAYLOAD, invite_admin, new_token, remove_admin, take_invitation
from flows.keep_house import keep_house
from sales.people import Peer
from storage.schema.admins import admins, invites
from storage.schema.work import events
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, Shop, open_shop


async def invite(shop: Shop) -> str:
    token = new_token()
    await shop.store.write(lambda unit: invite_admin(unit, shop.premises, token))
    return token


async def take(shop: Shop, peer: Peer, token: str) -> bool:
    return await shop.store.write(lambda unit: take_invitation(unit, shop.premises, peer, token))


async def runs(shop: Shop, peer: Peer) -> bool:
    return await shop.store.read(lambda unit: is_admin(unit, shop.premises, peer.channel, peer.external))


def test_a_token_cannot_be_guessed_and_travels_in_a_deep_link() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", f"{PAYLOAD}{token}") for token in tokens)
    assert min(len(token) for token in tokens) * 6 >= 128


async def test_an_invitation_makes_one_person_an_admin_once(shop: Shop) -> None:
    token, first, second = await invite(shop), await shop.meet("1"), await shop.meet("2")
    assert await take(shop, first, token)
    assert not await take(shop, second, token)
    assert (await runs(shop, first), await runs(shop, second)) == (True, False)
    assert [(row.kind, row.actor) for row in await shop.rows(events)] == [
        ("admin.invited", "seller"),
        ("admin.joined", "admin:telegram:1"),
    ]
    assert await shop.said(ADMIN.external) == ["admin-joined"]
    assert await shop.said("1") == []


async def test_only_a_hash_of_the_token_is_kept(shop: Shop) -> None:
    token = await invite(shop)
    (row,) = await shop.rows(invites)
    assert len(row.token_hash) == 32
    assert token.encode() not in bytes(row.token_hash)
    assert token not in str(await shop.rows(events)) + str(await shop.jobs())


async def test_a_wrong_a_late_or_a_withdrawn_token_leaves_no_trace(shop: Shop, clock: FrozenClock) -> None:
    late, peer = await invite(shop), await shop.meet("1")
    clock.move(LIFETIME)
    withdrawn = await invite(shop)
    for _ in range(MOST_OPEN):
        await invite(shop)
    before = [await shop.rows(table) for table in (invites, admins, events)]
    assert [await take(shop, peer, each) for each in (late, withdrawn, "wrong", "", "\0" * 60)] == [False] * 5
    assert [await shop.rows(table) for table in (invites, admins, events)] == before
    assert await shop.jobs() == []


async def test_an_admin_who_tries_a_link_does_not_use_it_up(sqlite_shop: Shop) -> None:
    token = await invite(sqlite_shop)
    assert not await take(sqlite_shop, await sqlite_shop.meet(ADMIN.external), token)
    assert await take(sqlite_shop, await sqlite_shop.meet("1"), token)


async def test_an_invitation_to_one_shop_opens_no_other(sqlite_shop: Shop) -> None:
    other = await open_shop(sqlite_shop.store, slug="other")
    other = replace(other, premises=replace(other.premises, vault=sqlite_shop.premises.vault))
    token = await invite(sqlite_shop)
    assert not await take(other, await other.meet("1"), token)


async def test_who_was_removed_is_a_stranger_with_everybody_s_menu(shop: Shop, clock: FrozenClock) -> None:
    peer = await shop.meet("1")
    await take(shop, peer, await invite(shop))
    gone = [await shop.store.write(lambda unit: remove_admin(unit, shop.premises, "telegram", "1")) for _ in range(2)]
    assert gone == [True, False]
    assert not await runs(shop, peer)
    await shop.work()
    assert shop.mouths["telegram"].menus == {"1": []}
    assert [row.kind for row in await shop.rows(events)][-1] == "admin.removed"
    clock.move(timedelta(seconds=1))
    assert await take(shop, peer, await invite(shop))


async def test_who_is_in_the_settings_stays_an_admin(sqlite_shop: Shop) -> None:
    premises = sqlite_shop.premises
    peer = await sqlite_shop.meet(ADMIN.external)
    assert not await sqlite_shop.store.write(lambda unit: remove_admin(unit, premises, ADMIN.channel, ADMIN.external))
    assert await runs(sqlite_shop, peer)


async def test_invitations_whose_time_is_over_are_tidied_away(sqlite_shop: Shop, clock: FrozenClock) -> None:
    await invite(sqlite_shop)
    clock.move(LIFETIME - timedelta(milliseconds=1))
    await sqlite_shop.store.write(keep_house)
    assert len(await sqlite_shop.rows(invites)) == 1
    clock.move(timedelta(milliseconds=1))
    await sqlite_shop.store.write(keep_house)
    assert await sqlite_shop.rows(invites) == []
