"""What `lantai deid` does, as functions over strings and streams: no printing, no exit codes, no text in errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from deid.api import Deidentifier, Known
from deid.render import Renderer, load_profile
from records.entities import Entity
from records.errors import BadInput
from records.ids import PatientToken
from records.texts import IdentifiedText

DEFAULT_PROFILE = "tags"
_LOCAL_KEY = b"lantai/deid/one text, no project"


@cache
def _deidentifier() -> Deidentifier:
    return Deidentifier.load()


def known_of(raw: object) -> tuple[Known, ...]:
    """`[{"entity", "value"}, …]` as identifiers. Raises BadInput on anything else."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise BadInput("bad_known", 'Give the known identifiers as a JSON list of {"entity", "value"}.')
    return tuple(_known(entry) for entry in raw)


def _known(entry: object) -> Known:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("value"), str):
        raise BadInput("bad_known", 'Give each known identifier as {"entity", "value"}, both strings.')
    try:
        entity = Entity(str(entry.get("entity")))
    except ValueError:
        raise BadInput("bad_entity", f"Use one of {', '.join(Entity)} as the entity of a known identifier.") from None
    return Known(entity, IdentifiedText(entry["value"]))


def deid_text(text: str, known: object = None, profile: str = DEFAULT_PROFILE) -> dict[str, Any]:
    """`{"text", "spans": [{"start", "end", "entity", "rule", "score", "why"}]}`; `known` as `known_of` takes it."""
    load_profile(profile)
    done = _deidentifier().deidentify(IdentifiedText(text), known_of(known))
    rendered = Renderer(profile, _LOCAL_KEY, {}, PatientToken("")).render(done.text)
    return {
        "text": rendered,
        "spans": [
            {"start": s.start, "end": s.end, "entity": s.entity.value, "rule": s.rule, "score": s.score, "why": s.why}
            for s in done.spans
        ],
    }


def decode(data: bytes) -> str:
    """Strict UTF-8 without newline translation. Raises BadInput."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("not_utf8", "Convert the text to UTF-8 first; it holds bytes that are not.") from None


def jsonl(lines: Iterable[bytes], profile: str = DEFAULT_PROFILE) -> Iterator[str]:
    """One JSON answer a line, in order: `{"id", "text", "spans"}`, or `{"id", "error"}` for a bad line."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line, profile), ensure_ascii=True)


def _answer(line: bytes, profile: str) -> dict[str, Any]:
    name: object = None
    try:
        entry = json.loads(decode(line))
        if not isinstance(entry, Mapping):
            raise BadInput("bad_line", 'Give one JSON object a line: {"id", "text", "known"}.')
        name = entry.get("id")
        if not isinstance(entry.get("text"), str):
            raise BadInput("bad_line", 'Give the text of the line as a string under "text".')
        return {"id": name, **deid_text(entry["text"], entry.get("known"), profile)}
    except BadInput as problem:
        return {"id": name, "error": {"code": problem.code, "message": problem.message}}
    except (ValueError, RecursionError):
        return {"id": name, "error": {"code": "bad_json", "message": "Give one valid JSON object a line."}}


def known_file(data: bytes) -> Sequence[Mapping[str, str]]:
    """The content of a `--known` file, for `deid_text`. Raises BadInput."""
    try:
        raw = json.loads(decode(data))
    except ValueError:
        raise BadInput("bad_known", 'Give the known identifiers as a JSON list of {"entity", "value"}.') from None
    known_of(raw)
    return raw  # type: ignore[no-any-return]
