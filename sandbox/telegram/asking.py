"""Methods by which the bot learns something or sets itself up."""

from telegram import BotCommand, File, Update, User, WebhookInfo

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.params import Params
from sandbox.telegram.webhook import read_hook

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def get_me(exchange: Exchange, _: Params) -> User:
    """Tell the bot who it is."""
    return exchange.bot


async def get_updates(exchange: Exchange, params: Params) -> list[Update]:
    """Answer what people did, waiting up to `timeout` seconds for the first of it."""
    if exchange.postman.hook is not None:
        raise ApiError(409, WEBHOOK_ACTIVE)
    _choose_kinds(exchange, params)
    limit = min(max(params.whole("limit", 100), 1), 100)
    return await exchange.queue.poll(params.whole("offset"), limit, max(params.whole("timeout"), 0))


async def set_webhook(exchange: Exchange, params: Params) -> bool:
    """Bring updates to an address from now on; an empty one removes the webhook."""
    if not params.text("url"):
        return await delete_webhook(exchange, params)
    hook = read_hook(params)
    _choose_kinds(exchange, params)
    _drop_if_told(exchange, params)
    exchange.queue.interrupt()
    await exchange.postman.serve(hook)
    return True


async def delete_webhook(exchange: Exchange, params: Params) -> bool:
    """Leave updates to getUpdates; with `drop_pending_updates` forget what waits."""
    _drop_if_told(exchange, params)
    await exchange.postman.serve(None)
    return True


def get_webhook_info(exchange: Exchange, _: Params) -> WebhookInfo:
    """Say where updates are brought to, how many wait, and what went wrong last."""
    return exchange.postman.info()


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


def _choose_kinds(exchange: Exchange, params: Params) -> None:
    allowed = params.nested("allowed_updates")
    if allowed is not None:
        exchange.queue.allow(str(kind) for kind in allowed)


def _drop_if_told(exchange: Exchange, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        exchange.queue.drop()
