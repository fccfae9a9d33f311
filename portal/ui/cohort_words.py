"""A cohort definition in words, step by step as its attrition goes, in the reader's language."""

from __future__ import annotations

from portal.ui.concepts import department_name, named_concept, type_name
from portal.ui.texts import Texts
from records.mentions import Assertion
from semantic.cohort_definition import CohortDefinition, Criterion, Group, Who

_USUAL = (Assertion.PRESENT, Assertion.PAST)


def steps_in_words(words: Texts, definition: CohortDefinition) -> list[str]:
    """One sentence per step of the attrition, "everything" first."""
    steps = [words("step.all")]
    if definition.who != Who():
        steps.append(f"{words('step.who')}：{who_in_words(words, definition.who)}")
    if definition.start is not None:
        start = definition.start
        which = words(f"which.{start.which}")
        steps.append(words("criterion.start", which=which, concept=_concept(words, start)))
    for side, groups in (("include", definition.include), ("exclude", definition.exclude)):
        steps += [f"{words(f'step.{side}')} {group.label or group_in_words(words, group)}" for group in groups]
    return steps


def who_in_words(words: Texts, who: Who) -> str:
    """Departments, types, sex, ages and years of the rows to begin with."""
    parts = [department_name(words, name) for name in who.department]
    parts += [type_name(words, code) for code in who.record_type]
    if who.sex:
        parts.append(words(f"sex.{who.sex}"))
    if who.age_min is not None or who.age_max is not None:
        parts.append(words("criterion.age", low=who.age_min or 0, high=_end(who.age_max)))
    if who.since is not None or who.until is not None:
        parts.append(words("criterion.years", low=_end(who.since), high=_end(who.until)))
    return words("criterion.and").join(parts)


def group_in_words(words: Texts, group: Group) -> str:
    """One criterion, or how many of several."""
    parts = [criterion_in_words(words, one) for one in group.of]
    if len(parts) == 1:
        return parts[0]
    if group.at_least == len(parts):
        return words("criterion.and").join(parts)
    if group.at_least == 1:
        return words("criterion.or").join(parts)
    return words("criterion.some", least=group.at_least, parts=words("criterion.or").join(parts))


def criterion_in_words(words: Texts, one: Criterion) -> str:
    """A concept with what the text says of it, how often and when."""
    parts = [_concept(words, one)]
    if set(one.says) != set(_USUAL):
        said = words("criterion.or").join(words(f"says.{each}") for each in one.says)
        parts.append(words("criterion.said", said=said))
    if one.times > 1:
        parts.append(words("criterion.times", times=one.times))
    if one.timed:
        parts.append(_time(words, one))
    return " ".join(parts)


def _time(words: Texts, one: Criterion) -> str:
    which = words(f"which.{one.which}")
    if one.from_start:
        low, high = one.window
        return words("criterion.window", which=which, low=_end(low), high=_end(high))
    other = named_concept(words, one.after if one.after is not None else one.before)
    side = "after" if one.after is not None else "before"
    near, far = one.at_least_days or 0, one.within_days
    if far is None:
        return words(f"criterion.{side}_any", which=which, concept=other, low=near)
    return words(f"criterion.{side}", which=which, concept=other, low=near, high=far)


def _concept(words: Texts, one: Criterion) -> str:
    name = named_concept(words, one.concept)
    return name if one.reach == "itself" else f"{name}（{words(f'reach.{one.reach}')}）"


def _end(value: int | None) -> str:
    return "…" if value is None else str(value)
