import pytest

from sales.latin import latin


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Key Shop", "Key Shop"),
        ("Cửa hàng Đồ Số", "Cua hang Do So"),
        ("  Shop \n của\tem ", "Shop cua em"),
        ("ＫＥＹ ①", "KEY 1"),
        ("Shop 😀 A", "Shop A"),
        ("ហាងលក់", ""),
        ("N" * 24 + " Name", "N" * 24),
        ("\x00\x7f", ""),
        ("", ""),
    ],
)
def test_a_name_in_bare_letters(name: str, bare: str) -> None:
    assert latin(name, 25) == bare
