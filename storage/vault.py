"""The vault: secrets sealed at rest, each bound to the place where it lies.

A sealed value that is copied to another row, column or shop does not open there. Beside it lies a keyed
hash, so that a value can be found without being opened. Keys are derived from one vault key (HKDF-SHA256).
"""

import base64
import binascii
import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sales.errors import Misconfigured

KEY_BYTES = 32
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens; its repr shows no key."""

    _sealer: AESGCM = field(repr=False)
    _hash_key: bytes = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        """Build from the base64 of 32 bytes, URL-safe or not; raises Misconfigured for anything else."""
        try:
            key = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise Misconfigured("vault-key-malformed")
        return cls(AESGCM(_derive(key, b"seal")), _derive(key, b"hash"))

    def seal(self, place: str, secret: str) -> bytes:
        """Seal `secret` for `place`, such as "1/grants/key/42"."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._sealer.encrypt(nonce, secret.encode(), place.encode())

    def unseal(self, place: str, sealed: bytes) -> str:
        """Open what `seal` closed for the same place; raises Misconfigured with another key or place, or if damaged."""
        try:
            return self._sealer.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise Misconfigured("vault-key-wrong") from error

    def hash(self, purpose: str, text: str) -> bytes:
        """Answer 32 bytes that find `text` again and tell nothing about it without the key."""
        return hmac.digest(self._hash_key, f"{purpose}\0{text}".encode(), sha256)


def new_vault_key() -> str:
    """Make a vault key from the system's source of randomness."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode().rstrip("=")


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"chotdon " + purpose).derive(key)
