from bot.channels.telegram.backoff import LONGEST_WAIT, SHORTEST_WAIT, Backoff, reason
from sales.errors import Later, StoreBusy


def test_waits_double_to_half_a_minute_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.fail(Later("x")) for _ in range(7)] == [1, 2, 4, 8, 16, LONGEST_WAIT, LONGEST_WAIT]
    backoff.succeed()
    assert backoff.fail(Later("x")) == 1


def test_jitter_takes_up_to_half_away() -> None:
    assert Backoff(lambda: 0.0).fail(Later("x")) == 0.5


def test_a_wait_that_is_asked_for_is_kept_but_never_none() -> None:
    backoff = Backoff(lambda: 1.0)
    assert backoff.fail(StoreBusy("locked", 41)) == 41
    assert backoff.fail(StoreBusy("locked", 0)) == SHORTEST_WAIT


def test_the_reason_is_told_plainly() -> None:
    assert reason(StoreBusy("locked")) == "locked"
