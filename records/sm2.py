"""SM2 signatures (GB/T 32918.2) over the recommended curve, as OpenSSL makes and checks them. It must never sign with a
nonce from anywhere but the operating system, and `verify` must never raise: what is not a signature is not valid."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Final

from records.errors import BadInput
from records.seal import sm3

_P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A: Final = _P - 3
_B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G: Final = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_ID: Final = b"1234567812345678"  # the standard's default signer id
_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")  # id-ecPublicKey over the curve SM2
_PUBLIC_HEAD: Final = b"\x30\x59" + _ALGORITHM + b"\x03\x42\x00"
_PRIVATE_HEAD: Final = b"\x30\x81\x87\x02\x01\x00" + _ALGORITHM + bytes.fromhex("046d306b0201010420")
_PRIVATE_MIDDLE: Final = bytes.fromhex("a144034200")

_Affine = tuple[int, int]
_Jacobian = tuple[int, int, int]  # z = 0 is the point at infinity


def new_keypair() -> tuple[bytes, bytes]:
    """A fresh key as (private PEM in PKCS #8, public PEM in SubjectPublicKeyInfo)."""
    secret = secrets.randbelow(_N - 2) + 1  # 1..n-2, so that 1 + d has an inverse
    point = _point_bytes(_multiply_secret(secret))
    private = _PRIVATE_HEAD + secret.to_bytes(32, "big") + _PRIVATE_MIDDLE + point
    return _pem("PRIVATE KEY", private), _pem("PUBLIC KEY", _PUBLIC_HEAD + point)


def public_of(private: bytes) -> bytes:
    """The public PEM of a private PEM. Raises BadInput("bad_key")."""
    return _pem("PUBLIC KEY", _PUBLIC_HEAD + _point_bytes(_private(private)[1]))


def sign(private: bytes, message: bytes) -> bytes:
    """A DER signature (SEQUENCE of r and s) of SM3(Z || message). Raises BadInput("bad_key") on another kind of key."""
    secret, public = _private(private)
    digest = _digest(public, message)
    while True:
        nonce = secrets.randbelow(_N - 1) + 1
        r = (digest + _multiply_secret(nonce)[0]) % _N
        if r == 0 or r + nonce == _N:
            continue
        s = pow(1 + secret, -1, _N) * (nonce - r * secret) % _N
        if s != 0:
            return _der_sequence(r, s)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (DER) is this key's over `message`. Anything malformed, the key included, is False."""
    try:
        point = _public(public)
        r, s = _der_integers(signature)
        digest = _digest(point, message)
    except (BadInput, ValueError, TypeError, AttributeError):
        return False
    t = (r + s) % _N
    if not (0 < r < _N and 0 < s < _N) or t == 0:
        return False
    total = _affine(_add(_multiply(s, _G), _multiply(t, point)))
    return total is not None and (digest + total[0]) % _N == r


def _digest(public: _Affine, message: bytes) -> int:
    """SM3(Z || message) as a number; Z binds the signer's id, the curve and the public key."""
    numbers = b"".join(value.to_bytes(32, "big") for value in (_A, _B, *_G, *public))
    z = sm3((len(_ID) * 8).to_bytes(2, "big") + _ID + numbers)
    return int.from_bytes(sm3(z + message), "big")


# --- the curve ---------------------------------------------------------------------------------------------------


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if z == 0 or y == 0:
        return (1, 1, 0)
    delta, gamma = z * z % _P, y * y % _P
    beta = x * gamma % _P
    alpha = 3 * (x - delta) * (x + delta) % _P  # a = -3
    x3 = (alpha * alpha - 8 * beta) % _P
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % _P, 2 * y * z % _P


def _add(first: _Jacobian, second: _Jacobian) -> _Jacobian:
    if first[2] == 0:
        return second
    if second[2] == 0:
        return first
    (x1, y1, z1), (x2, y2, z2) = first, second
    z1z1, z2z2 = z1 * z1 % _P, z2 * z2 % _P
    u1, u2 = x1 * z2z2 % _P, x2 * z1z1 % _P
    s1, s2 = y1 * z2 * z2z2 % _P, y2 * z1 * z1z1 % _P
    h, r = (u2 - u1) % _P, (s2 - s1) % _P
    if h == 0:
        return _double(first) if r == 0 else (1, 1, 0)
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - s1 * hhh) % _P, h * z1 * z2 % _P


