"""The JSON of `lantai deid`: one text, and lines that may be bad."""

from __future__ import annotations

import json

import pytest

from deid.cli import decode, deid_text, jsonl, known_file
from records.errors import BadInput


def test_the_answer_has_the_promised_fields_and_true_offsets() -> None:
    text = "\ufeff患者张伟，男。\r\n电话１３８００１３８０００"
    answer = deid_text(text)
    assert set(answer) == {"text", "spans"}
    assert [text[s["start"] : s["end"]] for s in answer["spans"]] == ["张伟", "１３８００１３８０００"]
    assert {"start", "end", "entity", "rule", "score"} <= set(answer["spans"][0])
    assert "\r\n" in answer["text"]


def test_known_identifiers_are_honoured() -> None:
    answer = deid_text("时光近日头晕", [{"entity": "PERSON", "value": "时光"}])
    assert answer["spans"][0]["rule"] == "known.value"


def test_a_bad_line_spoils_no_other() -> None:
    lines = [
        json.dumps({"id": 1, "text": "患者张伟，男"}).encode(),
        b"{",
        b"\xff\xfe",
        json.dumps({"id": 2}).encode(),
        json.dumps({"id": 3, "text": "x", "known": [{"entity": "NAME", "value": "x"}]}).encode(),
        json.dumps({"id": 4, "text": "\ud800"}).encode(),
        ("[" * 100_000).encode(),
    ]
    answers = [json.loads(line) for line in jsonl(lines)]
    assert [a["id"] for a in answers] == [1, None, None, 2, 3, 4, None]
    assert ["error" in a for a in answers] == [False, True, True, True, True, False, True]
    assert all(line.isascii() for line in jsonl(lines))


@pytest.mark.parametrize("raw", [b"{", b'{"a": 1}', b'[{"entity": "PERSON"}]', b"\xff"])
def test_a_bad_known_file_says_what_to_do(raw: bytes) -> None:
    with pytest.raises(BadInput):
        known_file(raw)


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        decode(b"\xff")
