"""Weights are learnt to the best ones, or the search says that it did not end; a file that was cut is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from records import regression
from records.errors import BadInput
from records.paths import data_dir
from records.regression import Example, learn, read, write

WEIGHTS = {"a": (1, -1), "b": (-20, 20), "c": (0, 3)}
EXAMPLES = [Example((f"x{at % 7}", f"y{at % 5}", f"z{at % 3}"), int(at % 7 > at % 5)) for at in range(99)]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(WEIGHTS, tmp_path / "w.tsv")
    assert read(tmp_path / "w.tsv", 2) == WEIGHTS


@pytest.mark.parametrize("name", ["deid/days.tsv", "deid/names.tsv", "deid/numbers.tsv", "assertion/judge.tsv"])
def test_every_shipped_file_is_refused_once_it_is_cut(name: str, tmp_path: Path) -> None:
    whole = (data_dir() / name).read_text(encoding="utf-8")
    ways = len(whole.split("\n", 2)[1].split("\t")) - 1
    path = tmp_path / "cut.tsv"
    rows = whole.splitlines(keepends=True)
    for left in ("", rows[0], "".join(rows[:-1]), "".join(rows[1:]), "".join(rows[: len(rows) // 2])):
        path.write_text(left, encoding="utf-8")
        with pytest.raises(BadInput, match=r"cut\.tsv"):
            read(path, ways)
    path.write_text(whole, encoding="utf-8")
    assert read(path, ways)


def test_nothing_to_learn_from_is_said() -> None:
    for none in ([], [Example(("once",), 0)]):
        with pytest.raises(BadInput, match="nothing to learn"):
            learn(none, 2)


def test_a_search_that_did_not_end_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert learn(EXAMPLES, 2)
    monkeypatch.setattr(regression, "_STEPS", 2)
    with pytest.raises(BadInput, match="did not end"):
        learn(EXAMPLES, 2)
