"""How the seller has set up SePay's webhook: which proof a notice bears, and in which form its body comes."""

import json
import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode
from uuid import uuid4

from gateways.gateway import Request, Secrets
from gateways.json_text import Json
from gateways.sepay_notice import fields
from gateways.sepay_proof import headers
from sales.transfer import Sighting


class Proof(StrEnum):
    """The modes of authentication that SePay offers, but for none at all."""

    HMAC = "hmac"
    APIKEY = "apikey"
    SECRET_KEY = "secret_key"


class Form(StrEnum):
    """The kinds of body that SePay offers."""

    JSON = "json"
    URLENCODED = "form"
    MULTIPART = "multipart"


@dataclass(slots=True)
class Webhook:
    """What is chosen; None: any of them, drawn anew for every notice, so that each can be seen to work."""

    proof: Proof | None = None
    form: Form | None = None

    def write(self, secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
        """Write a true notice of that sighting, signed at `now` if it is signed at all."""
        kind, body = _body(self.form or chance.choice(list(Form)), fields(sighting))
        proof = _proof(self.proof or chance.choice(list(Proof)), secrets, body, now)
        return Request(body, (("content-type", kind), *proof))

    def state(self) -> dict[str, str]:
        """Say what is chosen."""
        return {"proof": self.proof or "", "form": self.form or ""}


def _proof(proof: Proof, secrets: Secrets, body: bytes, now: datetime) -> tuple[tuple[str, str], ...]:
    if proof is Proof.SECRET_KEY:
        return (("secret-key", secrets["webhook_secret"]),)
    name = "webhook_secret" if proof is Proof.HMAC else "api_key"
    return headers({name: secrets[name]}, body, now)


def _body(form: Form, said: Mapping[str, Json]) -> tuple[str, bytes]:
    """Content type and bytes; in a form, null is an empty text."""
    if form is Form.JSON:
        return "application/json", json.dumps(dict(said), ensure_ascii=False).encode("utf-8", "backslashreplace")
    texts = {name: "" if value is None else str(value) for name, value in said.items()}
    if form is Form.URLENCODED:
        return "application/x-www-form-urlencoded", urlencode(texts, errors="replace").encode()
    border = uuid4().hex
    parts = (f'--{border}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{text}\r\n' for n, text in texts.items())
    whole = f"{''.join(parts)}--{border}--\r\n"
    return f"multipart/form-data; boundary={border}", whole.encode("utf-8", "replace")
