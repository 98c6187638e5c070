"""Photos: developed like the platform's, bounded, found by every name."""

from io import BytesIO

import pytest
from aiohttp import FormData
from PIL import Image

from sandbox.telegram.errors import ApiError
from sandbox.telegram.photos import KEPT, Photos, develop
from tests.sandbox.house import House
from tests.sandbox.pictures import blank


def test_large_pictures_shrink_to_1280_and_small_ones_stay() -> None:
    jpeg, width, height = develop(blank(2560, 1000))
    assert (width, height) == (1280, 500)
    with Image.open(BytesIO(jpeg)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 500))
    assert develop(blank(100, 50))[1:] == (100, 50)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "IMAGE_PROCESS_FAILED"),
        (b"<svg/>", "IMAGE_PROCESS_FAILED"),
        (blank()[:60], "IMAGE_PROCESS_FAILED"),
        (blank(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (blank(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (b"x" * (10 * 1024 * 1024 + 1), "Request Entity Too Large"),
    ],
    ids=["empty", "svg", "cut", "large", "long", "heavy"],
)
def test_what_is_no_photo(data: bytes, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        develop(data)


def test_the_oldest_photos_go() -> None:
    photos = Photos()
    kept = [photos.add(blank(8, 8)) for _ in range(KEPT + 1)]
    assert photos.by_unique_id(kept[0].size.file_unique_id) is None
    for photo in (kept[1], kept[-1]):
        assert photos.by_unique_id(photo.size.file_unique_id) is photo
        assert photos.by_file_id(photo.size.file_id) is photo
        assert photos.by_path(photo.path) is photo


async def send(house: House, form: FormData) -> dict[str, object]:
    form.add_field("chat_id", "500000001")
    async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendPhoto", data=form) as answer:
        body: dict[str, object] = await answer.json()
        assert answer.status == body.get("error_code", 200)
        return body


async def test_an_upload_may_stand_in_its_own_part_or_be_attached(house: House) -> None:
    own, attached = FormData(), FormData()
    own.add_field("photo", blank(), filename="x.png")
    attached.add_field("photo", "attach://card")
    attached.add_field("card", blank(), filename="x.png")
    assert (await send(house, own))["ok"]
    assert (await send(house, attached))["ok"]


async def test_an_upload_that_is_missing_foreign_or_too_heavy(house: House) -> None:
    form = FormData({"photo": "attach://nowhere"})
    assert "wrong remote file identifier" in str((await send(house, form))["description"])
    assert "there is no photo" in str((await send(house, FormData()))["description"])
    form = FormData({"photo": "https://example.com/x.png"})
    assert "failed to get HTTP URL content" in str((await send(house, form))["description"])
    heavy = FormData()
    heavy.add_field("photo", BytesIO(b"x" * (12 * 1024 * 1024)), filename="x.png")
    assert (await send(house, heavy))["error_code"] == 413
    assert (await house.buyer())["messages"] == []


async def test_the_page_gets_the_photo_it_shows(house: House) -> None:
    form = FormData()
    form.add_field("photo", blank(), filename="x.png")
    await send(house, form)
    unique = (await house.buyer())["messages"][0]["photo"][0]["file_unique_id"]
    async with house.session.get(f"/sandbox/api/photos/{unique}") as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    async with house.session.get("/sandbox/api/photos/other") as answer:
        assert answer.status == 404
