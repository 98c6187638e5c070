"""The shop file: read strictly, and every mistake told in plain words with its place."""

from app.shop_file.mistakes import BrokenShopFile, Mistake
from app.shop_file.reading import parse_shop_file, read_shop_file

__all__ = ["BrokenShopFile", "Mistake", "parse_shop_file", "read_shop_file"]
