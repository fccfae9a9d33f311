"""The judge of mentions: what it sees, what it says of records by authors it has not learnt from, and its training."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from records.errors import BadInput
from records.mentions import Assertion
from records.paths import data_dir
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import JUDGED, WAYS, Judge, Line, features, named
from semantic.assertion_train import examples_of, learn, plain, taught, train
from semantic.concepts import Lexicon

EXAMPLES = data_dir() / "assertion" / "examples.jsonl"
OTHERS = "klmnop"  # authors of examples who are not learnt from here
OWN = {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}


def test_mentions_zeroes_and_what_is_no_cue_are_hidden() -> None:
    flat = "无明显诱因咳嗽3天,压疮0处"
    line = Line.of(flat, [(5, 7), (10, 12)], [(0, 5)])
    assert line.text == "IM9天,M0处"
    assert [line.text[place] for place in line.places.values()] == ["M", "M"]
    seen = named(features(line, 10, "入院评估", "finding"))
    assert {"r0处", "r^0处", "cr0finding", "kfinding", "h评估"} <= set(seen)


def test_overlapping_mentions_share_their_place() -> None:
    line = Line.of("乳腺癌骨转移无", [(0, 3), (0, 6), (3, 6)])
    assert line.text == "M无" and set(line.places.values()) == {0}


def test_its_sentence_is_looked_at_but_no_other_item_of_a_list() -> None:
    def near(flat: str) -> set[str]:
        mentions = [(at, at + 2) for at in range(len(flat)) if flat.startswith(("痛风", "肺炎"), at)]
        line = Line.of(flat, mentions)
        return {piece for piece in named(features(line, flat.index("痛风"), "", "disease")) if piece[0] in "RL"}

    assert {"R作", "R作罢", "L原"} <= near("原,痛风之说,作罢")
    for other in (
        "痛风;作罢",
        "痛风。作罢",
        "痛风 肺炎作罢",
        "痛风 2.肺炎作罢",
        "作罢;痛风",
        "作罢。痛风",
        "肺炎作罢 痛风",
    ):
        assert not {"R作", "L作"} & near(other), other


def _figures(judge: Judge | None, names: str) -> Counter[tuple[bool, bool]]:
    """(whether it is the patient's own, whether it is read so) over the examples of some authors."""
    lexicon, found = Lexicon.load(), Counter[tuple[bool, bool]]()
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        if raw["id"][0] in names:
            text, start = raw["text"], -1
            for _ in range(raw.get("nth", 1)):
                start = text.index(raw["mention"], start + 1)
            mentions = annotate(CleanText.certified(text), raw["heading"], lexicon, judge=judge)
            read = {m.assertion for m in mentions if m.start < start + len(raw["mention"]) and start < m.end}
            if read:
                found[Assertion(raw["status"]) in OWN, bool(read & OWN)] += 1
    return found


def test_what_other_authors_deny_doubt_or_plan_is_seldom_taken_for_a_fact(tmp_path: Path) -> None:
    lexicon = Lexicon.load()
    known = tmp_path / "known.jsonl"
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    known.write_text("\n".join(line for line in lines if json.loads(line)["id"][0] not in OTHERS), encoding="utf-8")
    ordinary = plain(data_dir() / "assertion" / "ordinary.jsonl", lexicon)
    judge = Judge(learn(examples_of([*taught(known, lexicon), *ordinary])))
    rules, both = _figures(None, OTHERS), _figures(judge, OTHERS)
    taken, rest = both[False, True], both[False, False]
    assert taken / (taken + rest) <= 0.12
    assert rules[False, True] >= 2.5 * taken  # rules alone take more than twice as many
    assert (both[True, False] - rules[True, False]) / (both[True, True] + both[True, False]) <= 0.02  # facts lost by it


def test_a_line_may_say_several_mentions(tmp_path: Path) -> None:
    path, lexicon = tmp_path / "some.jsonl", Lexicon.load()
    said = [{"mention": "糖尿病", "status": "present"}, {"mention": "痛风", "status": "negated", "nth": 2}]
    path.write_text(json.dumps({"heading": "", "text": "痛风？查过糖尿病，痛风没有", "said": said}), encoding="utf-8")
    assert [WAYS[each.way] for each in examples_of(taught(path, lexicon))] == [Assertion.PRESENT, Assertion.NEGATED]
    path.write_text('{"text": "痛风", "said": "痛风"}', encoding="utf-8")
    with pytest.raises(BadInput, match="line 1"):
        list(taught(path, lexicon))


def test_training_gives_the_shipped_weights(tmp_path: Path) -> None:
    report = train(tmp_path / "judge.tsv", Lexicon.load())
    ours, shipped = Judge.load(tmp_path / "judge.tsv").weights, Judge.load().weights
    assert report["features"] == len(ours) and report["examples"] >= 2000
    assert len(ours.keys() ^ shipped.keys()) <= len(shipped) // 500  # a last digit may differ between processors
    assert all(
        abs(a - b) <= 1 for name in ours.keys() & shipped.keys() for a, b in zip(ours[name], shipped[name], strict=True)
    )


def test_the_reason_names_the_words_that_said_it() -> None:
    judge = Judge({"r从未": (-300, 300, 0, 0, 0), "crNdisease": (-100, 100, 0, 0, 0)})
    mentions = annotate(CleanText.certified("痛风从未有人提起"), "", Lexicon.load(), judge=judge)
    assert [(m.assertion, m.rule) for m in mentions] == [(Assertion.NEGATED, f"{JUDGED}:从未")]


@pytest.mark.parametrize("last", ["待排", "？", "不除外", "×"])
@pytest.mark.parametrize("joint", [" ", "  2.", "；", "\n"])
def test_an_item_of_a_list_says_nothing_of_the_one_before(joint: str, last: str) -> None:
    text = f"高血压{joint}糖尿病视网膜病变{last}"
    said = annotate(CleanText.certified(text), "诊断", Lexicon.load(), judge=Judge.load())
    assert {m.assertion for m in said if m.words == "高血压"} <= OWN


@pytest.mark.parametrize("text", ["", "\n", "M0I", "糖尿病", "糖尿病" * 3000, "糖尿病\x00", "𠀀糖尿病：－"])
def test_any_text_is_judged(text: str) -> None:
    assert all(
        m.assertion in Assertion
        for m in annotate(CleanText.certified(text), text[:9], Lexicon.load(), judge=Judge.load())
    )


def test_what_a_rule_says_stands() -> None:
    judge = Judge({"kdisease": (-900, 900, 0, 0, 0)})  # denies every disease it is asked about
    said = {
        m.words: m.assertion
        for m in annotate(CleanText.certified("母亲有痛风。考虑哮喘可能。癫痫。"), "", Lexicon.load(), judge=judge)
    }
    assert said == {"痛风": Assertion.FAMILY, "哮喘": Assertion.PROBABLE, "癫痫": Assertion.NEGATED}


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "无痛风", "mention": "哮喘", "status": "negated"}',
        '{"text": "无痛风", "mention": "痛风", "status": "no"}',
        '{"text": "无痛风"}',
        '{"text": "无痛风", "mention": "痛风", "nth": "1", "status": "negated"}',
        '{"text": 3, "mention": "痛风", "status": "negated"}',
        "no object",
        "[1]",
    ],
)
def test_an_example_that_cannot_be_read_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"own\.jsonl, line 1"):
        list(taught(tmp_path / "own.jsonl", Lexicon.load()))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"own\.jsonl cannot be read"):
        list(taught(tmp_path / "own.jsonl", Lexicon.load()))


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    (tmp_path / "judge.tsv").write_text("# 1 features\nr无\t1\t2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        Judge.load(tmp_path / "judge.tsv")


def test_every_way_is_learnt() -> None:
    ways = Counter(WAYS[one.way] for one in examples_of(taught(EXAMPLES, Lexicon.load())))
    assert min(ways[way] for way in WAYS) >= 100
