"""Cohort files: what parses, what is refused with one clear sentence, and what the hash covers."""

from __future__ import annotations

import pytest

from records.errors import BadInput
from records.mentions import Assertion
from semantic.cohort_definition import CohortDefinition, Group, Who

FULL = """
name = "n"
unit = "patient"
[who]
sex = "F"
age_min = 40
department = ["内分泌科", "肾内科"]
since = 2022
[[include]]
concept = "糖尿病肾病"
says = ["present"]
times = 2
[[include]]
at_least = 2
of = ["高血压", { concept = "冠心病", reach = "exact" }, "脑梗死"]
label = "two of three"
[[include]]
concept = "egfr"
after = "糖尿病"
within_days = 730
[[exclude]]
all = ["肺癌", "吸烟"]
"""


def test_everything_parses_and_survives_the_way_back() -> None:
    one = CohortDefinition.parse(FULL)
    again = CohortDefinition.parse(one.to_toml())
    assert again == one
    assert again.hash == one.hash
    assert one.include[0].of[0].says == (Assertion.PRESENT,)
    assert one.include[1] == Group(one.include[1].of, 2, "two of three")
    assert one.who == Who(("内分泌科", "肾内科"), (), "F", 40, None, 2022, None)
    assert one.include[2].of[0].of_patient


def test_time_and_a_start_event_survive_the_way_back_and_count_in_the_hash() -> None:
    plain = '[start]\nconcept = "dm"\n[[include]]\nconcept = "egfr"\nfrom_day = 0\nto_day = 730'
    one = CohortDefinition.parse(plain)
    assert CohortDefinition.parse(one.to_toml()) == one
    assert one.include[0].of[0].window == (0, 730)
    for other in ('which = "any"', 'which = "last"'):
        assert CohortDefinition.parse(f"{plain}\n{other}").hash != one.hash
    assert CohortDefinition.parse(plain.replace('"dm"', '"dm"\nwhich = "last"')).hash != one.hash
    before = '[[include]]\nconcept = "a"\nbefore = "b"\nat_least_days = 30\nwithin_days = 90'
    assert CohortDefinition.parse(before).include[0].of[0].window == (-90, -30)
    wanting = CohortDefinition.parse('variables = ["age", "吸烟"]\n' + before)
    assert wanting.hash == CohortDefinition.parse(before).hash, (
        "what is wanted of a cohort does not change who is in it"
    )
    assert CohortDefinition.parse(wanting.to_toml()) == wanting


def test_what_is_said_of_several_is_said_of_each() -> None:
    shared = 'any = ["a", { concept = "b", times = 3 }]\nafter = "c"\nwithin_days = 9\ntimes = 2'
    one, other = CohortDefinition.parse(f"[[include]]\n{shared}").include[0].of
    assert (one.after, one.within_days, one.times) == ("c", 9, 2)
    assert (other.after, other.within_days, other.times) == ("c", 9, 3)


def test_a_hash_never_changes_under_a_request_that_names_it() -> None:
    assert CohortDefinition.parse(FULL).hash == "c12d7e55489aae9d62bf3da074cc564ead6f172e49bf0ab01308ed04fc3a615f"


def test_the_hash_covers_meaning_not_layout() -> None:
    one = CohortDefinition.parse('[[include]]\nconcept="a"\n[[include]]\nconcept = "b"\nlabel="x"')
    two = CohortDefinition.parse('name="other"\n[[include]]\nany=["b"]\n[[include]]\nconcept="a"\nreach="itself"')
    assert one.hash == two.hash
    assert len(one.hash) == 64
    changed = CohortDefinition.parse('[[include]]\nconcept="a"\n[[exclude]]\nconcept="b"')
    assert changed.hash != one.hash


@pytest.mark.parametrize(
    "toml",
    [
        "not toml [",
        "",
        "[[include]]",
        "include = 3",
        'include = ["a"]',
        '[[include]]\nconcept = ""',
        "[[include]]\nconcept = 3",
        '[[include]]\nconcept = "a"\nreach = "far"',
        '[[include]]\nconcept = "a"\nsays = "present"',
        '[[include]]\nconcept = "a"\nsays = []',
        '[[include]]\nconcept = "a"\ntimes = 0',
        '[[include]]\nconcept = "a"\ntimes = true',
        '[[include]]\nconcept = "a"\nwithin_days = 3',
        '[[include]]\nconcept = "a"\nafter = "b"\nwithin_days = -1',
        '[[include]]\nany = ["a"]\nall = ["b"]',
        '[[include]]\nof = ["a"]',
        '[[include]]\nat_least = 3\nof = ["a", "b"]',
        "[[include]]\nany = []",
        "[[include]]\nany = [3]",
        '[[include]]\nconcept = "a"\ncolour = "red"',
        'colour = "red"',
        'unit = "week"\n[[include]]\nconcept="a"',
        "who = 3",
        '[who]\nsex = "W"',
        '[who]\nage_min = "old"',
        "[who]\ndepartment = 3",
        'name = 3\n[[include]]\nconcept="a"',
        '[[include]]\nconcept = "a"\nafter = "b"\nbefore = "c"',
        '[[include]]\nconcept = "a"\nafter = "b"\nat_least_days = 9\nwithin_days = 3',
        '[[include]]\nconcept = "a"\nfrom_day = 0',
        '[start]\nconcept = "b"\n[[include]]\nconcept = "a"\nfrom_day = 3\nto_day = 1',
        '[start]\nconcept = "b"\n[[include]]\nconcept = "a"\nfrom_day = 3.5',
        '[start]\nconcept = "b"\n[[include]]\nconcept = "a"\nto_day = 9999999',
        '[[include]]\nconcept = "a"\nwhich = "any"',
        '[[include]]\nconcept = "a"\nafter = "b"\nwhich = "third"',
        '[start]\nconcept = "b"\nwhich = "any"',
        '[start]\nconcept = "b"\ntimes = 2',
        '[[include]]\nany = [{ concept = "a", label = "b" }]',
        'variables = [3]\n[[include]]\nconcept = "a"',
    ],
)
def test_a_malformed_file_is_refused_in_one_sentence(toml: str) -> None:
    with pytest.raises(BadInput) as caught:
        CohortDefinition.parse(toml)
    assert caught.value.code == "cohort_malformed"
    assert "\n" not in caught.value.message
