import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.form_text import FIELDS, media_type, multipart, urlencoded
from sales.errors import Malformed

KIND = "multipart/form-data; boundary=b1"


def part(name: str, value: str, *headers: str) -> str:
    more = "".join(f"{each}\r\n" for each in headers)
    return f'--b1\r\nContent-Disposition: form-data; name="{name}"\r\n{more}\r\n{value}\r\n'


def read(*parts: str, end: str = "--b1--\r\n") -> dict[str, str]:
    return multipart(("".join(parts) + end).encode(), KIND)


def test_the_kind_of_a_body() -> None:
    assert media_type(" Multipart/Form-Data ; boundary=x") == "multipart/form-data"
    assert media_type("") == ""


def test_a_form_is_read() -> None:
    assert urlencoded(b"a=1&b=&c=x+y%26%E1%BB%99") == {"a": "1", "b": "", "c": "x y&ộ"}
    assert read(part("a", "1"), part("b", ""), part("c", "x y&ộ\r\n2")) == {"a": "1", "b": "", "c": "x y&ộ\r\n2"}


@pytest.mark.parametrize("body", [b"a", b"a=1&", b"&a=1", b"a=1&&b=2", b"\xff=1", b"{}"])
def test_what_is_no_form_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        urlencoded(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", KIND),
        (b"{}", KIND),
        (b'--b1\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', KIND),
        (b"--b1\r\n\r\n1\r\n--b1--", KIND),
        (b'--b1\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b1--', "multipart/form-data"),
        (b'--b1\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b1--', "multipart/form-data; boundary=other"),
        (b"x", "multipart/form-data; boundary=\u1ed9"),
    ],
)
def test_what_is_no_multipart_is_malformed(body: bytes, kind: str) -> None:
    with pytest.raises(Malformed):
        multipart(body, kind)


def test_each_name_stands_once() -> None:
    with pytest.raises(Malformed, match="twice"):
        urlencoded(b"a=1&a=1")
    with pytest.raises(Malformed, match="twice"):
        read(part("a", "1"), part("a", "1"))


def test_files_are_passed_over() -> None:
    file = '--b1\r\nContent-Disposition: form-data; name="f"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n\0\r\n'
    assert read(part("a", "1"), file) == {"a": "1"}


def test_a_part_may_be_packed_and_may_name_its_kind() -> None:
    packed = part("a", "4buZ", "Content-Transfer-Encoding: base64")
    assert read(packed, part("b", "x", "Content-Type: text/plain; charset=utf-8")) == {"a": "ộ", "b": "x"}


def test_a_part_that_is_packed_wrongly_is_malformed() -> None:
    with pytest.raises(Malformed):
        read(part("a", "4bu", "Content-Transfer-Encoding: base64"))


def test_parts_within_parts_are_no_field() -> None:
    nested = 'Content-Type: multipart/mixed; boundary="b2"'
    with pytest.raises(Malformed):
        read(part("a", "--b2\r\n\r\nx\r\n--b2--", nested))


@pytest.mark.parametrize("levels", [5, 3000])
def test_however_deep_they_lie(levels: int) -> None:
    inner = "".join(f"Content-Type: multipart/mixed; boundary=n{n}\r\n\r\n--n{n}\r\n" for n in range(levels))
    with pytest.raises(Malformed):
        multipart(f"--b1\r\n{inner}".encode(), KIND)


def test_too_many_fields_are_malformed() -> None:
    assert len(urlencoded("&".join(f"n{n}=" for n in range(FIELDS)).encode())) == FIELDS
    assert len(read(*(part(f"n{n}", "") for n in range(FIELDS)))) == FIELDS
    with pytest.raises(Malformed):
        urlencoded("&".join(f"n{n}=" for n in range(FIELDS + 1)).encode())
    with pytest.raises(Malformed):
        read(*(part(f"n{n}", "") for n in range(FIELDS + 1)))


@given(st.binary(max_size=300))
def test_random_bodies_end_in_a_reading_or_malformed(body: bytes) -> None:
    for form in (
        urlencoded,
        lambda raw: multipart(raw, KIND),
        lambda raw: multipart(b"--b1\r\n" + raw + b"\r\n--b1--", KIND),
    ):
        try:
            found = form(body)
        except Malformed:
            continue
        assert all(isinstance(text, str) for pair in found.items() for text in pair)


@given(st.text(max_size=40))
def test_random_kinds_end_in_a_reading_or_malformed(kind: str) -> None:
    for content_type in (kind, f"multipart/form-data; {kind}", f"multipart/form-data; boundary={kind}"):
        try:
            multipart(b'--b1\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b1--', content_type)
        except Malformed:
            continue
