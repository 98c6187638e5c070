import json

from hypothesis import given
from hypothesis import strategies as st

from gateways import javascript
from gateways.json_form import canonical

any_text = st.text(st.characters(exclude_categories=()))


def test_a_list_of_keys_begins_with_array_indexes_and_keeps_the_rest() -> None:
    thing = {"b": 1, "10": 2, "a": 3, "9": 4, "01": 5, "4294967295": 6, "4294967294": 7}
    listed = '{"9":4,"10":2,"4294967294":7,"b":1,"a":3,"01":5,"4294967295":6}'
    assert canonical(thing, javascript.STRINGIFY) == listed


def test_half_a_surrogate_pair_is_printed_as_an_escape() -> None:
    assert canonical(["\ud83d", "😀\n\x7f"], javascript.STRINGIFY) == '["\\ud83d","😀\\n\x7f"]'


def test_an_emoji_is_two_code_units() -> None:
    assert javascript.units("aộ😀\ud83d") == ["a", "ộ", "\ud83d", "\ude00", "\ud83d"]
    assert javascript.units("") == []


@given(any_text)
def test_what_is_printed_is_read_back(text: str) -> None:
    printed = canonical(text, javascript.STRINGIFY)
    printed.encode()
    assert json.loads(printed) == json.loads(json.dumps(text))


@given(st.text())
def test_code_units_put_together_are_the_text(text: str) -> None:
    assert "".join(javascript.units(text)).encode("utf-16-le", "surrogatepass").decode("utf-16-le") == text
