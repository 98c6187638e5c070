"""Methods by which the bot learns something or sets itself up."""

from telegram import BotCommand, File, Update, User, WebhookInfo

from sandbox.telegram.errors import bad_request
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.params import Params


def get_me(exchange: Exchange, _: Params) -> User:
    """Tell the bot who it is."""
    return exchange.bot


async def get_updates(exchange: Exchange, params: Params) -> list[Update]:
    """Answer what people did, waiting up to `timeout` seconds for the first of it."""
    allowed = params.nested("allowed_updates")
    if allowed is not None:
        exchange.queue.allow(str(kind) for kind in allowed)
    limit = min(max(params.whole("limit", 100), 1), 100)
    return await exchange.queue.poll(params.whole("offset"), limit, max(params.whole("timeout"), 0))


def set_webhook(exchange: Exchange, params: Params) -> bool:
    """Take only the empty address: this street delivers by getUpdates."""
    if params.text("url"):
        raise bad_request("bad webhook: the sandbox delivers updates by getUpdates only")
    return delete_webhook(exchange, params)


def delete_webhook(exchange: Exchange, params: Params) -> bool:
    """Confirm that there is no webhook; with `drop_pending_updates` forget what waits."""
    if params.flag("drop_pending_updates"):
        exchange.queue.drop()
    return True


def get_webhook_info(exchange: Exchange, _: Params) -> WebhookInfo:
    """Say that there is no webhook, and how many updates wait."""
    return WebhookInfo("", has_custom_certificate=False, pending_update_count=len(exchange.queue))


def get_file(exchange: Exchange, params: Params) -> File:
    """Name the path under which a photo can be downloaded."""
    photo = exchange.photos.by_file_id(params.text("file_id"))
    if photo is None:
        raise bad_request("invalid file_id")
    return File(photo.size.file_id, photo.size.file_unique_id, photo.size.file_size, photo.path)


def set_my_commands(exchange: Exchange, params: Params) -> bool:
    """Set the menu of a scope and language."""
    exchange.menus.put(params)
    exchange.news.tell()
    return True


def get_my_commands(exchange: Exchange, params: Params) -> tuple[BotCommand, ...]:
    """Read the menu of exactly this scope and language."""
    return exchange.menus.exactly(params)


def delete_my_commands(exchange: Exchange, params: Params) -> bool:
    """Delete the menu of exactly this scope and language."""
    exchange.menus.remove(params)
    exchange.news.tell()
    return True
