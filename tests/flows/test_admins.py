from flows.admins import admins_of, is_admin
from flows.messages import Say
from flows.premises import Admin
from flows.send_reply import admin_jobs
from storage import admins, buyers
from tests.flows.shop import ADMIN, Shop, open_shop

SAID = [Say("admin-mail-missing")]


async def join(shop: Shop, external: str) -> None:
    await shop.store.write(lambda unit: admins.join(unit, shop.premises.shop.id, "telegram", external, "An"))


async def runs(shop: Shop, external: str, channel: str = "telegram") -> bool:
    return await shop.store.read(lambda unit: is_admin(unit, shop.premises, channel, external))


async def test_those_in_the_settings_and_those_who_joined_run_the_shop(shop: Shop) -> None:
    await join(shop, "7")
    assert [await runs(shop, each) for each in (ADMIN.external, "7", "42")] == [True, True, False]
    assert not await runs(shop, "7", channel="email")
    everybody = await shop.store.read(lambda unit: admins_of(unit, shop.premises))
    assert everybody == (ADMIN, Admin("telegram", "7"))


async def test_who_is_in_both_places_is_one_person(sqlite_shop: Shop) -> None:
    await join(sqlite_shop, ADMIN.external)
    assert await sqlite_shop.store.read(lambda unit: admins_of(unit, sqlite_shop.premises)) == (ADMIN,)


async def test_an_admin_of_one_shop_runs_no_other(sqlite_shop: Shop) -> None:
    other = await open_shop(sqlite_shop.store, admins=(), slug="other")
    await join(sqlite_shop, "7")
    assert not await runs(other, "7")


async def test_everybody_who_runs_the_shop_is_told(sqlite_shop: Shop) -> None:
    await join(sqlite_shop, "7")
    jobs = await sqlite_shop.store.read(lambda unit: admin_jobs(unit, sqlite_shop.premises, SAID, "name"))
    assert [job.payload["to"] for job in jobs] == [ADMIN.external, "7"]
    assert len({job.dedupe for job in jobs}) == 2


async def test_an_alert_about_an_order_names_its_buyer(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(peer := await sqlite_shop.meet())
    shop_id = sqlite_shop.premises.shop.id
    await sqlite_shop.store.write(lambda unit: buyers.rename(unit, shop_id, peer.id, "Nguyễn Văn A", "nguoi_mua"))
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 1), sqlite_shop.sighting(order.code, order.total.minor))
    await sqlite_shop.work()
    (alert,) = [each for each in sqlite_shop.mouths["telegram"].shown if each.to == ADMIN.external]
    assert alert.lines == ["admin-over", "admin-buyer"]
    assert alert.reply.lines[1].values == {"who": "Nguyễn Văn A @nguoi_mua", "channel": "telegram", "id": "42"}
