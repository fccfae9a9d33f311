"""What the vault costs beside plain files that are synced just as well, and how it restores; ratios within one run.

python -m bench.store [--files DIR | --objects N --size BYTES] [--at DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive.disk import sync_folder
from archive.keys import Keys, Stretch
from archive.stacks import Stacks
from bench.crypto import rounded
from records.ids import RecordId
from records.texts import IdentifiedText

SINGLES = 200  # objects put one by one; the rest would only repeat it


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def objects(files: Path | None, count: int, size: int) -> list[bytes]:
    """The files of a folder, or random bytes."""
    if files is None:
        return [os.urandom(size) for _ in range(count)]
    return [path.read_bytes() for path in sorted(files.rglob("*")) if path.is_file()]


def synced_write(path: Path, data: bytes) -> None:
    """One plain file, durable."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def plain(folder: Path, data: Sequence[bytes]) -> None:
    """One durable file an object."""
    for n, item in enumerate(data):
        synced_write(folder / f"{n}.bin", item)
        sync_folder(folder)


def plain_together(folder: Path, data: Sequence[bytes]) -> None:
    """One file of all objects, durable once."""
    synced_write(folder / "together", b"".join(data))


def synced_copy(source: Path, target: Path) -> None:
    """A restore: every file copied and durable."""
    shutil.copytree(source, target)
    for path in target.rglob("*"):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def measure(at: Path, data: Sequence[bytes]) -> dict[str, Any]:
    """All figures for one set of objects."""
    total, few = sum(map(len, data)) / 1e6, data[:SINGLES]
    few_total = sum(map(len, few)) / 1e6
    for name in ("one_by_one", "together"):
        (at / name).mkdir()
    keys = Keys.create(at / "strong", "bench only", Stretch(8, 1, 1))
    stacks = Stacks.open(at / "strong", keys)
    ids = [RecordId(f"R{n}") for n in range(len(data))]

    def put_all() -> None:
        with stacks.vault.batch():
            for record, item in zip(ids, data, strict=True):
                stacks.vault.put(record, "original", item)

    def receive() -> None:
        for record in ids[: len(few)]:
            name = IdentifiedText("bench")
            stacks.catalogue.receive(record, size=1, media_type="", name=name, batch="bench")

    single = timed(lambda: [stacks.vault.put(RecordId(f"S{n}"), "original", item) for n, item in enumerate(few)])
    batch = timed(put_all)
    get = timed(lambda: [stacks.vault.get(record, "original") for record in ids])
    deposit = timed(receive)
    verify = timed(lambda: verified(stacks))
    plain_single = timed(lambda: plain(at / "one_by_one", few))
    plain_batch = timed(lambda: plain_together(at / "together", data))
    plain(at / "one_by_one", data)
    read = timed(lambda: [path.read_bytes() for path in (at / "one_by_one").iterdir()])
    stacks.close()
    return {
        "objects": len(data),
        "mb": total,
        "put": {
            "one_by_one_s": len(few) / single,
            "plain_s": len(few) / plain_single,
            "to_plain": plain_single / single,
        },
        "put_batch": {"mb_s": total / batch, "plain_mb_s": total / plain_batch, "to_plain": plain_batch / batch},
        "get": {"mb_s": total / get, "plain_mb_s": total / read, "to_plain": read / get},
        "deposit_s": len(few) / deposit,
        "verify_mb_s": (total + few_total) / verify,
        "restore": restores(at, keys, total + few_total, total),
    }


def restores(at: Path, keys: Keys, vault_mb: float, plain_mb: float) -> dict[str, float]:
    """The vault's segments against one file an object, and how long the restored vault takes to open."""
    ours = vault_mb / timed(lambda: synced_copy(at / "strong", at / "restored"))
    plain_files = plain_mb / timed(lambda: synced_copy(at / "one_by_one", at / "plain_restored"))
    opened = timed(lambda: Stacks.open(at / "restored", keys).close())
    for name in ("index.db", "index.db-wal", "index.db-shm"):
        (at / "restored" / "vault" / name).unlink(missing_ok=True)
    return {
        "mb_s": ours,
        "small_files_mb_s": plain_files,
        "to_small_files": ours / plain_files,
        "open_s": opened,
        "open_without_index_s": timed(lambda: Stacks.open(at / "restored", keys).close()),
    }


def verified(stacks: Stacks) -> None:
    """Ends the bench if what it wrote does not verify."""
    if stacks.vault.verify():
        raise SystemExit("the vault does not verify")


def main() -> None:
    """Prints one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, help="a folder of files to store instead of random bytes")
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--size", type=int, default=64 * 1024, help="bytes of each")
    parser.add_argument("--at", type=Path, help="where to write (the disk to measure)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.at) as folder:
        print(json.dumps(rounded(measure(Path(folder), objects(args.files, args.objects, args.size)))))


if __name__ == "__main__":
    main()
