"""Texts that people write: read with or without a mark, refused in one sentence that names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import BadInput
from records.files import read_text
from semantic.assertion_train import taught
from semantic.concepts import Lexicon

EXAMPLE = '{"text": "无痛风", "mention": "痛风", "status": "negated"}\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_text_is_read_with_or_without_a_mark(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(EXAMPLE, encoding=encoding)
    assert read_text(tmp_path / "own.jsonl") == EXAMPLE
    assert len(list(taught(tmp_path / "own.jsonl", Lexicon.load()))) == 1


def test_what_is_no_utf8_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_bytes("1\t住院号".encode("gbk"))
    for name in ("own.txt", "none.txt"):
        with pytest.raises(BadInput, match=rf"{name} cannot be read; check the path, and that"):
            read_text(tmp_path / name)
