"""Numbers that look like the real ones and check like them; the area codes used are assigned to no place."""

from __future__ import annotations

from datetime import date
from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = (
    *range(130, 134), *range(135, 140), *range(150, 154), *range(155, 160), 166, 173, *range(175, 179),
    *range(180, 184), *range(185, 190), 191, 198, 199,
)  # fmt: skip


def id_card_check(first17: str) -> str:
    """The 18th character of a GB 11643 number."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def id_card(area: str, born: date, male: bool, rng: Random) -> str:
    """An 18-character GB 11643 number with a right check character."""
    order = rng.randrange(10, 99)
    first17 = f"{area}{born:%Y%m%d}{order}{rng.randrange(0, 10, 2) + (1 if male else 0)}"
    return first17 + id_card_check(first17)


def mobile(rng: Random) -> str:
    """An 11-digit mobile number in a segment in use."""
    return f"{rng.choice(_MOBILE)}{rng.randrange(10**8):08d}"


def landline(area_code: str, rng: Random) -> str:
    """Area code and seven digits."""
    return f"{area_code}-{rng.randrange(2, 9)}{rng.randrange(10**6):06d}"


def luhn_check(digits: str) -> str:
    """The digit that makes `digits` + it pass Luhn."""
    total = 0
    for i, sign in enumerate(reversed(digits)):
        n = int(sign) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return str(-total % 10)


def bank_account(rng: Random) -> str:
    """A 19-digit card number with a right Luhn digit and an issuer that does not exist."""
    digits = f"629999{rng.randrange(10**12):012d}"
    return digits + luhn_check(digits)


def scrambled(number: int, digits: int) -> str:
    """A one-to-one scramble of `number` into `digits` digits, never with a leading 0: unique without keeping a list."""
    low, span = 10 ** (digits - 1), 9 * 10 ** (digits - 1)
    return str(low + (number * 7_368_787 + 1_234_577) % span)
