"""Verifies a release bundle (folder or zip) and names each file that is not what was released. Trusts nothing in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from approvals.bundle_archive import (
    FORMAT,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    PUBLIC_KEY,
    SIGNATURE,
    BadArchiveError,
    archive,
    unpacked,
)
from records.errors import BadInput
from records.seal import sm3
from records.sm2 import verify

Problem = dict[str, str]


def verify_bundle(place: Path, trusted_key: bytes | None = None) -> list[Problem]:
    """[] or every problem as {"file","id","problem"}, `id` being the release. With `trusted_key` (PEM) the
    signature must be by that key; without, by the key in the bundle, which shows only that the parts belong
    together. Raises BadInput.
    """
    if not place.exists():
        raise BadInput("bundle_missing", "There is no bundle at that place; give a folder or a zip file.")
    if place.is_dir():
        return _check(_folder(place), trusted_key)
    data = _bytes(place)
    try:
        files, folder = unpacked(data)
    except BadArchiveError as problem:
        return [{"file": problem.member or place.name, "id": "", "problem": "altered: the archive cannot be read"}]
    problems = _check(files, trusted_key)
    if not problems and (folder != _release(files) or archive(files, folder) != data):
        problems = [
            {
                "file": place.name,
                "id": _release(files),
                "problem": "altered: the archive around intact files was changed",
            }
        ]
    return problems


def _bytes(place: Path) -> bytes:
    if place.stat().st_size > MOST_BYTES:
        raise BadInput("bundle_too_large", "The bundle is larger than 4 GB; unpack it and give the folder.")
    return place.read_bytes()


def _folder(place: Path) -> dict[str, bytes]:
    manifest = place / MANIFEST
    inner = [item for item in place.iterdir() if item.is_dir() and not item.is_symlink()]
    found = sorted(item for item in place.rglob("*") if not item.is_dir() or item.is_symlink())
    if not manifest.exists() and len(inner) == 1 and (inner[0] / MANIFEST).exists():
        place = inner[0]  # the folder a zip was unpacked into; what lies beside it is none of the release
    if len(found) > MOST_FILES:
        raise BadInput("not_a_bundle", "This folder holds more than a bundle; give the folder of one bundle.")
    return {_named(item, place): _bytes(item) if item.is_file() and not item.is_symlink() else b"" for item in found}


def _named(item: Path, place: Path) -> str:
    return item.relative_to(place).as_posix() if item.is_relative_to(place) else f"../{item.name}"


def _check(files: dict[str, bytes], trusted_key: bytes | None) -> list[Problem]:
    problems: list[tuple[str, str]] = [
        (name, "missing") for name in (MANIFEST, SIGNATURE, PUBLIC_KEY) if name not in files
    ]
    release = _release(files)
    if not problems:
        problems += _signature(files, trusted_key)
    listed = _listed(files.get(MANIFEST, b""))
    if listed is None:
        if MANIFEST in files and not any(name == MANIFEST for name, _ in problems):
            problems.append((MANIFEST, "altered: it is not a manifest"))
        listed = {}
    else:
        for name, (size, digest) in sorted(listed.items()):
            data = files.get(name)
            if data is None:
                problems.append((name, "missing"))
            elif len(data) != size or sm3(data).hex() != digest:
                problems.append((name, "altered"))
        extra = sorted(files.keys() - listed.keys() - {MANIFEST, SIGNATURE})
        problems += [(name, "not part of the release") for name in extra]
    unique = dict.fromkeys(problems)
    return [{"file": name, "id": release, "problem": problem} for name, problem in unique]


def _signature(files: dict[str, bytes], trusted_key: bytes | None) -> list[tuple[str, str]]:
    enclosed = files[PUBLIC_KEY]
    problems = []
    if trusted_key is not None and _pem(enclosed) != _pem(trusted_key):
        problems.append((PUBLIC_KEY, "not this archive's key"))
    if not verify(trusted_key or enclosed, files[MANIFEST], files[SIGNATURE]):
        # One of the two was altered, or the key was: no arithmetic says which.
        problems += [(name, f"altered: {SIGNATURE} does not sign {MANIFEST}") for name in (MANIFEST, SIGNATURE)]
    return problems


def _pem(key: bytes) -> bytes:
    return b"".join(key.split())


def _listed(manifest: bytes) -> dict[str, tuple[int, str]] | None:
    try:
        raw: Any = json.loads(manifest)
        if raw["format"] != FORMAT:
            return None
        return {str(item["name"]): (int(item["bytes"]), str(item["sm3"])) for item in raw["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _release(files: dict[str, bytes]) -> str:
    try:
        return str(json.loads(files[MANIFEST])["release"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
