"""Keyed tokens for people and their numbers, so that the catalogue finds somebody without naming anybody. A token
must never be made without the identity key, and the values themselves are never stored beside it in the clear."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from archive.keys import Keys, Purpose
from records.entities import Entity
from records.ids import PatientToken, PersonToken, RecordId
from records.seal import derive, sm3, token
from records.slots import SlotKind
from records.texts import IdentifiedText

_NOT_IN_NUMBERS: Final = str.maketrans("", "", " \t\r\n\u3000-—–_./:#")
_SHORTEST_NUMBER: Final = 4  # "3" is the third stay, not a record number
_SHORTEST_CARD: Final = 6  # passports and the like; a mainland ID card has 18, an old one 15
_NOBODY: Final = frozenset({"", "无", "无名", "无名氏", "不详", "未知", "佚名", "匿名", "UNKNOWN", "ANONYMOUS"})


@dataclass(frozen=True, slots=True)
class KnownIdentifier:
    """One identifier known to belong to a patient or a member of staff, as the de-identifier wants it."""

    entity: Entity
    value: IdentifiedText
    role: SlotKind = SlotKind.PERSON
    token: PersonToken | None = None


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """What a record says of who the patient is; "" or None where it says nothing. Its repr hides all of it.

    `numbers` are further record numbers that stand beside `mrn`: those of a stay or a visit."""

    name: str = field(default="", repr=False)
    id_card: str = field(default="", repr=False)
    mrn: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)


class IdentityTokens:
    """All keyed tokens of identities, and record ids."""

    def __init__(self, keys: Keys) -> None:
        self._key = derive(keys.purpose(Purpose.IDENTITY), "tokens")
        self._dedup = keys.purpose(Purpose.DEDUP)

    def record(self, data: bytes) -> RecordId:
        """The id of the record that these bytes are: the same bytes twice are one record."""
        return RecordId("R" + token(self._dedup, "record", sm3(data).hex()))

    def patient(self, seed: str) -> PatientToken:
        """A patient's token, made once from the identifier that the patient was first known by."""
        return PatientToken("P" + token(self._key, "patient", seed))

    def staff(self, name: str) -> PersonToken:
        """One member of staff, by name."""
        return PersonToken(token(self._key, "staff", normal_name(name)))

    def person(self, patient: PatientToken, name: str) -> PersonToken:
        """A relative or another person, who is somebody only beside this patient."""
        return PersonToken(token(self._key, "person", patient, normal_name(name)))

    def value(self, entity: Entity, value: str) -> PersonToken:
        """A number, address or the like, wherever it stands."""
        return PersonToken(token(self._key, "value", entity.value, normal_number(value)))

    def lookups(self, identity: PatientIdentity) -> dict[str, str]:
        """Kind -> lookup token of what the record says: "id_card", "mrn", "name_birth" and "name"."""
        card, mrn = normal_number(identity.id_card), normal_number(identity.mrn)
        found = {
            "id_card": card if _tells_apart(card) and len(card) >= _SHORTEST_CARD else "",
            "mrn": mrn if _tells_apart(mrn) and len(mrn) >= _SHORTEST_NUMBER else "",
            "name": normal_name(identity.name),
        }
        if found["name"] in _NOBODY:
            del found["name"]
        elif identity.birth_date is not None:
            found["name_birth"] = f"{found['name']}/{identity.birth_date.isoformat()}"
        return {kind: self.lookup(kind, value) for kind, value in found.items() if value}

    def further(self, identity: PatientIdentity) -> tuple[str, ...]:
        """Lookup tokens, of kind "mrn", of the further record numbers."""
        normal = dict.fromkeys(normal_number(number) for number in identity.numbers)
        return tuple(
            self.lookup("mrn", number) for number in normal if _tells_apart(number) and len(number) >= _SHORTEST_NUMBER
        )

    def lookup(self, kind: str, normal: str) -> str:
        """The lookup token of one normalised value."""
        return token(self._key, "lookup", kind, normal, size=32)


def may_be_same_name(first: str, second: str) -> bool:
    """Whether one name may be the other misread: at most one character differs, or one holds the other."""
    one, two = normal_name(first), normal_name(second)
    if len(one) == len(two):
        return sum(a != b for a, b in zip(one, two, strict=True)) <= 1 < len(one) or one == two
    return min(len(one), len(two)) > 1 and (one in two or two in one)


def _tells_apart(number: str) -> bool:
    """Not so for "无", "不详", "000000" and the like: whoever carries those would all become one patient."""
    digits = [character for character in number if character in "0123456789"]
    return any(digit != "0" for digit in digits) and not (len(digits) > 5 and len(set(digits)) == 1)


def normal_number(value: str) -> str:
    """Width, case, spaces and separators do not make another number."""
    return unicodedata.normalize("NFKC", value).translate(_NOT_IN_NUMBERS).upper()


def normal_name(value: str) -> str:
    """Width and white space do not make another name; the dot of transliterated names has one form."""
    name = "".join(unicodedata.normalize("NFKC", value).split())
    return name.translate(str.maketrans("・•．.‧∙", "······")).upper()
