"""The kinds of identifier the de-identifier finds (发现项的类别)."""

from __future__ import annotations

from enum import StrEnum


class Entity(StrEnum):
    """Entity names exactly as they stand in `spans`."""

    PERSON = "PERSON"
    ID_CARD = "ID_CARD"
    MEDICAL_ID = "MEDICAL_ID"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    ORGANISATION = "ORGANISATION"
    DATE = "DATE"
    AGE_OVER_89 = "AGE_OVER_89"
    EMAIL = "EMAIL"
    ACCOUNT = "ACCOUNT"
    OTHER_ID = "OTHER_ID"
