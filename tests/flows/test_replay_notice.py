from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.notice import Notice, pack_sighting, unpack_sighting
from flows.till import keep_failed
from sales.transfer import Payer, Sighting
from storage.columns import Json
from storage.schema.money import notices as table
from tests.clock import FrozenClock
from tests.flows.shop import Shop, notices

LATER = timedelta(minutes=2)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001
payers = st.builds(Payer, texts, texts, texts)
any_sighting = st.builds(
    Sighting, texts, texts, st.integers(), texts, texts, texts, texts, texts, st.none() | moments, payers
)


async def keep(shop: Shop, notice: Notice, reason: str = "KeyError") -> None:
    await shop.store.write(lambda unit: keep_failed(unit, shop.premises, notice, reason))


@given(any_sighting)
def test_a_sighting_comes_back_from_the_queue_as_it_went(sighting: Sighting) -> None:
    column = Json()
    kept = column.process_bind_param(pack_sighting(sighting), None)  # type: ignore[arg-type]
    assert unpack_sighting(column.process_result_value(kept, None)) == sighting  # type: ignore[arg-type]


def test_a_notice_is_named_by_its_body() -> None:
    assert Notice("casso", "a", ()).digest == Notice("casso", "a", ()).digest != Notice("casso", "b", ()).digest


async def test_a_kept_notice_is_settled_later(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    (notice,) = notices(shop.sighting(order.code, booked_at=clock.now))
    await keep(shop, notice)
    await shop.work()
    assert await shop.meanings() == []
    clock.move(LATER)
    await shop.work()
    (transfer,) = (await shop.books())["transfers"]
    assert (transfer["decision"], transfer["payer"]["name"]) == ("exact", "NGUYEN VAN A")
    assert transfer["booked_at"] == (clock.now - LATER).isoformat()


async def test_keeping_it_again_plans_no_second_replay(shop: Shop) -> None:
    (notice,) = notices(shop.sighting("nobody"))
    await keep(shop, notice)
    await keep(shop, notice, "ValueError")
    assert [row.error for row in await shop.rows(table)] == ["KeyError"]
    assert len(await shop.jobs("replay_notice")) == 1


async def test_a_notice_whose_money_others_told_of_meanwhile_is_settled_too(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    sighting = shop.sighting(order.code)
    await keep(shop, Notice("casso", "the first wording", (sighting,)))
    await shop.settle(sighting)
    clock.move(LATER)
    await shop.work()
    assert await shop.meanings() == ["exact"]
    assert {(row.state, row.error) for row in await shop.rows(table)} == {("settled", None)}


async def test_a_replay_that_fails_again_stays_in_the_queue(
    shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.replay_notice

    def broken(*_: object) -> int:
        raise RuntimeError("still broken")

    order = await shop.order()
    (notice,) = notices(shop.sighting(order.code))
    await keep(shop, notice)
    clock.move(LATER)
    with monkeypatch.context() as patch:
        patch.setattr(flows.replay_notice, "settle_payments", broken)
        await shop.work()
    (job,) = await shop.jobs("replay_notice")
    assert (job.state, job.last_error) == ("ready", "RuntimeError")
    assert [row.state for row in await shop.rows(table)] == ["failed"]
    clock.move(LATER)
    await shop.work()
    assert await shop.meanings() == ["exact"]