def _multiply(scalar: int, point: _Affine) -> _Jacobian:
    total: _Jacobian = (1, 1, 0)
    step: _Jacobian = (*point, 1)
    for bit in bin(scalar)[2:]:
        total = _double(total)
        if bit == "1":
            total = _add(total, step)
    return total


def _multiply_secret(scalar: int) -> _Affine:
    """scalar x G by a ladder over a scalar blinded with a random multiple of n, from randomised coordinates: the same
    doublings and additions whatever the secret, and never the same numbers twice."""
    blinded = scalar + (secrets.randbits(63) | 1 << 63) * _N
    z = secrets.randbelow(_P - 1) + 1
    low: _Jacobian = (_G[0] * z * z % _P, _G[1] * z * z * z % _P, z)
    high = _double(low)
    for bit in bin(blinded)[3:]:
        both = _add(low, high)
        low, high = (both, _double(high)) if bit == "1" else (_double(low), both)
    result = _affine(low)
    if result is None:
        raise ArithmeticError("scalar is a multiple of the group order")
    return result


def _affine(point: _Jacobian) -> _Affine | None:
    x, y, z = point
    if z == 0:
        return None
    inverse = pow(z, -1, _P)
    return x * inverse * inverse % _P, y * inverse * inverse * inverse % _P


# --- forms of keys and signatures --------------------------------------------------------------------------------


def _pem(label: str, der: bytes) -> bytes:
    body = base64.b64encode(der).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def _unpem(label: str, pem: bytes) -> bytes:
    lines = pem.decode("ascii").strip().splitlines()
    if len(lines) < 3 or lines[0] != f"-----BEGIN {label}-----" or lines[-1] != f"-----END {label}-----":
        raise ValueError("not that kind of PEM")
    return base64.b64decode("".join(line.strip() for line in lines[1:-1]), validate=True)


def _point_bytes(point: _Affine) -> bytes:
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def _point(data: bytes) -> _Affine:
    x, y = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
    if len(data) != 65 or data[0] != 4 or x >= _P or y >= _P or (y * y - x * x * x - _A * x - _B) % _P:
        raise ValueError("not a point of the curve")
    return x, y


def _public(pem: bytes) -> _Affine:
    """Raises BadInput("bad_key")."""
    try:
        der = _unpem("PUBLIC KEY", pem)
        if not der.startswith(_PUBLIC_HEAD):
            raise ValueError("not SM2")
        return _point(der[len(_PUBLIC_HEAD) :])
    except (ValueError, binascii.Error):
        raise BadInput("bad_key", "This is not an SM2 public key in PEM form; give the archive's public key.") from None


def _private(pem: bytes) -> tuple[int, _Affine]:
    """Raises BadInput("bad_key")."""
    try:
        der = _unpem("PRIVATE KEY", pem)
        secret_at = len(_PRIVATE_HEAD)
        middle = der[secret_at + 32 : secret_at + 32 + len(_PRIVATE_MIDDLE)]
        if not der.startswith(_PRIVATE_HEAD) or middle != _PRIVATE_MIDDLE:
            raise ValueError("not SM2")
        secret = int.from_bytes(der[secret_at : secret_at + 32], "big")
        if not 0 < secret < _N - 1:
            raise ValueError("out of range")
        return secret, _point(der[secret_at + 32 + len(_PRIVATE_MIDDLE) :])
    except (ValueError, binascii.Error):
        raise BadInput("bad_key", "This is not an SM2 private key in PKCS #8 PEM form; restore the key file.") from None


def _der_integer(value: int) -> bytes:
    body = value.to_bytes(value.bit_length() // 8 + 1, "big")  # one leading zero bit keeps it positive
    return b"\x02" + bytes([len(body)]) + body


def _der_sequence(r: int, s: int) -> bytes:
    body = _der_integer(r) + _der_integer(s)
    return b"\x30" + bytes([len(body)]) + body


def _der_integers(signature: bytes) -> tuple[int, int]:
    """r and s of the one canonical encoding; ValueError on any other (so a signature cannot be re-encoded)."""
    if not 8 <= len(signature) <= 72 or signature[0] != 0x30 or signature[1] != len(signature) - 2:
        raise ValueError("not a signature")
    size = signature[3]
    r = int.from_bytes(signature[4 : 4 + size], "big")
    s = int.from_bytes(signature[6 + size :], "big")
    if _der_sequence(r, s) != bytes(signature):
        raise ValueError("not canonical DER")
    return r, s
