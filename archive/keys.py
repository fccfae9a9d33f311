"""The archive's own keys: passphrase -> root -> purpose keys and the signing key, in one sealed file. They must never
be written in the clear, logged, pickled or handed to the front desk (which gets the shelf's index key only)."""

from __future__ import annotations

import json
import threading
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NoReturn

from argon2.exceptions import Argon2Error
from argon2.low_level import Type, hash_secret_raw

from archive.disk import create_file, replace_file, told_in_words
from records import sm2
from records.canonical import canonical, fingerprint
from records.errors import BadInput, IntegrityFailure, LantaiError, Refused
from records.seal import KEY_BYTES, new_key, seal, unseal

FILE: Final = "keys.json"
SHORTEST_PASSPHRASE: Final = 8
_MOST_MEMORY_KIB: Final = 4 * 1024 * 1024  # a tampered file must not make opening it eat the machine
_MOST_PASSES: Final = 64
_MOST_LANES: Final = 64


class Purpose(StrEnum):
    """What a key is for. Each is random, wrapped under the root, so it can be rotated on its own."""

    VAULT = "vault"  # wraps the per-record data keys
    IDENTITY = "identity"  # tokens of patients, staff and their identifiers; seals what is known of them
    CATALOGUE = "catalogue"  # authenticates the catalogue's rows
    DEDUP = "dedup"  # record ids from deposited bytes
    SHELF_INDEX = "shelf-index"  # the one key that the front desk gets
    SHELF_TEXT = "shelf-text"
    PROJECT = "project"  # project keys are derived from it, per request
    CARDS = "cards"  # pseudonyms of discovery cards
    LEDGER = "ledger"  # what the ledger keeps sealed
    TICKET = "ticket"  # one-time tickets between the rooms


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cost of argon2id: memory in KiB, passes, lanes. The default is RFC 9106's second recommendation."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


class Keys:
    """The opened key file. Safe to use from several threads."""

    def __init__(self, path: Path, root: bytes, stored: dict[str, Any]) -> None:
        self._path = path
        self._root = root
        self._stored = stored
        self._opened: dict[Purpose, bytes] = {}
        self._lock = threading.Lock()

    @classmethod
    def create(cls, folder: Path, passphrase: str, stretch: Stretch | None = None) -> Keys:
        """Writes a new key file. Raises BadInput("passphrase_short" | "file_exists")."""
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BadInput("passphrase_short", f"Choose a passphrase of at least {SHORTEST_PASSPHRASE} characters.")
        root = new_key()
        private, public = sm2.new_keypair()
        stored: dict[str, Any] = {
            "format": 1,
            "root": _wrap_root(root, passphrase, stretch or Stretch()),
            "purposes": {purpose.value: _wrap_purpose(root, purpose, new_key()) for purpose in Purpose},
            "signing": {"sealed": seal(root, private, b"lantai/signing/1").hex(), "public": public.decode()},
        }
        with told_in_words():
            create_file(folder / FILE, _file_bytes(stored))
        return cls(folder / FILE, root, stored)

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Keys:
        """Raises Refused("wrong_passphrase"), IntegrityFailure("keys_damaged"), BadInput("no_keys")."""
        stored = _read(folder / FILE)
        try:
            root = _unwrap_root(stored["root"], passphrase)
            keys = cls(folder / FILE, root, stored)
            for name in stored["purposes"]:
                keys.purpose(name)
            if sm2.public_of(keys.signing_key()) != keys.public_key():
                raise ValueError("signing key does not match")
        except Refused:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, Argon2Error, LantaiError):
            raise _damaged() from None
        return keys

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether `folder` holds a key file."""
        return (folder / FILE).exists()

    def purpose(self, name: str) -> bytes:
        """The 16-byte key of one Purpose; one that an older file lacks is added. Raises ValueError on another name."""
        purpose = Purpose(name)
        with self._lock:
            if purpose not in self._opened:
                if purpose.value not in self._stored["purposes"]:
                    self._add(purpose)
                wrapped = bytes.fromhex(self._stored["purposes"][purpose.value])
                self._opened[purpose] = unseal(self._root, wrapped, _purpose_aad(purpose))
            return self._opened[purpose]

    def signing_key(self) -> bytes:
        """The archive's SM2 private key, PKCS #8 PEM."""
        return unseal(self._root, bytes.fromhex(self._stored["signing"]["sealed"]), b"lantai/signing/1")

    def public_key(self) -> bytes:
        """The archive's SM2 public key, PEM; for anyone."""
        return str(self._stored["signing"]["public"]).encode()

    def sign(self, message: bytes) -> bytes:
        """A DER SM2 signature of the archive over `message`."""
        return sm2.sign(self.signing_key(), message)

    def change_passphrase(self, new: str, stretch: Stretch | None = None) -> None:
        """Rewraps the root under a new passphrase; every other key stays. Raises BadInput("passphrase_short")."""
        if len(new) < SHORTEST_PASSPHRASE:
            raise BadInput("passphrase_short", f"Choose a passphrase of at least {SHORTEST_PASSPHRASE} characters.")
        with self._lock:
            self._save(self._stored | {"root": _wrap_root(self._root, new, stretch or Stretch())})

    def _add(self, purpose: Purpose) -> None:
        wrapped = _wrap_purpose(self._root, purpose, new_key())
        self._save(self._stored | {"purposes": self._stored["purposes"] | {purpose.value: wrapped}})

    def _save(self, stored: dict[str, Any]) -> None:
        with told_in_words():
            replace_file(self._path, _file_bytes(stored))
        self._stored = stored

    def __repr__(self) -> str:
        return "Keys(<opened>)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys never leave the process that opened them")


