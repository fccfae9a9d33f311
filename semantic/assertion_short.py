"""Names of diseases cut short where a text rules them out ("排除双相") or leaves them open: names in such a place
only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from semantic.assertion_cues import Cues
from semantic.concepts import Lexicon
from semantic.lexicon_concept import ConceptKind, Found
from semantic.lexicon_fold import flatten

_SHORTEST: Final = 2
_KINDS: Final = frozenset({ConceptKind.DISEASE, ConceptKind.COMPLICATION})
_RULES: Final = {Assertion.NEGATED: "exclude:short", Assertion.POSSIBLE: "cannot-exclude:short"}


def named_in_short(value: str, flat: str, found: Sequence[Found], lexicon: Lexicon, rules: Cues) -> Iterator[Mention]:
    """Denied and possible mentions of shortened names where no name was found; `flat` is as long as `value`."""
    taken = [(each.start, each.end) for each in found]
    for says, pattern in rules.short:
        for match in pattern.finditer(flat):
            start, end = match.span("scope")
            concept = None
            if not any(low < end and start < high for low, high in taken):
                concept = _beginnings(lexicon).get(match["scope"])
            if concept is not None:
                taken.append((start, end))
                yield Mention(concept, start, end, value[start:end], says, _RULES[says])


@lru_cache(maxsize=4)
def _beginnings(lexicon: Lexicon) -> Mapping[str, ConceptId]:
    """Beginnings of names that one disease alone, or one alone beside its own kinds, has -> that disease."""
    owners: dict[str, set[ConceptId]] = {}
    for concept in lexicon:
        if concept.kind in _KINDS:
            for name in map(flatten, (concept.zh, *concept.synonyms)):
                for end in range(_SHORTEST, len(name)):
                    owners.setdefault(name[:end], set()).add(concept.id)
    return {short: next(iter(ids)) for short, ids in owners.items() if len(ids) == 1}
