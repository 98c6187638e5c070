"""What the page is told of the street."""

import json
from datetime import UTC

from sandbox.api.state import MESSAGES_SHOWN
from tests.clock import FrozenClock
from tests.sandbox.house import ACCOUNT, SECRETS, House


async def test_a_new_street_is_empty_and_well(house: House) -> None:
    state = await house.state()
    assert state["now"] == FrozenClock()().astimezone(UTC).isoformat()
    assert state["chat"] == {"down": False, "limit_next": False, "pay_twice": False, "stars": 0}
    assert state["mail"] == {"down": False, "letters": []}
    assert state["payos"] == {"down": False, "limit_next": False, "slow": False, "links": []}
    assert state["bank"] == {
        "bin": ACCOUNT.bin,
        "account": ACCOUNT.account,
        "holder": ACCOUNT.holder,
        "sources": ["casso"],
        "telling": ["casso"],
        "payer": {"name": "NGUYEN VAN A", "account": "1028000814"},
        "payments": [],
    }
    assert [(phone["messages"], phone["toasts"], phone["presses"]) for phone in state["phones"]] == [([], [], [])] * 2
    assert [phone["paying"] for phone in state["phones"]] == [[], []]


async def test_only_the_latest_messages_are_shown(house: House) -> None:
    for number in range(MESSAGES_SHOWN + 3):
        await house.sent(str(number))
    shown = [message["text"] for message in (await house.buyer())["messages"]]
    assert shown == [str(number) for number in range(3, MESSAGES_SHOWN + 3)]


async def test_faults_are_switched_one_by_one(house: House) -> None:
    await house.post("faults", chat_down=True)
    await house.post("faults", limit_next=True)
    chat = (await house.state())["chat"]
    assert (chat["down"], chat["limit_next"], chat["pay_twice"]) == (True, True, False)
    await house.post("faults", chat_down=False, pay_twice=True)
    chat = (await house.state())["chat"]
    assert (chat["down"], chat["limit_next"], chat["pay_twice"]) == (False, True, True)
    await house.post("faults", payos_slow=True, payos_down=True)
    await house.post("faults", payos_limit_next=True, payos_down=False)
    assert (await house.state())["payos"] == {"down": False, "limit_next": True, "slow": True, "links": []}
    await house.post("faults", mail_down=True)
    await house.post("faults", mail_down=True)
    await house.post("faults", mail_down=False)
    assert (await house.state())["mail"]["down"] is False


async def test_no_secret_and_no_token_is_shown(house: House) -> None:
    await house.sent("x")
    await house.post("bank/pay", account=ACCOUNT.account, amount=5, memo="x")
    told = json.dumps(await house.state())
    assert house.street.token not in told
    assert not [key for secrets in SECRETS.values() for key in secrets.values() if key in told]


async def test_a_closed_street_can_be_closed_again_and_takes_no_more_letters(house: House) -> None:
    await house.street.close()
    await house.street.close()
    assert house.street.mailbox.down
