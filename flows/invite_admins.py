"""Invitations to run the shop: made at the command line, taken once in the chat, and taken back."""

import re
from datetime import datetime, timedelta
from secrets import token_urlsafe

from flows.admins import actor, is_admin
from flows.messages import Say
from flows.offer_menu import menu_job
from flows.premises import Premises
from flows.send_reply import admin_jobs
from sales.people import Peer
from storage import admins, work
from storage.unit import Unit
from storage.work import Event

LIFETIME = timedelta(minutes=15)
MOST_OPEN = 3
"""Older invitations are withdrawn."""

PAYLOAD = "admin_"
"""How the payload of /start begins that takes an invitation; Telegram permits 64 of A-Z, a-z, 0-9, _ and -."""

SELLER = "seller"
"""The actor of what is done at the command line."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,58}")


def new_token() -> str:
    """A token nobody can guess: 192 bits as 32 letters."""
    return token_urlsafe(24)


def invite_admin(unit: Unit, premises: Premises, token: str) -> datetime:
    """Open an invitation for who will bring the token; answers when it ends."""
    shop, until = premises.shop.id, unit.now + LIFETIME
    admins.invite(unit, shop, _hash(premises, token), until, MOST_OPEN)
    work.log(unit, shop, [Event("admin.invited", actor=SELLER)])
    return until


def take_invitation(unit: Unit, premises: Premises, peer: Peer, token: str) -> bool:
    """Make somebody an admin who brings a good token, and tell the others; False for any other token.

    Nothing is written for a wrong one: who guesses leaves no trace that could fill the database. An admin who tries
    a link does not use it up.
    """
    shop, name = premises.shop.id, actor(peer.channel, peer.external)
    if not _TOKEN.fullmatch(token) or is_admin(unit, premises, peer.channel, peer.external):
        return False
    if not admins.take_invite(unit, shop, _hash(premises, token), f"{peer.channel}:{peer.external}"):
        return False
    told = Say("admin-joined", {"name": peer.name, "channel": peer.channel, "id": peer.external})
    others = admin_jobs(unit, premises, [told], f"joined:{peer.channel}:{peer.external}:{unit.now.isoformat()}")
    admins.join(unit, shop, peer.channel, peer.external, peer.name)
    work.enqueue(unit, shop, others)
    work.log(unit, shop, [Event("admin.joined", actor=name, detail={"name": peer.name})])
    return True


def remove_admin(unit: Unit, premises: Premises, channel: str, external: str) -> bool:
    """Let somebody go who had joined; False when there is none. Who is in the settings stays there."""
    shop = premises.shop.id
    if not admins.part(unit, shop, channel, external):
        return False
    if not is_admin(unit, premises, channel, external):
        job = menu_job(channel, external, f"removed:{unit.now.isoformat()}", runs_shop=False)
        work.enqueue(unit, shop, [job])
    work.log(unit, shop, [Event("admin.removed", actor=SELLER, detail={"admin": f"{channel}:{external}"})])
    return True


def _hash(premises: Premises, token: str) -> bytes:
    return premises.vault.hash("admin invitation", token)
