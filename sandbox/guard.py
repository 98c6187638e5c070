"""Keeps the street harmless: only this machine's own browser and bot get in, and nothing leaves.

The sandbox forges true notices on demand, so whoever reaches it could make the shop believe anything.
It therefore answers nobody who comes through a proxy, by a foreign name, from another machine, or from
another site's page in the same browser (DNS rebinding, cross-site requests).
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
PROXY_HEADERS = ("forwarded", "via", "x-real-ip")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": PAGE_POLICY,
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse with 403 whatever does not come from this machine's own page or bot."""
    if reason := suspicion(request):
        return web.json_response({"error": reason}, status=403)
    return await handler(request)


def suspicion(request: web.Request) -> str:
    """Say why a request is refused; empty when it may pass."""
    own = own_hosts(request)
    if any(name.lower() in PROXY_HEADERS or name.lower().startswith("x-forwarded-") for name in request.headers):
        return "forwarded requests are refused"
    if not from_loopback(request):
        return "only this machine may come in"
    if [host.lower() for host in request.headers.getall("Host", [])] not in [[host] for host in own]:
        return "foreign host name"
    if request.method not in SAFE_METHODS and crosses_sites(request, own):
        return "cross-site requests are refused"
    return ""


def own_hosts(request: web.Request) -> list[str]:
    """Names this very socket may be called by; the port is read from the socket, not believed."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    port = name[1] if isinstance(name, tuple) else 0
    return [f"{host}:{port}" for host in OWN_NAMES] + (list(OWN_NAMES) if port == 80 else [])


def from_loopback(request: web.Request) -> bool:
    """Whether the other end of the socket is this machine (a Unix socket, as proxies use, is not)."""
    name = request.transport.get_extra_info("peername") if request.transport else None
    return isinstance(name, tuple) and ip_address(name[0]).is_loopback


def crosses_sites(request: web.Request, own: list[str]) -> bool:
    """Whether a browser says that another site's page is behind the request; a bot sends neither header."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    return site not in ("same-origin", "none") or (origin is not None and origin not in [f"http://{h}" for h in own])


async def seal(_: web.Request, response: web.StreamResponse) -> None:
    """Put the protective headers on every answer that has not chosen stricter ones itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
