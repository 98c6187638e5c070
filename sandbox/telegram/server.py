"""The Bot API over HTTP: addresses, token, envelope."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from hmac import compare_digest
from inspect import isawaitable
from typing import Any

from aiohttp import web
from telegram import TelegramObject

from sandbox.telegram import asking, editing, invoices, sending
from sandbox.telegram.errors import ApiError
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.params import Params, from_object, read_params

Method = Callable[[Exchange, Params], object | Awaitable[object]]

METHODS: dict[str, Method] = {
    "getme": asking.get_me,
    "getupdates": asking.get_updates,
    "setwebhook": asking.set_webhook,
    "deletewebhook": asking.delete_webhook,
    "getwebhookinfo": asking.get_webhook_info,
    "getfile": asking.get_file,
    "setmycommands": asking.set_my_commands,
    "getmycommands": asking.get_my_commands,
    "deletemycommands": asking.delete_my_commands,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "sendchataction": sending.send_chat_action,
    "answercallbackquery": sending.answer_callback_query,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "sendinvoice": invoices.send_invoice,
    "answerprecheckoutquery": invoices.answer_pre_checkout_query,
    "refundstarpayment": invoices.refund_star_payment,
    "getmystarbalance": invoices.get_my_star_balance,
}
"""Method names in lower case: the platform reads them without regard to case."""


def routes(exchange: Exchange, prefix: str) -> list[web.RouteDef]:
    """Addresses `{prefix}/bot{token}/{method}` and `{prefix}/file/bot{token}/{path}`."""
    exchange.postman.carry_out = partial(carry_out, exchange)

    async def call(request: web.Request) -> web.Response:
        try:
            result = await answer(exchange, request)
        except ApiError as error:
            return web.json_response(error.envelope(), status=error.code)
        return web.json_response({"ok": True, "result": result})

    async def download(request: web.Request) -> web.Response:
        try:
            check_token(exchange, request)
        except ApiError as error:
            return web.json_response(error.envelope(), status=error.code)
        photo = exchange.photos.by_path(request.match_info["path"])
        if photo is None:
            return web.json_response(ApiError(404, "Not Found").envelope(), status=404)
        return web.Response(body=photo.jpeg, content_type="image/jpeg")

    path = f"{prefix}/bot{{token}}/{{method}}"
    return [
        web.get(path, call, allow_head=False),
        web.post(path, call),
        web.get(f"{prefix}/file/bot{{token}}/{{path:.+}}", download, allow_head=False),
    ]


async def answer(exchange: Exchange, request: web.Request) -> Any:
    """Carry out one call and answer its result in JSON's own types; raises ApiError."""
    check_token(exchange, request)
    method = METHODS.get(request.match_info["method"].lower())
    if method is None:
        raise ApiError(404, "Not Found")
    if exchange.faults.down:
        raise ApiError(502, "Bad Gateway")
    result = method(exchange, await read_params(request))
    return plain(await result if isawaitable(result) else result)


async def carry_out(exchange: Exchange, call: dict[str, Any]) -> None:
    """Carry out a call that came as the answer to an update; whether it succeeded, the bot is never told."""
    method = METHODS.get(str(call.pop("method")).lower())
    if method is not None and not exchange.faults.down:
        with suppress(ApiError):
            result = method(exchange, from_object(call))
            await result if isawaitable(result) else None


def check_token(exchange: Exchange, request: web.Request) -> None:
    """Raise 401 unless the address holds the bot's own token."""
    if not compare_digest(request.match_info["token"].encode(), exchange.token.encode()):
        raise ApiError(401, "Unauthorized")


def plain(result: object) -> Any:
    """Turn Bot API objects into JSON's own types."""
    if isinstance(result, TelegramObject):
        return result.to_dict()
    return [plain(item) for item in result] if isinstance(result, list | tuple) else result
