from flows.offer_menu import ADMIN_COMMANDS, COMMANDS, menu_job
from flows.show_stats import ask_for_stats
from storage import work
from storage.schema.work import events
from tests.flows.shop import ADMIN, Shop


async def test_the_figures_come_by_a_job_of_their_own(shop: Shop) -> None:
    """Nothing is counted in the Unit that hears the asking: it may hold the only writer."""
    peer = await shop.meet(ADMIN.external, "en")
    await shop.order()
    await shop.store.write(lambda unit: ask_for_stats(unit, shop.premises, peer, "7d", "1", "100"))
    await shop.store.write(lambda unit: ask_for_stats(unit, shop.premises, peer, "7d", "1", "100"))
    assert len(await shop.jobs("stats")) == 1
    await shop.work()
    (page,) = [each for each in shop.mouths["telegram"].shown if each.to == ADMIN.external]
    assert (page.lines[0], page.language, page.reply.replace) == ("stats-title-7d", "en", "100")
    assert page.reply.lines[1].values["placed"] == 1


async def test_asking_is_logged(sqlite_shop: Shop) -> None:
    peer = await sqlite_shop.meet(ADMIN.external)
    await sqlite_shop.store.write(lambda unit: ask_for_stats(unit, sqlite_shop.premises, peer, "all", "1", None))
    (row,) = await sqlite_shop.rows(events)
    assert (row.kind, row.actor, row.detail) == ("admin.stats", f"admin:telegram:{ADMIN.external}", {"span": "all"})


async def test_a_menu_is_offered_and_taken_away(sqlite_shop: Shop) -> None:
    shop_id = sqlite_shop.premises.shop.id
    for occasion, runs_shop, menu in (("1", True, [*COMMANDS, *ADMIN_COMMANDS]), ("2", False, [])):
        job = menu_job("telegram", "7", occasion, runs_shop=runs_shop)
        await sqlite_shop.store.write(lambda unit, job=job: work.enqueue(unit, shop_id, [job]))  # type: ignore[misc]
        await sqlite_shop.work()
        assert sqlite_shop.mouths["telegram"].menus == {"7": menu}
