"""Photos as the platform keeps them: re-compressed to JPEG, at most 1280 pixels a side."""

from dataclasses import dataclass, field
from io import BytesIO
from secrets import token_urlsafe

from PIL import Image
from telegram import PhotoSize

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.params import UPLOAD_LIMIT

KEPT = 100
LONGEST_SIDE = 1280
SIDES_LIMIT = 10_000
RATIO_LIMIT = 20
FORMATS = ("PNG", "JPEG", "WEBP")
JPEG_QUALITY = 87


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo and the names it goes by; `jpeg` are its bytes."""

    size: PhotoSize
    path: str
    jpeg: bytes = field(repr=False)


class Photos:
    """The latest photos, found by file id, unique id or path."""

    def __init__(self) -> None:
        self._kept: dict[str, Photo] = {}
        self._count = 0

    def add(self, data: bytes) -> Photo:
        """Take an upload; raises 400 for what is no picture and 413 beyond 10 MB."""
        jpeg, width, height = develop(data)
        self._count += 1
        unique = token_urlsafe(12)
        size = PhotoSize(f"AgAC{token_urlsafe(32)}", unique, width, height, len(jpeg))
        photo = self._kept[unique] = Photo(size, f"photos/file_{self._count}.jpg", jpeg)
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return photo

    def by_file_id(self, file_id: str) -> Photo | None:
        """Find what a bot names by its file id."""
        return next((photo for photo in self._kept.values() if photo.size.file_id == file_id), None)

    def by_unique_id(self, unique: str) -> Photo | None:
        """Find what the page shows."""
        return self._kept.get(unique)

    def by_path(self, path: str) -> Photo | None:
        """Find what a bot downloads."""
        return next((photo for photo in self._kept.values() if photo.path == path), None)


def develop(data: bytes) -> tuple[bytes, int, int]:
    """Re-compress a picture; answers the JPEG, its width and height in pixels."""
    if len(data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            _check_sides(*picture.size)
            small = picture.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    small.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue(), *small.size


def _check_sides(width: int, height: int) -> None:
    if width + height > SIDES_LIMIT or max(width, height) > RATIO_LIMIT * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
