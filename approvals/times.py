"""Instants and days as the ledger writes them. The clock is always handed in; nothing here reads one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

Clock = Callable[[], datetime]  # an aware datetime

HOSPITAL_ZONE: Final = timezone(timedelta(hours=8))  # China has one zone and no summer time


def system_clock() -> datetime:
    """The machine's time, aware."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Fixed-width UTC text ("2026-11-23T01:02:03.000004Z"), so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """The instant a stamp stands for. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def day_of(moment: datetime) -> date:
    """The hospital's calendar day."""
    return moment.astimezone(HOSPITAL_ZONE).date()
