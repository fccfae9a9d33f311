"""Many fixed phrases looked for at once, in time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind


class Phrases:
    """Phrases found longest first, without overlaps. `every`: all of them."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.every = frozenset(phrases)
        self._phrases = sorted(self.every)

    @cached_property
    def _heads(self) -> dict[str, tuple[str, ...]]:
        heads: dict[str, list[str]] = {}
        for phrase in self._phrases:
            heads.setdefault(phrase[:2], []).append(phrase)
        return {head: tuple(sorted(group, key=lambda p: (-len(p), p))) for head, group in heads.items()}

    @cached_property
    def _automaton(self) -> AhoCorasick | None:
        return _automaton(self._phrases, MatchKind.LeftmostLongest) if len(self._phrases) > _FEW else None

    def at(self, text: str, start: int) -> str | None:
        """The longest phrase that stands at `start`."""
        for phrase in self._heads.get(text[start : start + 2], ()):
            if text.startswith(phrase, start):
                return phrase
        return None

    def find(self, text: str) -> list[tuple[int, str]]:
        """(start, phrase), left to right."""
        if self._automaton is None:
            return self._one_by_one(text)
        return [
            (start, self._phrases[number]) for number, start, _ in _matches(self._automaton, text, overlapping=False)
        ]

    def _one_by_one(self, text: str) -> list[tuple[int, str]]:
        """The same without an automaton: to build one takes longer than to look for a few phrases."""
        places = []
        for phrase in self._phrases:
            at = text.find(phrase)
            while at >= 0:
                places.append((at, -len(phrase), phrase))
                at = text.find(phrase, at + 1)
        places.sort()
        found = []
        reached = 0
        for start, size, phrase in places:
            if start >= reached:
                found.append((start, phrase))
                reached = start - size
        return found


_FEW: Final = 50


def _automaton(phrases: list[str], kind: MatchKind) -> AhoCorasick:
    # The compact automaton: a full table takes fewer steps, but does not stay in the processor's cache.
    return AhoCorasick(
        map(_whole, phrases), matchkind=kind, store_patterns=False, implementation=Implementation.ContiguousNFA
    )


def _matches(automaton: AhoCorasick, text: str, *, overlapping: bool) -> Sequence[tuple[int, int, int]]:
    """The number of a phrase, where it begins and where it ends."""
    try:
        return automaton.find_matches_as_indexes(text, overlapping=overlapping)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(_whole(text), overlapping=overlapping)


def _whole(text: str) -> str:
    """The text with half a surrogate pair replaced, which the automaton cannot read; same length."""
    return text if text.isascii() else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


Make = Callable[[], Phrases]
_SHARED: Final[list[Make]] = []


def shared(make: Make) -> Make:
    """Marks a list that is looked for together with all others so marked, in one pass over a text; made only once."""
    made = cache(make)
    _SHARED.append(made)
    return made


def found_together(text: str) -> Mapping[Make, Sequence[tuple[int, str]]]:
    """What `Phrases.find` of each shared list finds in a text; a list that finds nothing is left out."""
    return _together(len(_SHARED)).find(text)


class _Together:
    """One automaton for several lists. What is kept of each phrase is one byte: whose it is."""

    def __init__(self, lists: Iterable[Make]) -> None:
        owners: dict[str, tuple[Make, ...]] = {}
        for make in lists:
            for phrase in make().every:
                owners[phrase] = (*owners.get(phrase, ()), make)
        self._groups = list(dict.fromkeys(owners.values()))
        numbers = {group: number for number, group in enumerate(self._groups)}
        self._group_of = bytes(map(numbers.__getitem__, owners.values()))
        self._automaton = _automaton(list(owners), MatchKind.Standard)

    def find(self, text: str) -> dict[Make, list[tuple[int, str]]]:
        out: dict[Make, list[tuple[int, str]]] = {}
        for number, start, end in sorted(_matches(self._automaton, text, overlapping=True), key=_PLACE):
            for make in self._groups[self._group_of[number]]:
                kept = out.setdefault(make, [])
                last, other = kept[-1] if kept else (-1, "")
                if start == last:  # and longer
                    kept[-1] = start, text[start:end]
                elif start >= last + len(other):
                    kept.append((start, text[start:end]))
        return out


_PLACE: Final = itemgetter(1, 2)


@cache
def _together(count: int) -> _Together:
    """All shared lists; `count` of them, since a module may be read that has more."""
    return _Together(_SHARED[:count])
