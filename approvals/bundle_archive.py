"""The zip around a bundle: the same files are always the same bytes, and nothing hostile in a zip gets out of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
PUBLIC_KEY: Final = "public_key.pem"
FORMAT: Final = "lantai-release/1"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
MOST_BYTES: Final = 4 * 1024**3
MOST_FILES: Final = 100


class BadArchiveError(Exception):
    """A zip that cannot be read; `member` names the file in it that is to blame, or is empty."""

    def __init__(self, member: str = "") -> None:
        super().__init__(member)
        self.member = member


def archive(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip of the files under one folder, with fixed times and order, stored, so that the same files are the same
    bytes.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", EPOCH)
            entry.external_attr = 0o100600 << 16
            entry.create_system = 3
            target.writestr(entry, files[name])
    return out.getvalue()


def unpacked(data: bytes) -> tuple[dict[str, bytes], str]:
    """Files by name, and the folder they lie in. Raises BadArchiveError."""
    try:
        return _unzip(data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, RuntimeError):
        raise BadArchiveError from None


def _unzip(data: bytes) -> tuple[dict[str, bytes], str]:
    files: dict[str, bytes] = {}
    folder = ""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = source.infolist()
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise ValueError("too much in it")
        for entry in entries:
            folder, _, name = entry.filename.rpartition("/")
            if not name or name in files:
                raise BadArchiveError(entry.filename)
            try:
                files[name] = source.read(entry)
            except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError):
                raise BadArchiveError(name) from None
    return files, folder
