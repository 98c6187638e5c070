"""A call that carries many movements, at a real door."""

from structlog.testing import capture_logs

from sales.errors import StoreBusy
from tests.gateways.casso_signing import TOKEN, row, rows
from tests.webhooks.house import SECRETS, House, Visitor, counted, notice


async def test_all_rows_are_settled_as_one_notice(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    answer = await visitor.notify(rows(row(id=1), row(id=0), row(id=2)))
    assert (answer.status, answer.json) == (200, {"success": True})
    [(_, _, sightings, _)] = house.settled
    assert [each.ref for each in sightings] == ["1", "2"]


async def test_a_large_call_is_one_short_line_in_the_log(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    with capture_logs() as logs:
        await visitor.notify(rows(*(row(id=700_000 + place) for place in range(100))))
    [entry] = [log for log in logs if log["event"] == "notice.accepted"]
    assert (entry["movements"], entry["first"]) == (100, "700000")
    assert "700001" not in repr(logs)


async def test_readable_rows_are_settled_and_the_call_is_asked_for_again(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    with capture_logs() as logs:
        answer = await visitor.notify(rows(row(id=1), row(id=2, amount="a lot"), row(id=3)))
    assert (answer.status, answer.json) == (400, {"success": False, "error": "malformed"})
    assert [each.ref for _, _, sightings, _ in house.settled for each in sightings] == ["1", "3"]
    assert [(log["event"], log.get("reason")) for log in logs] == [
        ("notice.partly_malformed", "1 of 3 rows cannot be read")
    ]
    assert await counted(visitor, "malformed") == 1


async def test_when_nothing_can_be_read_nothing_is_settled(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    assert (await visitor.notify(rows(None))).status == 400
    assert house.settled == []


async def test_a_busy_house_says_so_though_a_row_is_bad(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    house.failure = StoreBusy("locked")
    assert (await visitor.notify(rows(row(id=1), None))).status == 503


async def test_the_form_without_a_secret_is_forged(house: House, visitor: Visitor) -> None:
    assert (await visitor.notify(rows(row()))).status == 401
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    assert (await visitor.notify(notice())).status == 401
    house.secrets["main", "casso"] = {**SECRETS, "secure_token": TOKEN}
    assert [(await visitor.notify(each)).status for each in (rows(row()), notice())] == [200, 200]


async def test_a_token_of_odd_bytes_is_refused_not_stumbled_over(house: House, visitor: Visitor) -> None:
    house.secrets["main", "casso"] = {"secure_token": TOKEN}
    body = rows(row()).body
    head = f"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    for token in (b"\xff\xfe", "mật".encode(), TOKEN.encode() + b"\xe9"):
        heard = await visitor.say(head.encode() + b"Secure-Token: " + token + b"\r\n\r\n" + body)
        assert heard.startswith(b"HTTP/1.1 401 ")
    assert house.settled == []
