"""The archive's benches end in one JSON document, and their figures are ratios that can be read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def bench(*args: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", *args], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_crypto_bench_compares_with_openssl_and_gmssl() -> None:
    found = bench("bench.crypto", "--seconds", "0.03")
    assert found["bulk"]["seal_to_gmssl"] > 20
    assert 0.2 < found["bulk"]["seal_to_limit"] < 3
    assert found["envelope_4k"]["unseal_with_keyring_s"] > 0 and found["sm2"]["sign_s"] > 0


@pytest.mark.parametrize("outside", [False, True])
def test_the_store_bench_compares_with_plain_files(tmp_path: Path, outside: bool) -> None:
    for n in range(5):
        (tmp_path / f"{n}.bin").write_bytes(bytes(n * 1000 + 1))
    found = bench("bench.store", *(["--files", str(tmp_path)] if outside else ["--objects", "8", "--size", "2000"]))
    assert found["objects"] == (5 if outside else 8)
    assert found["put"]["to_plain"] > 0 and found["restore"]["open_without_index_s"] > 0
