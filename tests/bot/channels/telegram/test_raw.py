import json

import pytest

from bot.channels.telegram.raw import RawUpdate, raw_update
from tests.bot.channels.telegram import acts


@pytest.mark.parametrize(
    "update", [acts.wrote("x"), acts.pressed("t|a"), acts.blocked(), acts.update(edited_message=acts.message("x"))]
)
def test_all_that_one_person_does_runs_in_one_lane(update: acts.Update) -> None:
    raw = raw_update(update.to_dict())
    assert raw
    assert (raw.event, raw.lane) == (str(update.update_id), "42")
    assert json.loads(raw.body) == update.to_dict()


def test_a_group_has_a_lane_of_its_own() -> None:
    raw = raw_update(acts.pressed("t|a", chat=acts.GROUP).to_dict())
    assert raw
    assert raw.lane == "-100200"


@pytest.mark.parametrize(
    ("thing", "lane"),
    [({"from": {"id": 5}}, "5"), ({"chat": "x"}, "9"), ({"chat": {"id": "x"}}, "9"), ("text", "9"), ([1], "9")],
)
def test_an_unknown_kind_has_the_lane_of_its_person_or_its_own(thing: object, lane: str) -> None:
    assert raw_update({"update_id": 9, "telepathy": thing}) == RawUpdate(
        "9", lane, json.dumps({"update_id": 9, "telepathy": thing}, separators=(",", ":"))
    )


@pytest.mark.parametrize("data", [None, 5, "x", [], {}, {"update_id": None}, {"update_id": "9"}])
def test_what_has_no_id_cannot_be_kept(data: object) -> None:
    assert raw_update(data) is None


def test_half_a_character_and_nul_stay_escapes() -> None:
    raw = raw_update({"update_id": 1, "message": {"text": "\ud83d \x00 ₫"}})
    assert raw
    assert raw.body.isascii()
    assert json.loads(raw.body)["message"]["text"] == "\ud83d \x00 ₫"
