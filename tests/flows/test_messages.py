import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from flows.messages import Choice, Reply, Say, pack, unpack
from sales.money import EXPONENTS, Money

SAIGON = timezone(timedelta(hours=7))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.text("abc-", min_size=1, max_size=8)
moments = st.datetimes(
    timezones=st.sampled_from([UTC, SAIGON]),
    min_value=datetime(1960, 1, 1),  # noqa: DTZ001 - the zone is added
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
durations = st.integers(0, 10**12).map(lambda count: timedelta(milliseconds=count))
money = st.builds(Money, st.integers(), st.sampled_from(sorted(EXPONENTS)))
values = st.one_of(st.none(), texts, st.integers(), moments, durations, money)
says = st.builds(Say, names, st.dictionaries(names, values, max_size=4))
choices = st.builds(Choice, says, st.none() | texts, st.none() | texts, st.none() | texts)
rows = st.lists(st.lists(choices, max_size=3).map(tuple), max_size=3).map(tuple)
replies = st.builds(
    Reply,
    st.lists(says, max_size=3).map(tuple),
    rows,
    st.none() | says,
    st.none() | st.integers(1),
    st.none() | texts,
    st.none() | texts,
    st.none() | texts,
)


@given(replies)
def test_a_reply_comes_back_from_json_as_it_went(reply: Reply) -> None:
    assert unpack(json.loads(json.dumps(pack(reply)))) == reply


@given(moments)
def test_a_moment_keeps_every_millisecond_and_comes_back_in_utc(moment: datetime) -> None:
    back = unpack(pack(Reply((Say("x", {"at": moment}),)))).lines[0].values["at"]
    assert back == moment
    assert isinstance(back, datetime)
    assert back.tzinfo is UTC


def test_what_has_no_form_in_json_gets_one_of_its_own() -> None:
    at = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    packed = pack(Reply((Say("x", {"price": Money(5, "USD"), "at": at, "none": None, "text": "5"}),)))
    assert packed["lines"][0]["values"] == {
        "price": {"money": [5, "USD"]},
        "at": {"time": 1000},
        "none": None,
        "text": "5",
    }


def test_a_reply_that_was_kept_before_there_were_refunds_is_read() -> None:
    old = pack(Reply((Say("x"),)))
    del old["refund"]
    assert unpack(old) == Reply((Say("x"),))


def test_a_reply_with_a_card_is_pictured() -> None:
    assert [reply.pictured for reply in (Reply(), Reply(card=1), Reply(refund="1:a"))] == [False, True, True]


def test_an_empty_reply_is_a_reply() -> None:
    assert unpack(pack(Reply())) == Reply()
