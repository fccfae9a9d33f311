"""The sealing primitive: SM4-GCM, SM3, HMAC-SM3 and key derivation. Pure; holds no key and reads no file."""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from records.errors import IntegrityFailure

KEY_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


def new_key() -> bytes:
    """A fresh 16-byte SM4 key from the operating system's generator."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    """nonce (12 bytes) + SM4-GCM ciphertext + tag (16 bytes); `aad` is bound, not stored."""
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def unseal(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext. Raises IntegrityFailure("seal_broken") if one bit of it, of the key or of `aad` differs."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise IntegrityFailure("seal_broken", "A sealed object is shorter than its seal; restore it from a backup.")
    nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise IntegrityFailure(
            "seal_broken", "A sealed object was altered or its key is wrong; restore it from a backup."
        ) from None


def sm3(data: bytes) -> bytes:
    """32-byte SM3 digest (GB/T 32905)."""
    return hashlib.new("sm3", data).digest()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """32-byte HMAC-SM3."""
    return hmac.digest(key, data, "sm3")


def derive(key: bytes, label: str) -> bytes:
    """A 16-byte subkey of `key` for one purpose: HMAC-SM3(key, label), truncated."""
    return hmac_sm3(key, b"lantai/derive/" + label.encode())[:KEY_BYTES]


def token(key: bytes, *parts: str, size: int = 20) -> str:
    """`size` hex digits of a keyed hash over the parts (length-prefixed, so no two part lists collide)."""
    message = b"".join(len(data).to_bytes(4, "big") + data for data in (part.encode() for part in parts))
    return hmac_sm3(key, message).hex()[:size]
