"""Names in bare Latin letters, for places that take no others."""

import unicodedata

_STROKED = {0x0111: "d", 0x0110: "D"}  # đ, Đ: to Unicode their stroke is no mark that could be stripped


def latin(name: str, longest: int) -> str:
    """A name in ASCII on one line, marks stripped, cut to `longest` characters; "" when nothing of it is left."""
    letters = unicodedata.normalize("NFKD", name.translate(_STROKED))
    words = "".join(letter for letter in letters if letter.isspace() or " " < letter < "\x7f").split()
    return " ".join(words)[:longest].rstrip()