def _file_bytes(stored: dict[str, Any]) -> bytes:
    """With a plain SM3 of the content, so that a flipped byte is not taken for a wrong passphrase."""
    return json.dumps(stored | {"sm3": fingerprint(stored)}, indent=1, sort_keys=True).encode() + b"\n"


def _read(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadInput("no_keys", "This home has no key file; run `lantai init` first, or set LANTAI_HOME.") from None
    except OSError:
        raise Refused("keys_unreadable", "This account may not read the key file; use the archive's own.") from None
    try:
        stored = json.loads(data)
        digest = stored.pop("sm3")
        if digest != fingerprint(stored) or _file_bytes(stored) != data or stored["format"] != 1:
            raise ValueError("not what was written")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged() from None
    return dict(stored)


def _damaged() -> IntegrityFailure:
    return IntegrityFailure("keys_damaged", f"The key file strong/{FILE} was altered; restore it from its own backup.")


def _wrap_root(root: bytes, passphrase: str, stretch: Stretch) -> dict[str, Any]:
    head: dict[str, Any] = {
        "kdf": "argon2id",
        "salt": new_key().hex(),
        "memory_kib": stretch.memory_kib,
        "passes": stretch.passes,
        "lanes": stretch.lanes,
    }
    return head | {"sealed": seal(_stretched(passphrase, head), root, _root_aad(head)).hex()}


def _unwrap_root(stored: dict[str, Any], passphrase: str) -> bytes:
    head = {name: value for name, value in stored.items() if name != "sealed"}
    sealed = bytes.fromhex(stored["sealed"])
    key = _stretched(passphrase, head)
    try:
        return unseal(key, sealed, _root_aad(head))
    except IntegrityFailure:
        raise Refused("wrong_passphrase", "The passphrase does not open this archive; try again.") from None


def _stretched(passphrase: str, head: dict[str, Any]) -> bytes:
    memory, passes, lanes = head["memory_kib"], head["passes"], head["lanes"]
    in_bounds = 8 * lanes <= memory <= _MOST_MEMORY_KIB and 0 < passes <= _MOST_PASSES and 0 < lanes <= _MOST_LANES
    if head["kdf"] != "argon2id" or not in_bounds:
        raise ValueError("unknown stretching")
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    salt = bytes.fromhex(head["salt"])
    return hash_secret_raw(secret, salt, passes, memory, lanes, hash_len=KEY_BYTES, type=Type.ID)


def _root_aad(head: dict[str, Any]) -> bytes:
    return b"lantai/root/1" + canonical(head)


def _wrap_purpose(root: bytes, purpose: Purpose, key: bytes) -> str:
    return seal(root, key, _purpose_aad(purpose)).hex()


def _purpose_aad(purpose: Purpose) -> bytes:
    return f"lantai/purpose/1/{purpose.value}".encode()
