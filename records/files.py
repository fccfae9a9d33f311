"""Files that people write: read the same way everywhere, and refused in the same words."""

from __future__ import annotations

from pathlib import Path

from records.errors import BadInput


def read_text(path: Path) -> str:
    """A UTF-8 text, with or without the mark that Windows sets before it. Raises BadInput naming the file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        why = f"{path.name} cannot be read; check the path, and that the file is saved as UTF-8."
        raise BadInput("file_unreadable", why) from None
