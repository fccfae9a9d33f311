"""Spelling variants of names, from data/concepts/variants.toml: written forms only, never a new meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from records.ids import ConceptId
from semantic.lexicon_concept import Concept
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import squeeze
from semantic.lexicon_match import Name

_MOST: Final = 24  # variants of one name; more would mean a rule that feeds itself
_SHORTEST_PLURAL: Final = 5
_HEAD: Final = re.compile(r"([A-Za-z][A-Za-z -]*?) (?:of|in|after|to|with|from) ")


def read_variants(path: Path) -> list[tuple[str, str]]:
    """Pairs (as written, also written), longest first."""
    pairs = [
        (squeeze(str(block["from"])), squeeze(str(target)))
        for block in read_toml(path).get("variant", [])
        for target in block["to"]
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def variants(name: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Other ways to write one (squeezed) name, the name itself left out."""
    forms = [name]
    for old, new in pairs:
        for form in list(forms):
            said = old in new and new in form  # "anaemia" has its longer spelling already
            if old in form and not said and len(forms) < _MOST:
                forms.append(form.replace(old, new))
    return list(dict.fromkeys(forms))[1:]


def plural(name: str) -> str | None:
    """English plural of the last word of a squeezed ASCII name, None where there is none worth having."""
    if not name.isascii() or len(name) < _SHORTEST_PLURAL or not name[-1].isalpha() or name.endswith(("ss", "us")):
        return None
    if name.endswith("sis"):
        return name[:-2] + "es"
    if name.endswith(("x", "ch", "sh")):
        return name + "es"
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return None if name.endswith("s") else name + "s"


def derived_names(
    concepts: Mapping[ConceptId, Concept],
    taken: Mapping[str, Name],
    pairs: list[tuple[str, str]],
    written: Callable[[Concept], Iterable[str]] = lambda concept: concept.names,
    itself: bool = False,
) -> dict[str, Name]:
    """Squeezed variant of what is `written`, and that where `itself` -> concept; a form that is written for, or derived
    from, another concept is left out."""
    found: dict[str, Name] = {}
    clashes: set[str] = set()
    any_old = re.compile("|".join(re.escape(old) for old, _ in pairs) or "(?!)")
    for concept in concepts.values():
        for name in written(concept):
            folded = squeeze(name)
            spelt = variants(folded, pairs) if any_old.search(folded) else []
            forms = [folded, *spelt] if itself else spelt
            if name != name.upper():
                forms += [each for form in dict.fromkeys((folded, *forms)) if (each := plural(form))]
            head = _HEAD.match(name)
            if head is not None and (each := plural(squeeze(head[1]))):
                forms.append(each + folded[len(squeeze(head[1])) :])  # "disorders of the retina"
            for form in forms:
                own = Name(concept.id, name)
                if taken.get(form, own).concept != concept.id or found.get(form, own).concept != concept.id:
                    clashes.add(form)
                elif form not in taken:
                    found.setdefault(form, own)
    return {form: owner for form, owner in found.items() if form not in clashes}
