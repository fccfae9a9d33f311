"""What one file may cost: bytes, pages, pixels, seconds, memory. One place, for tests and operators to change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """CPU seconds are what a file may use; the wall clock is a net behind them, wide enough for a busy machine."""

    file_bytes: int = 100 * 1024 * 1024
    pages: int = 200
    page_pixels: int = 60_000_000  # A3 at 400 dpi is 31 million
    side_pixels: int = 20_000
    text_characters: int = 5_000_000
    cpu_seconds: int = 120
    cpu_seconds_per_megabyte: int = 60  # a scanned page is a third of a megabyte and takes 5 CPU seconds
    wall_factor: float = 8.0
    memory_bytes: int = 6 * 1024**3
    temp_file_bytes: int = 256 * 1024 * 1024

    def cpu_allowance(self, size: int) -> int:
        """CPU seconds that a file of `size` bytes may use before its reader is ended."""
        return self.cpu_seconds + self.cpu_seconds_per_megabyte * size // (1024 * 1024)

    def wall_seconds(self, size: int) -> float:
        """How long it may take."""
        return self.wall_factor * self.cpu_allowance(size)
