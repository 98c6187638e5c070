from hypothesis import given
from hypothesis import strategies as st

from sales.way import Rule, Way, allowed

BANK = Way("casso", "VND", 3, bank=True)
VNPAY = Way("vnpay", "VND")
STARS = Way("stars", "XTR")
ALL = [BANK, VNPAY, STARS]

names = st.sampled_from(["bank", "vnpay", "stars", "bakong"])
channels = st.sampled_from(["telegram", "zalo", ""])
rules = st.builds(
    Rule,
    st.lists(st.sampled_from(["telegram", "zalo"]), unique=True).map(tuple),
    st.dictionaries(channels, st.lists(names, unique=True).map(tuple), max_size=3),
)


def test_without_rules_every_way_is_open() -> None:
    assert allowed(ALL, "telegram", []) == allowed(ALL, "telegram", [Rule()]) == ALL


def test_a_transfer_is_called_bank_whoever_watches_the_account() -> None:
    assert [way.name for way in (BANK, Way("sepay", "VND", 1, bank=True), VNPAY)] == ["bank", "bank", "vnpay"]


def test_a_rule_for_one_channel_leaves_the_others_alone() -> None:
    stars_only = Rule(pay_with={"telegram": ("stars",)})
    assert allowed(ALL, "telegram", [stars_only]) == [STARS]
    assert allowed(ALL, "zalo", [stars_only]) == ALL


def test_a_rule_for_all_others_holds_where_none_is_named() -> None:
    rule = Rule(pay_with={"": ("vnpay",), "zalo": ("bank",)})
    assert allowed(ALL, "telegram", [rule]) == [VNPAY]
    assert allowed(ALL, "zalo", [rule]) == [BANK]


def test_what_is_not_sold_there_has_no_way() -> None:
    assert allowed(ALL, "telegram", [Rule(sell_on=("zalo",))]) == []


def test_keys_tell_ways_apart_and_fit_a_button() -> None:
    assert len({way.key for way in [*ALL, Way("casso", "VND", 4, bank=True), Way("bakong", "USD")]}) == 5
    assert all(":" not in way.key and len(way.key) < 40 for way in ALL)


@given(st.lists(rules, max_size=3), st.sampled_from(["telegram", "zalo"]))
def test_each_rule_can_only_take_away(limits: list[Rule], channel: str) -> None:
    left = allowed(ALL, channel, limits)
    assert left == [way for way in ALL if all(allowed([way], channel, [rule]) for rule in limits)]
