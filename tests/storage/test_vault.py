import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.errors import Misconfigured
from storage.vault import KEY_BYTES, Vault, new_vault_key

TEXT = base64.urlsafe_b64encode(bytes(range(32))).decode()
PLACE = "1/grants/key/42"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.fixture
def vault() -> Vault:
    return Vault.from_text(TEXT)


@given(texts, texts)
def test_what_is_sealed_for_a_place_opens_there(place: str, secret: str) -> None:
    vault = Vault.from_text(TEXT)
    assert vault.unseal(place, vault.seal(place, secret)) == secret


@given(texts, texts)
def test_nothing_opens_at_another_place(place: str, other: str) -> None:
    vault = Vault.from_text(TEXT)
    if place == other:
        return
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        vault.unseal(other, vault.seal(place, "secret"))


@pytest.mark.parametrize("other", ["2/grants/key/42", "1/grants/key/43", "1/grants/hash/42", ""])
def test_shop_row_and_column_are_each_part_of_the_place(vault: Vault, other: str) -> None:
    with pytest.raises(Misconfigured):
        vault.unseal(other, vault.seal(PLACE, "secret"))


def test_another_key_opens_nothing(vault: Vault) -> None:
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        Vault.from_text(new_vault_key()).unseal(PLACE, vault.seal(PLACE, "secret"))


@given(st.integers(0, 200), st.integers(1, 255))
def test_one_changed_bit_anywhere_is_noticed(at: int, flip: int) -> None:
    vault = Vault.from_text(TEXT)
    sealed = bytearray(vault.seal(PLACE, "secret"))
    sealed[at % len(sealed)] ^= flip
    with pytest.raises(Misconfigured):
        vault.unseal(PLACE, bytes(sealed))


@given(st.integers(0, 33))
def test_a_sealed_value_cut_short_is_noticed(length: int) -> None:
    vault = Vault.from_text(TEXT)
    with pytest.raises(Misconfigured):
        vault.unseal(PLACE, vault.seal(PLACE, "secret")[:length])


def test_the_same_secret_never_looks_the_same_twice(vault: Vault) -> None:
    assert len({vault.seal(PLACE, "secret") for _ in range(100)}) == 100


def test_what_is_sealed_does_not_show_through(vault: Vault) -> None:
    assert b"secret" not in vault.seal(PLACE, "secret")


def test_a_hash_finds_its_text_again_and_no_other(vault: Vault) -> None:
    again = Vault.from_text(TEXT)
    assert vault.hash("licence", "KEY") == again.hash("licence", "KEY")
    assert len(vault.hash("licence", "KEY")) == 32
    others = {vault.hash("licence", "KEY2"), vault.hash("email", "KEY"), vault.hash("licenceK", "EY")}
    assert vault.hash("licence", "KEY") not in others
    assert Vault.from_text(new_vault_key()).hash("licence", "KEY") != vault.hash("licence", "KEY")


def test_the_key_that_seals_is_not_the_key_that_hashes_nor_the_one_given(vault: Vault) -> None:
    assert vault._hash_key != bytes(range(32))
    with pytest.raises(Misconfigured):
        Vault.from_text(base64.urlsafe_b64encode(vault._hash_key).decode()).unseal(PLACE, vault.seal(PLACE, "x"))


def test_its_repr_shows_no_key(vault: Vault) -> None:
    assert repr(vault) == "Vault()"


@pytest.mark.parametrize("form", [TEXT, TEXT.rstrip("="), f"  {TEXT}\n"])
def test_a_key_may_come_with_padding_or_blanks_or_without(vault: Vault, form: str) -> None:
    assert Vault.from_text(form).unseal(PLACE, vault.seal(PLACE, "secret")) == "secret"


@pytest.mark.parametrize("text", ["", " ", "x", "not base64!", TEXT[:-4], TEXT + "AAAA", "ÿ" * 43])
def test_anything_but_32_bytes_of_base64_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="vault-key-malformed"):
        Vault.from_text(text)


@given(st.text(max_size=80))
def test_any_text_makes_a_vault_or_is_refused_by_name(text: str) -> None:
    try:
        Vault.from_text(text)
    except Misconfigured as error:
        assert error.message == "vault-key-malformed"  # noqa: PT017 - both ends are right


def test_both_alphabets_of_base64_name_the_same_key() -> None:
    plain, safe = base64.b64encode(b"\xfb" * 32).decode(), base64.urlsafe_b64encode(b"\xfb" * 32).decode()
    assert plain != safe
    assert Vault.from_text(plain).hash("licence", "KEY") == Vault.from_text(safe).hash("licence", "KEY")


def test_new_keys_are_32_random_bytes() -> None:
    keys = {new_vault_key() for _ in range(50)}
    assert len(keys) == 50
    assert {len(base64.urlsafe_b64decode(key + "=")) for key in keys} == {KEY_BYTES}
