"""The network of the judge of mentions: that numpy runs what torch learnt, alone or among others, and what it adds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from records.errors import BadInput
from records.mentions import Assertion
from records.paths import data_dir
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import WAYS, Judge
from semantic.assertion_net import Asked, Net
from semantic.assertion_net_train import Recipe, train
from semantic.assertion_train import Taught, taught
from semantic.concepts import Lexicon
from semantic.reading import read, read_all

PASSAGES = data_dir() / "assertion" / "passages.jsonl"
OWN = {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}
TINY = Recipe(chars=16, hidden=16, middle=32, guesses=1, rounds=12, rare=2)


def _few(count: int) -> list[Taught]:
    """Lines from everywhere in the file, for each part of it is by another author."""
    lines = list(taught(PASSAGES, Lexicon.load()))
    return lines[:: len(lines) // count][:count]


def _asked(line: Taught) -> Asked:
    return Asked(line.heading, line.line.text, tuple((line.line.places[one.start], one.kind) for one in line.said))


def test_a_network_is_learnt_written_and_read_again(tmp_path: Path) -> None:
    lines, steps = _few(400), []
    report = train(tmp_path / "net.safetensors", lines, TINY, lambda done, total: steps.append((done, total)))
    assert report["lines"] == 400 and report["mentions"] >= 400 and report["characters"] >= 200
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1)) and steps[-1][0] == steps[-1][1]
    told = Net.load(tmp_path / "net.safetensors").shares([_asked(line) for line in lines])
    assert all(np.allclose(each.sum(axis=1), 1) for each in told)
    own = [
        each[at][0] for each, line in zip(told, lines, strict=True) for at, one in enumerate(line.said) if not one.way
    ]
    other = [each[at][0] for each, line in zip(told, lines, strict=True) for at, one in enumerate(line.said) if one.way]
    assert np.mean(own) > np.mean(other) + 0.1  # something was learnt


def test_what_is_said_of_a_line_does_not_depend_on_its_neighbours() -> None:
    net, asked = Net.load(), [_asked(line) for line in _few(200)]
    together = net.shares(asked)
    for at in (0, 7, 64, 131, 199):
        assert net.shares([asked[at]])[0].tobytes() == together[at].tobytes()
    backwards = net.shares(asked[::-1])[::-1]
    assert all(one.tobytes() == other.tobytes() for one, other in zip(together, backwards, strict=True))


def test_every_mention_of_a_long_line_is_told() -> None:
    line = "M从未有过,M两年;" * 300 + "M" * 300
    places = [at for at, char in enumerate(line) if char == "M"]
    told = Net.load().shares([Asked("", line, tuple((at, "disease") for at in places)), Asked("现病史", "M", ())])
    assert told[0].shape == (len(places), len(WAYS)) and told[1].shape == (0, len(WAYS))
    assert np.allclose(told[0].sum(axis=1), 1)


@pytest.mark.parametrize("heading", ["", "|", "x" * 500, "出院诊断"])
def test_any_heading_character_and_kind_is_read(heading: str) -> None:
    told = Net.load().shares([Asked(heading, "\x00𠀀M\ud7ff", ((2, "no kind"),))])
    assert np.isfinite(told[0]).all()


@pytest.mark.parametrize("content", [None, b"", b"no tensors"])
def test_a_damaged_network_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=r"net\.safetensors cannot be read"):
        Net.load(path)


def test_weights_that_are_too_large_for_exact_sums_are_refused(tmp_path: Path) -> None:
    weights = load_file(data_dir() / "assertion" / "net.safetensors")
    save_file(weights | {"middle": np.full_like(weights["middle"], 1000)}, tmp_path / "net.safetensors")
    with pytest.raises(BadInput, match=r"net\.safetensors cannot be read"):
        Net.load(tmp_path / "net.safetensors")


def test_many_sections_are_read_as_one_is() -> None:
    lexicon = Lexicon.load()
    texts = ["疑肺栓塞，CTPA回来是干净的", "高血压十年，氨氯地平", "", "头孢备了没用上。痛风石破溃", "哮喘" * 200] * 120
    many = list(read_all([(CleanText.certified(text), "") for text in texts], lexicon))
    assert many == [read(CleanText.certified(text), "", lexicon) for text in texts[:5]] * 120


# (a line that no rule speaks of, the mention asked about, whether it is the patient's own)
LINES = [
    ("肺栓塞写在急诊单上，增强一做，两侧肺动脉都充盈得好好的", "肺栓塞", False),
    ("先按阑尾炎备皮，探查时阑尾粉嫩柔软", "阑尾炎", False),
    ("哮喘的帽子戴了三年，激发试验做下来，帽子该摘", "哮喘", False),
    ("痛风是他自己猜的，尿酸三百出头，关节液里没晶体", "痛风", False),
    ("糖尿病那栏是护士点错了，空腹五点一", "糖尿病", False),
    ("都传她得了乙肝，五项查出来只有表抗", "乙肝", False),
    ("高血压挂了号，动态血压二十四小时全在线下", "高血压", False),
    ("结核本想着先治，痰三套、T-SPOT都回来是空的", "结核", False),
    ("哮喘多年，家里人没管，也没吃药", "哮喘", True),
    ("糖尿病十年，药不吃，糖不测", "糖尿病", True),
    ("脑梗死遗留左瘫，拒绝康复", "脑梗死", True),
    ("胃癌没有手术机会，化疗也不做", "胃癌", True),
    ("癫痫，药停了两周又犯", "癫痫", True),
    ("类风湿关节炎，激素没效，还在疼", "类风湿关节炎", True),
    ("肺结核不规则服药，没治好", "肺结核", True),
    ("房颤未抗凝，心率没控制", "房颤", True),
]


def test_with_the_network_more_lines_are_read_rightly() -> None:
    lexicon, shipped = Lexicon.load(), Judge.load()

    def right(judge: Judge) -> int:
        read_as = [
            next(one for one in annotate(CleanText.certified(text), "", lexicon, judge=judge) if one.words == mention)
            for text, mention, _ in LINES
        ]
        return sum((one.assertion in OWN) == own for one, (_, _, own) in zip(read_as, LINES, strict=True))

    assert right(shipped) >= len(LINES) - 1
    assert right(shipped) > right(Judge(shipped.weights))
