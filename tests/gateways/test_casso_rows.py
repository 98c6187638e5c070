"""The first form of Casso's notice: many rows in one call, each read by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.casso import CASSO
from gateways.casso_rows import COMMAS
from gateways.gateway import Request
from sales.errors import Malformed, PartlyMalformed
from sales.transfer import Payer, Sighting
from tests.gateways.casso_signing import DATA, ROW, TOKEN, named, notice, row, rows
from webhooks.notices import BODY_LIMIT

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
SECRETS = {"secure_token": TOKEN}
SAID = Sighting(
    source="casso",
    ref="218897",
    amount=199000,
    currency="VND",
    account="0000111122223333",
    memo="MBVCB.1.KEY251022001.CT tu 0123",
    reference="FT25295123456789",
    booked_at=datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC),
    payer=Payer("NGUYEN VAN A", "0999888777", "Vietcombank"),
)


def read(request: Request) -> tuple[Sighting, ...]:
    return CASSO.read(SECRETS, request, NOW)


def one(**changes: object) -> Sighting:
    [said] = read(rows(row(**changes)))
    return said


def refs(found: tuple[Sighting, ...]) -> list[str]:
    return [each.ref for each in found]


def test_every_field_finds_its_place_as_in_the_second_form() -> None:
    assert one() == SAID
    assert CASSO.read({"checksum_key": "k"}, _signed_alike("k"), NOW) == (SAID,)


def _signed_alike(key: str) -> Request:
    return CASSO.forge({"checksum_key": key}, SAID, NOW)


def test_each_row_is_a_movement_with_its_own_account_and_direction() -> None:
    found = read(rows(row(id=1), row(id=2, amount=-5000), row(id=3, bank_sub_acc_id="999")))
    assert [(each.ref, each.amount, each.account) for each in found] == [
        ("1", 199000, "0000111122223333"),
        ("2", -5000, "0000111122223333"),
        ("3", 199000, "999"),
    ]


@pytest.mark.parametrize("body", [{"error": 0, "data": []}, {"data": [row(id=0)]}, {"data": [{"id": 0}]}])
def test_no_rows_and_the_test_call_say_nothing(body: object) -> None:
    assert read(named(body)) == ()


def test_a_test_row_hides_no_other() -> None:
    assert refs(read(rows(row(id=0), row(id=7)))) == ["7"]


@pytest.mark.parametrize(
    ("when", "booked"),
    [
        ("2020-11-02", datetime(2020, 11, 1, 17, tzinfo=UTC)),
        ("2020-11-02 00:00:00", datetime(2020, 11, 1, 17, tzinfo=UTC)),
        ("2020-11-02T00:00:00", datetime(2020, 11, 1, 17, tzinfo=UTC)),
        ("2020-11-02T00:00:00+07:00", datetime(2020, 11, 1, 17, tzinfo=UTC)),
        ("2020-11-02T00:00:00.000Z", datetime(2020, 11, 2, tzinfo=UTC)),
        ("", None),
        (None, None),
        ("02/11/2020", None),
    ],
)
def test_the_three_shapes_of_its_time(when: str | None, booked: datetime | None) -> None:
    assert one(when=when).booked_at == booked


@pytest.mark.parametrize(
    ("changes", "account"),
    [
        ({"bank_sub_acc_id": "111", "subAccId": "222"}, "111"),
        ({"bank_sub_acc_id": "", "subAccId": "222"}, "222"),
        ({"bank_sub_acc_id": None, "subAccId": " 222 "}, "222"),
        ({"bank_sub_acc_id": "  ", "subAccId": "222"}, "222"),
        ({"bank_sub_acc_id": "", "subAccId": None, "virtualAccount": "VA1"}, "VA1"),
    ],
)
def test_the_account_stands_where_the_bank_has_put_it(changes: dict[str, Any], account: str) -> None:
    assert one(**changes).account == account


def test_a_virtual_account_is_kept_beside_the_real_one() -> None:
    said = one(virtualAccount="VA1")
    assert (said.account, said.virtual_account) == ("0000111122223333", "VA1")


def test_a_payers_bank_without_a_name_is_known_by_its_number() -> None:
    assert one(corresponsiveBankName="").payer.bank == "970436"


@pytest.mark.parametrize("field", sorted(set(ROW) - {"id", "amount", "bank_sub_acc_id", "subAccId"}))
def test_null_and_absent_are_empty(field: str) -> None:
    without = {name: value for name, value in ROW.items() if name != field}
    assert one(**{field: None}) == read(rows(without))[0]


def test_fields_of_older_and_newer_notices_are_let_in() -> None:
    assert one(guid="x", orderOfTheDay=3, hashDateDesAmount=None, account=5, aNewerField={"a": [1]}) == SAID


BAD_ROWS: list[Any] = [
    row(id="218897"),
    row(id=1.0),
    row(id=None),
    row(id=-1),
    row(id=2**53),
    row(id=False),
    row(amount="199000"),
    row(amount=0),
    row(amount=None),
    row(amount=1.5),
    row(amount=10**14),
    row(amount=True),
    row(bank_sub_acc_id="", subAccId=""),
    row(bank_sub_acc_id=None, subAccId="  ", virtualAccount=""),
    row(bank_sub_acc_id=111),
    row(bank_sub_acc_id="1" * 65),
    row(description=["x"]),
    row(when=5),
    {},
    None,
    5,
    "row",
    [row()],
]


@pytest.mark.parametrize("bad", BAD_ROWS, ids=lambda bad: repr(bad)[:40])
def test_a_row_that_cannot_be_read_costs_no_other_and_is_not_passed_over(bad: object) -> None:
    for told in ([row(id=1), bad, row(id=2)], [bad, row(id=1), row(id=2)]):
        with pytest.raises(PartlyMalformed, match="1 of 3 rows cannot be read") as refusal:
            read(rows(*told))
        assert refs(refusal.value.readable) == ["1", "2"]
        assert refusal.value.__cause__ is None


def test_when_no_row_can_be_read_nothing_is() -> None:
    with pytest.raises(PartlyMalformed) as refusal:
        read(rows(None, row(amount="x")))
    assert refusal.value.readable == ()


@pytest.mark.parametrize(
    "body",
    [None, 5, "x", [], [row()], {}, {"data": None}, {"data": row()}, {"data": "x"}, {"error": 0, "data": dict(DATA)}],
)
def test_what_holds_no_rows_is_malformed(body: object) -> None:
    with pytest.raises(Malformed) as refusal:
        read(named(body))
    assert not isinstance(refusal.value, PartlyMalformed)


def test_the_longest_body_a_door_reads_is_read_whole() -> None:
    many = BODY_LIMIT // len(notice().body)
    told = read(rows(*(row(id=number + 1, description="a, b, c, d") for number in range(many))))
    assert len(told) == many > 400


def test_more_values_than_any_true_body_holds_are_refused() -> None:
    with pytest.raises(Malformed, match="too many"):
        read(Request(b"[" + b"1," * (COMMAS + 1) + b"1]", (("secure-token", TOKEN),)))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(ROW)), values)
def test_nonsense_in_a_field_never_costs_the_next_row(field: str, value: object) -> None:
    try:
        found = read(rows(row(id=1, **{field: value}) if field != "id" else row(id=value), row(id=2)))
    except PartlyMalformed as refusal:
        found = refusal.readable
    except Malformed:
        assert "NaN" in repr(value).replace("nan", "NaN") or "inf" in repr(value)
        return
    assert found[-1].ref == "2"
    for each in found:
        assert type(each.amount) is int
        f"{each.memo}{each.account}{each.reference}{each.payer.name}".encode()
