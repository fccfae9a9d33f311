"""What a question asks (问句理解): concepts and what is wanted of them, who and when, and what is not wished for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, zip_longest
from typing import Any, Final

from records.errors import BadInput
from records.ids import ConceptId
from records.mentions import Assertion, Mention
from records.slots import SLOT
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon, Reached, Want, Wish
from semantic.cues import age, cues, period
from semantic.elapsed import ONSET, since
from semantic.elapsed_asked import Lasting, lasting
from semantic.labs import LAB, load_labs
from semantic.labs_asked import Asked, called, limits_in
from semantic.lexicon_concept import ConceptKind, Relation
from semantic.lexicon_fold import flatten, fold
from semantic.lexicon_relations import Edge
from semantic.query_asks import Ask, either
from semantic.query_brackets import unlisted
from semantic.query_heads import whole
from semantic.query_signs import denied_starts, denied_words, parted, sensible, signs, untreated
from semantic.rows import Filters

MAX_CHARS: Final = 2000
_STORY: Final = 0.5  # below this focus a long question is a story: every word of it is compared
_LONG: Final = 20  # Chinese characters, or words
_CLAUSES: Final = 4  # ... of a story that names something; in fewer it is only described
_CONTENT: Final = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
_CLAUSE: Final = re.compile(r"[^,。;!?\n]+")
_STEPS_OF_A_KIND: Final = ("complication", "implied", "finding", "treatment", "cause")
_STEPS_OF_ITSELF: Final = ("child", "implied")
_STEPS_OF_ONE: Final = ("child", "sign")
_STEPS_THAT_BEGIN: Final = (*_STEPS_OF_ONE, "finding")
_STEPS_THAT_SHOW: Final = ("child", "implied", "sign")
_REMEDIES: Final = (Want.TREATMENTS, Want.DRUGS, Want.PROCEDURES)
_HAD: Final = (Assertion.PRESENT, Assertion.PROBABLE, Assertion.PAST)
_SHORT: Final = 0.5  # what a finding counts for a limit that it falls short of
_CJK: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Question:
    """An understood question. `text` is what is left to compare as words, without filters, filler and unwished words;
    `names` are other names of what is wished for, the language of the records first;
    `soft` are filters read out of it, which spare unknown values; `phrases` the words they were read from;
    `focus` in [0, 1] is the share of its characters that its concepts account for; a `story` is `long` and has little
    of it, or asks for advice on more than they are; `aside` are then all its words, those that only ask among them, and
    `asked` the clauses that ask something;
    `unsaid` are the names of what is not wished for beside what is, for which a record's words of denial may speak."""

    language: str
    asks: tuple[Ask, ...]
    soft: Filters
    text: str
    names: tuple[str, ...]
    phrases: tuple[str, ...]
    focus: float
    story: bool = False
    long: bool = False
    aside: str = ""
    asked: str = ""
    unsaid: str = ""

    @property
    def wished(self) -> tuple[Ask, ...]:
        """What a record should hold."""
        return tuple(ask for ask in self.asks if ask.sign is not Assertion.NEGATED)

    @property
    def unwished(self) -> tuple[Ask, ...]:
        """What a record should not hold; better still, it says so."""
        return tuple(ask for ask in self.asks if ask.sign is Assertion.NEGATED)

    @property
    def denials(self) -> bool:
        """Whether a short question names only what is not wished for ("否认糖尿病史"): then it asks for the denials."""
        return bool(self.asks) and not self.wished and not self.long


