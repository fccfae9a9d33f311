"""Looking a concept up by whatever somebody types of it: a name, the beginning of one, a code, a phrase."""

from __future__ import annotations

from functools import lru_cache

from semantic.concepts import Concept, Lexicon
from semantic.lexicon_concept import Relation
from semantic.lexicon_fold import squeeze


def browse(lexicon: Lexicon, words: str, most: int = 30) -> tuple[tuple[Concept, ...], tuple[Concept, ...]]:
    """(concepts that the words name, others with the words in a name or at the front of a code); each once."""
    named = {each.id: each for each in lexicon.lookup(words)}
    if not named:
        named = {wish.concept: lexicon.concept(wish.concept) for wish in lexicon.ask(words)}
    named = {one: each for one, each in named.items() if _written(each)}
    folded, code = squeeze(words), words.strip().upper()
    if not folded:
        return (), ()
    ranked: list[tuple[int, int, str, Concept]] = []
    for each, names in _names(lexicon):
        if each.id in named:
            continue
        inside = [(not name.startswith(folded), len(name)) for name in names if folded in name]
        if inside:
            late, length = min(inside)
            ranked.append((int(late), length, each.id, each))
        elif len(code) >= 2 and any(one.startswith(code) for one in each.icd10):
            ranked.append((2, 0, each.id, each))
    return tuple(named.values()), tuple(each for *_, each in sorted(ranked)[:most])


def _written(concept: Concept) -> bool:
    """Whether it is a concept for people; what signs.toml adds stands for a pattern of words."""
    return not concept.targets(Relation.SIGN_OF)


@lru_cache(maxsize=4)
def _names(lexicon: Lexicon) -> tuple[tuple[Concept, tuple[str, ...]], ...]:
    return tuple((each, tuple(squeeze(name) for name in each.names)) for each in lexicon if _written(each))
