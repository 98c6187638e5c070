import pytest

from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.press import Press
from flows.messages import Choice, Rows, Say


def drawn(rows: Rows) -> list[list[dict[str, object]]] | None:
    markup = keyboard(rows, lambda say: say.id)
    return markup and markup.model_dump(exclude_none=True, warnings=False)["inline_keyboard"]


def test_each_kind_of_choice_has_its_kind_of_button() -> None:
    rows = (
        (Choice(Say("Mua"), token="buy:3"), Choice(Say("Trang"), url="https://example.com")),
        (Choice(Say("Chép"), copy="KXAB12"),),
    )
    assert drawn(rows) == [
        [{"text": "Mua", "callback_data": "t|buy:3"}, {"text": "Trang", "url": "https://example.com"}],
        [{"text": "Chép", "copy_text": {"text": "KXAB12"}}],
    ]


@pytest.mark.parametrize(
    "rows", [(), ((),), ((Choice(Say("Chép"), copy="x" * 257),),), ((Choice(Say("x"), copy=""),),)]
)
def test_no_buttons_are_no_keyboard(rows: Rows) -> None:
    assert drawn(rows) is None


def test_what_is_too_long_to_copy_loses_its_button_only() -> None:
    rows = ((Choice(Say("Chép"), copy="x" * 257), Choice(Say("Vừa"), copy="x" * 256)),)
    assert drawn(rows) == [[{"text": "Vừa", "copy_text": {"text": "x" * 256}}]]


@pytest.mark.parametrize("token", ["plan:3", "paid:KXAB12CD", "x" * 62, "ơ" * 31])
def test_a_token_comes_back_as_it_went(token: str) -> None:
    data = Press(token=token).pack()
    assert len(data.encode()) <= 64
    assert Press.unpack(data).token == token


@pytest.mark.parametrize("token", ["a|b", "x" * 63, "ơ" * 32])
def test_a_token_that_telegram_would_not_carry_is_a_bug(token: str) -> None:
    with pytest.raises(ValueError, match=r"Separator|too long"):
        Press(token=token).pack()
