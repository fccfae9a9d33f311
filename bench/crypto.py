"""How near the seals come to the speed of OpenSSL itself, and how far gmssl is behind; ratios within one run.

python -m bench.crypto [--seconds S]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes
from gmssl import sm3 as gmssl_sm3
from gmssl.sm2 import CryptSM2
from gmssl.sm4 import SM4_ENCRYPT, CryptSM4

from archive.keyring import Keyring
from archive.keys import Keys, Stretch
from records import sm2
from records.ids import RecordId
from records.seal import new_key, seal, sm3, unseal

BULK = 1 << 20
SMALL = 4096


def rate(work: Callable[[], object], seconds: float) -> float:
    """Runs of `work` a second, the best of three stretches of `seconds` / 3."""
    work()
    best = 0.0
    for _ in range(3):
        count, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds / 3:
            work()
            count += 1
        best = max(best, count / spent)
    return best


def raw(algorithm: CipherAlgorithm, data: bytes) -> Callable[[], object]:
    """OpenSSL's GCM over `data` into a buffer that is there already: the limit."""
    room = bytearray(len(data) + 32)

    def work() -> None:
        encryptor = Cipher(algorithm, modes.GCM(bytes(12))).encryptor()
        encryptor.update_into(data, room)
        encryptor.finalize()

    return work


def bulk(seconds: float) -> dict[str, Any]:
    """Megabytes a second over 1 MB objects."""
    key, data = new_key(), os.urandom(BULK)
    sealed = seal(key, data, b"aad")
    slow = CryptSM4()
    slow.set_key(key, SM4_ENCRYPT)
    size = BULK / 1e6
    few = SMALL / 1e6
    limit = rate(raw(algorithms.SM4(key), data), seconds) * size
    ours = rate(lambda: seal(key, data, b"aad"), seconds) * size
    opened = rate(lambda: unseal(key, sealed, b"aad"), seconds) * size
    aes = rate(raw(algorithms.AES(key), data), seconds) * size
    peer = rate(lambda: slow.crypt_ecb(data[:SMALL]), seconds) * few
    return {
        "seal_mb_s": ours,
        "unseal_mb_s": opened,
        "openssl_sm4_gcm_mb_s": limit,
        "openssl_aes_gcm_mb_s": aes,
        "gmssl_sm4_ecb_mb_s": peer,
        "seal_to_limit": ours / limit,
        "unseal_to_limit": opened / limit,
        "seal_to_gmssl": ours / peer,
    }


def digests(seconds: float) -> dict[str, Any]:
    """SM3, megabytes a second."""
    data = os.urandom(BULK)
    ours = rate(lambda: sm3(data), seconds) * BULK / 1e6
    sha = rate(lambda: hashlib.sha256(data).digest(), seconds) * BULK / 1e6
    few = list(data[:SMALL])
    peer = rate(lambda: gmssl_sm3.sm3_hash(few), seconds) * SMALL / 1e6
    return {"sm3_mb_s": ours, "sha256_mb_s": sha, "gmssl_sm3_mb_s": peer, "sm3_to_gmssl": ours / peer}


def envelopes(seconds: float) -> dict[str, Any]:
    """A fresh data key, wrapped, and a 4 KB object sealed under it; and back, unwrapping included. A second; and what
    of it is left when the wrapped keys lie in the keyring's SQLite file."""
    purpose, data = new_key(), os.urandom(SMALL)

    def wrap() -> tuple[bytes, bytes]:
        key = new_key()
        return seal(purpose, key, b"id"), seal(key, data, b"id")

    wrapped, sealed = wrap()
    in_memory = rate(lambda: unseal(unseal(purpose, wrapped, b"id"), sealed, b"id"), seconds)
    with tempfile.TemporaryDirectory() as folder:
        keyring = Keyring.open(Path(folder) / "keyring.db", Keys.create(Path(folder), "bench only", Stretch(8, 1, 1)))
        record = RecordId("R1")
        stored = seal(keyring.obtain(record), data, b"id")
        from_disk = rate(lambda: unseal(keyring.key(record), stored, b"id"), seconds)
        keyring.close()
    return {
        "seal_s": rate(wrap, seconds),
        "unseal_s": in_memory,
        "unseal_with_keyring_s": from_disk,
        "keyring_to_memory": from_disk / in_memory,
    }


def signatures(seconds: float) -> dict[str, Any]:
    """SM2, a second; the same point arithmetic in gmssl beside it."""
    private, public = sm2.new_keypair()
    message = os.urandom(64)
    signature = sm2.sign(private, message)
    peer = CryptSM2(private_key="1" * 64, public_key="2" * 128)
    digest = sm3(message)
    sign = rate(lambda: sm2.sign(private, message), seconds)
    check = rate(lambda: sm2.verify(public, message, signature), seconds)
    theirs = rate(lambda: peer.sign(digest, "3" * 64), seconds)
    return {"sign_s": sign, "verify_s": check, "gmssl_sign_s": theirs, "sign_to_gmssl": sign / theirs}


def rounded(value: Any) -> Any:
    """Four significant digits."""
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    return float(f"{value:.4g}")


def main() -> None:
    """Prints one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.6, help="spent on each measurement")
    seconds = parser.parse_args().seconds
    found = {
        "bulk": bulk(seconds),
        "digest": digests(seconds),
        "envelope_4k": envelopes(seconds),
        "sm2": signatures(seconds),
    }
    print(json.dumps(rounded(found)))


if __name__ == "__main__":
    main()
