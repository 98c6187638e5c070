"""Which language a page speaks to somebody whom we do not know."""

import re

from aiohttp import web

from locales import Texts


def browser_language(request: web.Request, texts: Texts) -> str:
    """Our language for the first one that the browser asks for, Vietnamese when it asks for none of ours."""
    return texts.match(re.split(r"[,;]", request.headers.get("Accept-Language", ""))[0].strip())
