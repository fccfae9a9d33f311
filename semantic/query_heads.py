"""Names that share a word in a question made whole: "type 1 rather than type 2 diabetes", "atrial fibrillation or
flutter", "缺血性而非出血性脑卒中"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from semantic.concepts import Found, Lexicon
from semantic.lexicon_fold import flatten

_JOINT: Final = re.compile(
    r"\s(?:rather than|instead of|as opposed to|(?:and |but )?not|or|and|versus|vs\.?)\s(?:an?\s|the\s)?"
    r"|\s?(?:而不是|而非|并非|不是|或者|以及|和|与|或|及|、)\s?"
)
_MOST: Final = 3  # English words that may be left of a name
_LETTERS: Final = 6  # ... or Chinese characters
_SHORTEST: Final = 2  # characters of what stands behind a joint


def whole(text: str, lexicon: Lexicon) -> str:
    """`text` with the word that two joined names share, and only one of them shows, written out beside the other."""
    flat = flatten(text)
    joints = list(_JOINT.finditer(flat))
    if not joints:
        return text
    found = lexicon.find(text, question=True)
    pieces, at = list[str](), 0
    for joint in joints:
        place, shared = _missing(flat, joint, found, lexicon) or (joint.start(), "")
        if place >= at:
            pieces += text[at:place], shared
            at = place
    return "".join((*pieces, text[at:]))


def _missing(flat: str, joint: re.Match[str], found: Sequence[Found], lexicon: Lexicon) -> tuple[int, str] | None:
    """Where something is missing beside a joint, and what."""
    left = next((each for each in found if each.end == joint.start()), None)
    right = next((each for each in found if each.start == joint.end()), None)
    if right and not left:
        name = flat[right.start : right.end]
        for piece in _endings(flat[: joint.start()]):
            for at in _cuts(name):
                if _named(piece + name[at:], right, lexicon):
                    return joint.start(), piece[len(piece.rstrip()) :] + name[at:]
    if left and not right:
        name = flat[left.start : left.end]
        for piece in _beginnings(flat[joint.end() :]):
            for at in reversed([*_cuts(name)]):
                if _named(name[:at] + piece, left, lexicon):
                    return joint.end(), name[:at]
    return None


def _endings(before: str) -> Iterator[str]:
    """The last words, or Chinese characters, of what stands before a joint; the most first."""
    if before[-1:].isascii():
        words = re.split(r"[^a-z0-9'-]+", before)[-_MOST:]
        yield from (" ".join(words[at:]) + " " for at in range(len(words)) if words[at])
    else:
        yield from (before[-size:] for size in range(min(_LETTERS, len(before)), 0, -1))


def _beginnings(behind: str) -> Iterator[str]:
    """The same of what stands behind it."""
    if behind[:1].isascii():
        words = re.split(r"[^a-z0-9'-]+", behind)[:_MOST]
        yield from (" ".join(words[:at]) for at in range(len(words), 0, -1))
    else:
        yield from (behind[:size] for size in range(min(_LETTERS, len(behind)), _SHORTEST - 1, -1))


def _cuts(name: str) -> Iterator[int]:
    """Where a name may be parted: before its last words, the fewest left out first."""
    if name.isascii():
        yield from (at + 1 for at, char in enumerate(name) if char == " ")
    else:
        yield from range(1, len(name))


def _named(words: str, beside: Found, lexicon: Lexicon) -> bool:
    """Whether these are a name, and not of what stands beside them."""
    concepts = lexicon.lookup(words)
    return len(concepts) == 1 and concepts[0].id != beside.concept
