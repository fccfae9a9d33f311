"""The nouns of the lexicon: a concept, its names and its relations. Holds no patient data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from records.ids import ConceptId


class ConceptKind(StrEnum):
    """What sort of thing a concept is."""

    DISEASE = "disease"
    COMPLICATION = "complication"
    SYMPTOM = "symptom"
    FINDING = "finding"
    PROCEDURE = "procedure"
    DRUG = "drug"
    DRUG_CLASS = "drug-class"
    LAB = "lab"
    IMAGING = "imaging"
    TCM = "tcm"


class Relation(StrEnum):
    """Relations as written in data/concepts: from the concept that carries them to their target."""

    IS_A = "is-a"
    COMPLICATION_OF = "complication-of"  # may follow from the target
    DUE_TO = "due-to"  # follows from the target by definition, so it implies the target
    FINDING_OF = "finding-of"  # symptom, sign or laboratory pattern of the target
    TREATED_WITH = "treated-with"  # target is a drug, drug class or procedure
    SIGN_OF = "sign-of"  # written in signs.toml only: shows the target without naming it


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept. `synonyms` are all names but the two preferred ones; `asked` are names used in questions only."""

    id: ConceptId
    kind: ConceptKind
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    relations: tuple[tuple[Relation, ConceptId], ...] = ()
    specialty: str = ""  # stem of the file it stands in
    note: str = ""
    kinds: tuple[ConceptId, ...] = ()  # those that a class lists as its kinds; each gets the is-a when all are read

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may stand in a record, preferred ones first."""
        return (self.zh, self.en, *self.synonyms)

    def targets(self, relation: Relation) -> tuple[ConceptId, ...]:
        """Concepts this one points at by `relation`, in the order of the file."""
        return tuple(target for kind, target in self.relations if kind is relation)

    @property
    def is_a(self) -> tuple[ConceptId, ...]:
        """Direct parents."""
        return self.targets(Relation.IS_A)


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of an ambiguous name, and the words nearby that speak for it (folded, see lexicon_fold)."""

    concept: ConceptId
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name with more than one meaning. `otherwise` is taken when nothing nearby decides (None = no mention)."""

    words: str
    readings: tuple[Reading, ...]
    otherwise: ConceptId | None = None
    exact_case: bool = False
    unless: tuple[str, ...] = ()  # words nearby that make it no mention at all
    short: bool = False  # found only where a short name is


@dataclass(frozen=True, slots=True)
class Found:
    """A name found in a text: code-point offsets of the text, half-open."""

    concept: ConceptId
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, order=True)
class Reached:
    """A concept reached from another: `weight` in (0, 1], and the steps there as (relation word, concept)."""

    weight: float
    steps: tuple[tuple[str, ConceptId], ...] = ()
