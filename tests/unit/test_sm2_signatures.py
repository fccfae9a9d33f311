"""SM2 as OpenSSL and gmssl see it, and everything that is not a signature."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest
from gmssl.sm2 import CryptSM2
from hypothesis import given, settings
from hypothesis import strategies as st

from records import sm2
from records.errors import BadInput

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl program is not installed")
OPTIONS = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
MESSAGE = "检查点 41: 9f86d0".encode()
PRIVATE, PUBLIC = sm2.new_keypair()
SIGNATURE = sm2.sign(PRIVATE, MESSAGE)


def openssl(*args: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *map(str, args)], capture_output=True, check=False, timeout=30)


def test_a_signature_verifies_and_another_message_or_key_does_not() -> None:
    assert sm2.verify(PUBLIC, MESSAGE, SIGNATURE)
    assert not sm2.verify(PUBLIC, MESSAGE + b" ", SIGNATURE)
    assert not sm2.verify(sm2.new_keypair()[1], MESSAGE, SIGNATURE)


def test_the_public_half_is_found_from_the_private_one() -> None:
    assert sm2.public_of(PRIVATE) == PUBLIC


def test_two_signatures_of_one_message_share_no_nonce() -> None:
    assert len({sm2.sign(PRIVATE, MESSAGE)[:36] for _ in range(20)}) == 20


@needs_openssl
def test_openssl_reads_our_keys_and_verifies_our_signatures(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(PRIVATE)
    (tmp_path / "pub.pem").write_bytes(PUBLIC)
    (tmp_path / "message").write_bytes(MESSAGE)
    assert openssl("pkey", "-in", tmp_path / "key.pem", "-pubout").stdout == PUBLIC
    for at in range(5):
        signature = tmp_path / f"sig{at}"
        signature.write_bytes(sm2.sign(PRIVATE, MESSAGE))
        done = openssl(
            "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "pub.pem", *OPTIONS, "-in", tmp_path / "message",
            "-sigfile", signature,
        )  # fmt: skip
        assert done.returncode == 0, done
    (tmp_path / "message").write_bytes(MESSAGE + b"!")
    done = openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "pub.pem", *OPTIONS, "-in", tmp_path / "message",
        "-sigfile", signature,
    )  # fmt: skip
    assert done.returncode != 0


@needs_openssl
def test_we_read_openssl_keys_and_verify_openssl_signatures(tmp_path: Path) -> None:
    key, message, signature = tmp_path / "key.pem", tmp_path / "message", tmp_path / "sig"
    message.write_bytes(MESSAGE)
    for _ in range(5):
        assert openssl("genpkey", "-algorithm", "SM2", "-out", key).returncode == 0
        public = openssl("pkey", "-in", key, "-pubout").stdout
        assert sm2.public_of(key.read_bytes()) == public
        assert openssl("pkeyutl", "-sign", "-inkey", key, *OPTIONS, "-in", message, "-out", signature).returncode == 0
        assert sm2.verify(public, MESSAGE, signature.read_bytes())
        assert not sm2.verify(public, MESSAGE + b"!", signature.read_bytes())


def test_gmssl_agrees_both_ways() -> None:
    for _ in range(8):
        private, public = sm2.new_keypair()
        point = base64.b64decode(b"".join(public.splitlines()[1:-1]))[-64:].hex()
        secret = base64.b64decode(b"".join(private.splitlines()[1:-1]))[36:68].hex()
        other = CryptSM2(private_key=secret, public_key=point, asn1=True)
        other.public_key = point  # its constructor strips leading 0s and 4s off the key
        assert other.verify_with_sm3(sm2.sign(private, MESSAGE).hex(), MESSAGE)
        theirs = other.sign_with_sm3(MESSAGE, "6CB28D99385C175C94F94E934817663FC176D925DD72B727260DBAAE1FB2F96F")
        assert sm2.verify(public, MESSAGE, bytes.fromhex(theirs))


@given(at=st.integers(0, len(SIGNATURE) - 1), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_no_flipped_bit_of_a_signature_verifies(at: int, bit: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[at] ^= 1 << bit
    assert not sm2.verify(PUBLIC, MESSAGE, bytes(changed))


@given(st.binary(max_size=90))
@settings(max_examples=150, deadline=None)
def test_junk_is_false_and_never_raises(junk: bytes) -> None:
    assert not sm2.verify(PUBLIC, MESSAGE, junk)
    assert not sm2.verify(junk, MESSAGE, SIGNATURE)


def der(r: int, s: int) -> bytes:
    def integer(value: int) -> bytes:
        body = value.to_bytes(value.bit_length() // 8 + 1, "big")
        return bytes([2, len(body)]) + body

    body = integer(r) + integer(s)
    return bytes([0x30, len(body)]) + body


ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


@pytest.mark.parametrize(
    "forged",
    [
        b"", b"\x30", der(0, 1), der(1, 0), der(1, ORDER), der(ORDER, 1), der(ORDER - 1, 1), der(0, 0),
        SIGNATURE + b"\x00", SIGNATURE[:-1], b"\x30\x81" + SIGNATURE[1:],
    ],
    ids=["empty", "one", "r0", "s0", "sn", "rn", "t0", "zeros", "longer", "shorter", "long-form"],
)  # fmt: skip
def test_forged_edges_are_false(forged: bytes) -> None:
    assert sm2.verify(PUBLIC, MESSAGE, forged) is False


def test_wrong_types_are_false() -> None:
    assert sm2.verify(None, MESSAGE, SIGNATURE) is False  # type: ignore[arg-type]
    assert sm2.verify(PUBLIC, MESSAGE, None) is False  # type: ignore[arg-type]
    assert sm2.verify(PUBLIC, None, SIGNATURE) is False  # type: ignore[arg-type]


def test_a_point_off_the_curve_is_no_key() -> None:
    raw = bytearray(base64.b64decode(b"".join(PUBLIC.splitlines()[1:-1])))
    raw[-1] ^= 1
    off = b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(bytes(raw)) + b"\n-----END PUBLIC KEY-----\n"
    assert sm2.verify(off, MESSAGE, SIGNATURE) is False


@pytest.mark.parametrize("bad", [b"", PUBLIC, b"-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----"])
def test_signing_with_something_else_is_bad_input(bad: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        sm2.sign(bad, MESSAGE)
    assert caught.value.code == "bad_key"
