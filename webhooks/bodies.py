"""Reads the body of a request: within a limit, within a time, and never unpacked."""

import asyncio

from aiohttp import web


async def read_body(request: web.Request, limit: int, patience: float) -> bytes:
    """Read to the end, at most `limit` bytes in at most `patience` seconds.

    Raises the HTTP error to answer with: 413, 408, 415 for packed bodies, which could unpack to anything, and 400
    for one that broke off.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(patience):
            return await _read(request, limit)
    except TimeoutError:
        # A slow sender, or one whose chunks broke off the rule: aiohttp leaves the reader of such a body waiting.
        raise web.HTTPRequestTimeout from None
    except (ConnectionError, web.RequestPayloadError):
        # Chunks that aiohttp's parser in Python could not read, or a sender that hung up half way.
        raise web.HTTPBadRequest from None


async def _read(request: web.Request, limit: int) -> bytes:
    """Read to the end, or to the limit: a body sent in chunks does not say its length beforehand."""
    body = bytearray()
    if (request.content_length or 0) <= limit:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > limit:
                break
        else:
            return bytes(body)
    raise web.HTTPRequestEntityTooLarge(limit)
