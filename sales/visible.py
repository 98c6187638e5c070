"""Words of strangers as people may read them."""


def visible(text: str) -> str:
    """Leave out what cannot be seen, and make one line of it.

    A line break, a turned direction or a terminal's control code could pass for words of the shop, and half an emoji
    or a zero character fits into no database.
    """
    return "".join(letter if letter.isprintable() else " " * letter.isspace() for letter in text)
