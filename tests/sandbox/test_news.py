import asyncio

from sandbox.news import News


async def test_everyone_who_waits_is_woken_by_one_change() -> None:
    news = News()
    waiting = [asyncio.create_task(news.after(0)) for _ in range(3)]
    await asyncio.wait(waiting, timeout=0.01)
    assert not any(task.done() for task in waiting)
    news.tell()
    assert await asyncio.gather(*waiting) == [1, 1, 1]


async def test_what_has_already_changed_is_not_waited_for() -> None:
    news = News()
    news.tell()
    assert await news.after(0) == 1


async def test_waiting_within_a_time() -> None:
    news = News()
    assert await news.within(news.version, 0.01) is False
    news.tell()
    assert await news.within(0, 0.01) is True


async def test_after_closing_nobody_waits() -> None:
    news = News()
    waiting = asyncio.create_task(news.after(0))
    await asyncio.wait([waiting], timeout=0.01)
    news.close()
    assert await waiting == 1
    assert await news.after(news.version) == 1