def understand(query: CleanText, lexicon: Lexicon, departments: Sequence[str], today: date) -> Question:
    """Read a question. `departments` are those the asker may see. BadInput when it is empty or too long."""
    text = query.value
    if len(text) > MAX_CHARS:
        raise BadInput("query_too_long", f"The question is longer than {MAX_CHARS} characters: ask in a sentence.")
    text = whole(unlisted(SLOT.sub(lambda slot: " " * len(slot.group()), text), lexicon), lexicon)
    flat = flatten(text)
    if not flat.strip():
        raise BadInput("query_empty", "The question is empty: type a disease, a finding, a drug or a sentence.")
    mentions = annotate(CleanText.from_shelf(text), "", lexicon)
    apart = denied_starts(flat, lexicon.find(text, question=True), mentions)
    bounded = tuple(limits_in(load_labs(), fold(flat)))
    wishes, limits = _limited(text, _own(_measured(lexicon.ask(text, apart), mentions, bounded)), bounded, lexicon)
    asks = tuple(_bounded(ask, limits.get(ask.wish.start), lexicon) for ask in _asks(flat, wishes, mentions, lexicon))
    times = tuple(lasting(flat, wishes, lexicon))
    asks = either(flat, [_lasting(ask, text, times, lexicon) for ask in asks])
    soft, spans = _filters(flat, [(wish.start, wish.end) for wish in wishes], departments, today)
    spans = sorted({*spans, *((each.start, each.end) for each in times)})
    gone = denied_words(flat, [ask.wish for ask in asks], [ask.sign for ask in asks])
    rest = _without(flat, [*spans, *gone])
    named = [(ask.wish.asked_start, ask.wish.asked_end) for ask in asks]
    plain = _unfilled(rest, named)
    if asks and all(ask.sign is Assertion.PRESENT for ask in asks) and not cues().asks_advice(flat):
        plain = _of_people(plain, named)
    focus = _focus(plain, asks)
    long = len(_CONTENT.findall(flat)) >= _LONG
    told = long and focus < _STORY and (not asks or len(_CLAUSE.findall(flat)) >= _CLAUSES)
    story = told or cues().asks_advice(flat, whole=focus == 1)
    asked = cues().asked(flat) if story else ()
    if story:
        plain = _unfilled(flat, [(ask.wish.start, ask.wish.end) for ask in asks], story=True)
        asks = tuple(replace(ask, told=not _touches((ask.wish.start, ask.wish.end), asked)) for ask in asks)
    language = "zh" if _CJK.search(text) else "en"
    phrases = tuple(text[start:end].strip() for start, end in spans)
    words = " ".join(plain.split())
    names = _names(flat, asks, lexicon)
    aside = flat if story else ""
    others = any(ask.sign is not Assertion.NEGATED for ask in asks) and not story
    unsaid = "\n".join(ask.wish.words for ask in asks if others and ask.sign is Assertion.NEGATED)
    words = words or rest.strip() or flat
    return Question(language, asks, soft, words, names, phrases, focus, story, long, aside, _at(flat, asked), unsaid)


def _names(flat: str, asks: Sequence[Ask], lexicon: Lexicon) -> tuple[str, ...]:
    """Other names of the concepts wished for: Chinese ones first, the concepts by turns."""
    wished = [ask for ask in asks if ask.sign is not Assertion.NEGATED]
    concepts = [one for ask in wished for one in (ask.wish.concept, ask.wish.joined, *ask.others)]
    found: list[list[str]] = []
    for concept in dict.fromkeys(one for one in concepts if one is not None):
        names = [name for name in lexicon.concept(concept).names if flatten(name) not in flat]
        found.append(sorted(names, key=lambda name: not _CJK.search(name)))
    return tuple(name for row in zip_longest(*found) for name in row if name)


