"""What one file may cost: bytes, pages, pixels, seconds, memory. One place, for tests and operators to change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds are wall-clock (`seconds`, plus `seconds_per_page` for pages to recognise) and CPU (`cpu_seconds`)."""

    file_bytes: int = 100 * 1024 * 1024
    pages: int = 200
    page_pixels: int = 60_000_000  # A3 at 400 dpi is 31 million
    side_pixels: int = 20_000
    text_characters: int = 5_000_000
    seconds: float = 120.0
    seconds_per_megabyte: float = 60.0
    cpu_seconds: int = 1800
    memory_bytes: int = 6 * 1024**3
    temp_file_bytes: int = 256 * 1024 * 1024

    def wall_seconds(self, size: int) -> float:
        """How long a file of `size` bytes may take before its reader is ended."""
        return self.seconds + self.seconds_per_megabyte * size / (1024 * 1024)
