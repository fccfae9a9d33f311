"""Edition manifests (版次清单) and the CURRENT pointer: plain JSON, authenticated by HMAC-SM3, moved atomically."""

from __future__ import annotations

import hmac
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from records.canonical import canonical
from records.errors import IntegrityFailure
from records.ids import EditionNumber, RecordId
from records.seal import derive, hmac_sm3

CURRENT: Final = "CURRENT"
EDITIONS: Final = "editions"


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as a manifest names it; hashes are SM3 of the sealed bytes, hex. `joined` names the segments that it
    was joined from, whose records that count it holds and no others."""

    id: str
    records: int
    passages: int
    index_sm3: str
    index_bytes: int
    text_sm3: str
    text_bytes: int
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One edition. A record in several segments counts in the last of them; a withdrawn one in none. What the newest
    edition withdraws or withholds counts in no older one either; what is withheld may come back."""

    number: EditionNumber
    segments: tuple[SegmentEntry, ...]
    withdrawn: tuple[RecordId, ...]
    encoder: str
    lexicon: str
    profile: str
    withheld: tuple[RecordId, ...] = ()

    @property
    def off(self) -> frozenset[RecordId]:
        """Records that are off the shelf while this is the newest edition."""
        return frozenset(self.withdrawn) | frozenset(self.withheld)


def manifest_key(index_key: bytes) -> bytes:
    """The key that authenticates manifests; whoever may read the index can check them."""
    return derive(index_key, "shelf/manifest")


def write_manifest(folder: Path, manifest: Manifest, key: bytes) -> None:
    """editions/<n>.json, durable on return."""
    write_durably(folder / EDITIONS / f"{manifest.number}.json", _signed(asdict(manifest), key))


def read_manifest(folder: Path, number: EditionNumber, key: bytes) -> Manifest:
    """Raises IntegrityFailure when the manifest is absent, altered or another edition's."""
    path = folder / EDITIONS / f"{number}.json"
    body = _authentic(path, key)
    if body.get("number") != number:
        raise IntegrityFailure("manifest_altered", f"Edition {number} carries another number; restore it.")
    segments = tuple(SegmentEntry(joined=tuple(one.pop("joined", ())), **one) for one in body.pop("segments"))
    withdrawn = tuple(RecordId(one) for one in body.pop("withdrawn"))
    withheld = tuple(RecordId(one) for one in body.pop("withheld", ()))
    return Manifest(segments=segments, withdrawn=withdrawn, withheld=withheld, **body)


def write_current(folder: Path, number: EditionNumber, key: bytes) -> None:
    """Move the pointer; a crash leaves it at the old edition or at the new one."""
    write_durably(folder / CURRENT, _signed({"edition": number}, key))


def read_current(folder: Path, key: bytes) -> EditionNumber:
    """Raises IntegrityFailure when the pointer is altered."""
    return EditionNumber(int(_authentic(folder / CURRENT, key)["edition"]))


def numbers(folder: Path) -> Iterator[EditionNumber]:
    """Every edition with a manifest, ascending."""
    found = (path.stem for path in (folder / EDITIONS).glob("*.json"))
    yield from sorted(EditionNumber(int(stem)) for stem in found if stem.isdigit())


def write_durably(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename over, fsync the folder: the whole file or the old one, never a part."""
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        if path.parent.stat().st_mode & stat.S_IRGRP:  # a shelf shared with the front desk's own account
            os.fchmod(handle, 0o640)
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _signed(body: dict[str, Any], key: bytes) -> bytes:
    return canonical({"body": body, "hmac": hmac_sm3(key, canonical(body)).hex()}) + b"\n"


def _authentic(path: Path, key: bytes) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        outer = json.loads(data)
        body: dict[str, Any] = outer["body"]
        if data == _signed(body, key) and hmac.compare_digest(outer["hmac"], hmac_sm3(key, canonical(body)).hex()):
            return body
    except FileNotFoundError:
        raise IntegrityFailure("manifest_missing", f"Shelf file {path.name} is missing; restore it.") from None
    except (ValueError, TypeError, KeyError):
        pass
    raise IntegrityFailure("manifest_altered", f"Shelf file {path.name} was altered; restore it from a backup.")