def _own(wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """Wishes without those that are only another one's question words ("并发症" in "糖尿病并发症")."""

    def asked_by(one: Wish, other: Wish) -> bool:
        inside = other.asked_start <= one.start and one.end <= other.asked_end
        return other is not one and inside and not (other.start < one.end and one.start < other.end)

    return tuple(one for one in wishes if not any(asked_by(one, other) for other in wishes))


def _holds(wish: Wish, limit: Asked) -> bool:
    return wish.start <= limit.start and limit.end <= wish.end and wish.end - wish.start > limit.end - limit.start


def _measured(wishes: Sequence[Wish], mentions: Sequence[Mention], bounded: Sequence[Asked]) -> tuple[Wish, ...]:
    """Wishes with each test that has a value and no limit ("eGFR 40") replaced by the finding that the value means."""
    limits = [(each.start, each.end) for each in bounded]
    labs = [one for one in mentions if one.rule.startswith(LAB) and not _touches((one.start, one.end), limits)]
    kept = [wish for wish in wishes if not _touches((wish.start, wish.end), [(lab.start, lab.end) for lab in labs])]
    found = [Wish(lab.concept, Want.ABOUT, lab.start, lab.end, lab.words, None, lab.start, lab.end) for lab in labs]
    return tuple(sorted((*kept, *found), key=lambda wish: (wish.start, wish.end)))


def _limited(
    text: str, wishes: Sequence[Wish], bounded: Sequence[Asked], lexicon: Lexicon
) -> tuple[tuple[Wish, ...], dict[int, Asked]]:
    """Wishes with each test that has a limit ("haemoglobin below 60") replaced by the finding nearest to the limit, and
    one that is only called high or low by the mildest; and what is asked of values, by where it begins."""
    tests = {wish.start: wish.concept for wish in wishes if lexicon.concept(wish.concept).kind is ConceptKind.LAB}
    named = [(wish.start, wish.end) for wish in wishes if wish.start not in tests]
    begins = {wish.start: wish.concept for wish in wishes}  # of a level it may be the drug's name
    # A picture that holds the limit and more says what is meant ("血压不低于140/90的孕妇").
    bounded = [each for each in bounded if not any(_holds(wish, each) for wish in wishes)]
    measured = {each.start: each for each in bounded if each.nearest or each.start in begins}
    limits = [(each.start, each.end, each.nearest or begins[each.start]) for each in measured.values()]
    calls = [
        each for each in called(load_labs(), fold(text)) if not _touches(each[:2], [*named, *(x[:2] for x in limits)])
    ]
    found = [
        Wish(concept, Want.ABOUT, start, end, text[start:end], None, start, end)
        for start, end, concept in (*limits, *calls)
        if concept in lexicon
    ]
    kept = [wish for wish in wishes if not _touches((wish.start, wish.end), [(one.start, one.end) for one in found])]
    return tuple(sorted((*kept, *found), key=lambda wish: (wish.start, wish.end))), measured


def _asks(flat: str, wishes: Sequence[Wish], mentions: Sequence[Mention], lexicon: Lexicon) -> tuple[Ask, ...]:
    wishes = parted(flat, wishes, lexicon)
    said = signs(flat, wishes, mentions, lexicon)
    more = untreated(flat, wishes, said, lexicon)
    said += [Assertion.NEGATED] * len(more)
    asks = [_ask(wish, sign, lexicon) for wish, sign in zip((*wishes, *more), said, strict=True)]
    kept = sensible([ask.wish for ask in asks], said, [ask.root for ask in asks], flat)
    asks = [ask for ask, keep in zip(asks, kept, strict=True) if keep]
    # Who denies what the question does not wish for either is no worse for it ("the chest pain that is no infarction").
    unwished = {one for ask in asks if ask.sign is Assertion.NEGATED for one in (ask.wish.concept, *ask.broader)}
    treats = (tuple(one for one in ask.treats if one not in unwished) for ask in asks)
    return tuple(
        replace(ask, treats=known, accept=_accepted(ask, mentions)) for ask, known in zip(asks, treats, strict=True)
    )


def _bounded(ask: Ask, limit: Asked | None, lexicon: Lexicon) -> Ask:
    """An ask for a value, or for none such: a finding that falls short of the limit is a weak sign of it where it is
    wished for; none where only the test is named."""
    if limit is None or ask.sign is Assertion.FAMILY:
        return ask
    implied: dict[ConceptId, Reached] = {}
    for each in limit.implying:
        implied = {**lexicon.expand(each), **implied}
    short = lexicon.expand(limit.short) if limit.short and ask.sign is Assertion.PRESENT else {}
    mild = {one: replace(way, weight=way.weight * _SHORT) for one, way in short.items() if one not in implied}
    reached, root, shown = (
        {**answers, **{one: way for one, way in mild.items() if one in kinds}}
        for answers, kinds in (
            (implied, mild),
            (itself(implied), itself(short)),
            (itself(implied, _STEPS_THAT_SHOW), itself(short, _STEPS_THAT_SHOW)),
        )
    )
    return replace(ask, bounds=limit.bounds, reached=reached, root=root, shown=shown)


def _lasting(ask: Ask, text: str, times: Sequence[Lasting], lexicon: Lexicon) -> Ask:
    """An ask for what lasts, or was, so long: who has it, nobody says how long, is half an answer."""
    time = next((each for each in times if each.wish is ask.wish), None)
    if time is None or ask.sign is not Assertion.PRESENT or ask.bounds is not None:
        return ask
    steps = _STEPS_THAT_BEGIN if time.began else _STEPS_OF_ONE
    apart = lexicon.expand(ask.wish.concept, Want.COMPLICATIONS)
    kinds = [one for one in itself(lexicon.expand(ask.wish.concept), steps) if one not in apart]
    tests = (*map(since, kinds), *((ONSET,) if time.began else ()))
    reached = {one: replace(way, weight=way.weight * _SHORT) for one, way in ask.reached.items()}
    said = text[min(time.start, ask.wish.start) : max(time.end, ask.wish.end)].strip()
    wish = replace(ask.wish, words=said)
    return replace(ask, wish=wish, bounds=replace(time.bounds, tests=tests), reached=reached)


def _accepted(ask: Ask, mentions: Sequence[Mention]) -> tuple[Assertion, ...] | None:
    if ask.sign is Assertion.FAMILY:
        return (Assertion.FAMILY,)
    inside = [each for each in mentions if ask.wish.start <= each.start and each.end <= ask.wish.end]
    return _HAD if any(each.sure < 1 for each in inside) else None  # "停用华法林"


def _ask(wish: Wish, sign: Assertion, lexicon: Lexicon) -> Ask:
    reached = lexicon.reach(wish)
    if sign is Assertion.NEGATED and wish.want in _REMEDIES:  # what is left out is what treats the disease, not it
        return Ask(wish, sign, reached, root=reached, shown=reached)
    about = lexicon.expand(wish.concept)
    root, shown = itself(about), itself(about, _STEPS_THAT_SHOW)
    broader = lexicon.relations.closure(wish.concept, Edge.PARENT)
    pair = (wish.concept, wish.joined) if wish.joined is not None else ()
    both = tuple(lexicon.expand(concept) for concept in pair)
    treats = _answers_to(wish.concept, lexicon)
    return Ask(wish, sign, reached, _kinds(wish, reached), root, shown, broader, both, treats)


def _answers_to(concept: ConceptId, lexicon: Lexicon) -> tuple[ConceptId, ...]:
    """The diseases that a drug or operation is for, or that a finding belongs to; of a class, those of its kinds."""
    relations = lexicon.relations
    for each in ((concept,), sorted(relations.closure(concept, Edge.CHILD))):
        found = [*chain.from_iterable(relations.next(one, Edge.TREATS) for one in each)]
        found += chain.from_iterable(lexicon.concept(one).targets(Relation.FINDING_OF) for one in each)
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def itself(about: Mapping[ConceptId, Reached], steps: Sequence[str] = _STEPS_OF_ITSELF) -> dict[ConceptId, Reached]:
    """The concept, its kinds, and what implies it: all that is reached by these steps alone."""
    return {
        concept: Reached(1.0, way.steps)
        for concept, way in about.items()
        if all(step in steps for step, _ in way.steps)
    }


def _kinds(wish: Wish, reached: Mapping[ConceptId, Reached]) -> dict[ConceptId, ConceptId]:
    """Answers of a question for complications, treatments and so on -> the direct answer each belongs to."""
    if wish.want is Want.ABOUT:
        return {}
    kinds: dict[ConceptId, ConceptId] = {}
    for concept, way in reached.items():
        steps = [target for step, target in way.steps if step in _STEPS_OF_A_KIND]
        kinds[concept] = steps[0] if steps else concept
    return kinds


def _filters(
    flat: str, concepts: Sequence[tuple[int, int]], departments: Sequence[str], today: date
) -> tuple[Filters, list[tuple[int, int]]]:
    found: dict[str, Any] = {}
    spans: list[tuple[int, int]] = []

    def take(span: tuple[int, int], values: Mapping[str, int | str]) -> None:
        if span[0] < span[1] and not _touches(span, [*concepts, *spans]) and not set(values) & set(found):
            found.update(values)
            spans.append(span)

    known = cues()
    for pattern, kind in known.periods:
        for match in pattern.finditer(flat):
            take(match.span(), period(match, kind, today.year))
    for pattern, kind, low, high in known.ages:
        for match in pattern.finditer(flat):
            take(match.span(), age(match, kind, low, high))
    for pattern, sex in known.sexes:
        for match in pattern.finditer(flat):
            take(match.span(), {"sex": sex})
    for name in sorted(departments, key=lambda one: (-len(one), one)):
        at = flat.find(flatten(name))
        if at >= 0 and len(name) > 1:
            take((at, at + len(name)), {"department": name})
    return Filters(**found), sorted(spans)


def _unfilled(rest: str, kept: Sequence[tuple[int, int]], story: bool = False) -> str:
    """Filler blanked, but never inside what a concept stands in; of a story also what it tells of itself."""

    def blank(filler: re.Match[str]) -> str:
        return filler.group() if _touches(filler.span(), kept) else " " * len(filler.group())

    known = cues()
    plain = known.filler.sub(blank, rest)
    return known.particle.sub(blank, known.told.sub(blank, plain) if story else plain)


def _of_people(plain: str, names: Sequence[tuple[int, int]]) -> str:
    """Nothing but the names where all beside them only says that somebody has it."""
    beside = _without(plain, names)
    words = [word.span() for word in cues().people.finditer(beside)]
    said = _without(beside, words)
    return plain if any(map(str.isalnum, said)) else _without(plain, words)


def _focus(plain: str, asks: Sequence[Ask]) -> float:
    """The share of what is left of the question that stands inside a wished-for concept and its question words."""
    content = [at for at, char in enumerate(plain) if char.isalnum()]
    spans = [(ask.wish.asked_start, ask.wish.asked_end) for ask in asks if ask.sign is not Assertion.NEGATED]
    covered = sum(any(start <= at < end for start, end in spans) for at in content)
    return covered / len(content) if content else 1.0


def _touches(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _at(flat: str, spans: Sequence[tuple[int, int]]) -> str:
    return " ".join(flat[start:end] for start, end in spans)


def _without(flat: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces = list(flat)
    for start, end in spans:
        pieces[start:end] = " " * (end - start)
    return "".join(pieces)
