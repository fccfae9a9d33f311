"""Imports a hospital's own ICD-10 workbook or synonym list into an overlay file. It leaves the shipped one alone."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from records.errors import BadInput
from records.ids import ConceptId
from semantic.concepts import Concept, Lexicon
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import squeeze

_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_ROWS: Final = 200_000
_LOOK_AT: Final = 50  # rows in which the columns are searched for
_CODE: Final = re.compile(r"([A-Z][0-9]{2})(?:\.([0-9]))?[0-9A-Za-z.+*†/-]*", re.IGNORECASE)
_CODE_HEADS: Final = ("编码", "代码", "icd", "code")
_NAME_HEADS: Final = ("名称", "诊断", "疾病", "name", "title", "description", "标准名", "标准词")
_MORE_HEADS: Final = ("同义", "别名", "俗称", "synonym", "alias")
_BETWEEN: Final = re.compile(r"[;；|、]|\s{2,}")


@dataclass(slots=True)
class ImportReport:
    """What an import did: counts, and (row number, reason) of rows left out."""

    added: int = 0
    extended: int = 0
    known: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)


def import_codes(path: Path, overlay: Path, lexicon: Lexicon) -> ImportReport:
    """Read code and name columns; names not yet known become kinds of the concept with that code. Writes `overlay`."""
    rows = _rows(path)
    head, code_at, name_at = _columns(rows)
    report = ImportReport()
    blocks, seen = _existing(overlay)
    by_code = _by_code(lexicon)
    for number, row in enumerate(rows[head:], head + 1):
        code, name = _cell(row, code_at).upper(), _cell(row, name_at)
        match = _CODE.fullmatch(code)
        if not code and not name:
            continue
        if match is None or len(name) < 2:
            report.skipped.append((number, "no ICD-10 code" if match is None else "no name"))
        elif lexicon.lookup(name) or squeeze(name) in seen:
            report.known += 1
        else:
            seen.add(squeeze(name))
            blocks.append(_block(code, name, _parent(match, name, by_code)))
            report.added += 1
    _write(overlay, blocks)
    return report


def import_synonyms(path: Path, overlay: Path, lexicon: Lexicon) -> ImportReport:
    """Read a known name in the first column and its synonyms in the next ones. Writes `overlay`."""
    rows = _rows(path)
    report = ImportReport()
    blocks, seen = _existing(overlay)
    wanted: dict[ConceptId, list[str]] = defaultdict(list)
    start = 1 if rows and any(head in _cell(rows[0], 1).lower() for head in _MORE_HEADS) else 0
    for number, row in enumerate(rows[start:], start + 1):
        found = lexicon.lookup(_cell(row, 0)) if _cell(row, 0) else ()
        if len(found) != 1:
            report.skipped.append((number, "the first column names no concept" if not found else "it names several"))
            continue
        for name in (each.strip() for cell in row[1:] for each in _BETWEEN.split(str(cell or "")) if each.strip()):
            if lexicon.lookup(name) or squeeze(name) in seen:
                report.known += 1
            else:
                seen.add(squeeze(name))
                wanted[found[0].id].append(name)
                report.extended += 1
    blocks += [f"[[extend]]\nid = {_quote(concept)}\nnames = {_quote(names)}" for concept, names in wanted.items()]
    _write(overlay, blocks)
    return report


def _rows(path: Path) -> list[Sequence[Any]]:
    """All rows of a workbook's first sheet or of a CSV/TSV file; BadInput when it is neither."""
    if not path.is_file():
        raise BadInput("import_missing", f"There is no file named {path.name}.")
    if path.stat().st_size > _MOST_BYTES:
        raise BadInput("import_too_large", f"{path.name} is larger than {_MOST_BYTES >> 20} MB: split it.")
    try:
        rows = list(_limited(_workbook(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _delimited(path)))
    except (BadZipFile, InvalidFileException, KeyError, csv.Error, UnicodeDecodeError, ValueError) as error:
        kind = type(error).__name__
        raise BadInput("import_unreadable", f"{path.name} is no readable xlsx, csv or tsv file ({kind}).") from None
    if not rows:
        raise BadInput("import_empty", f"{path.name} holds no rows.")
    return rows


def _limited(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise BadInput("import_too_large", f"The file holds more than {_MOST_ROWS} rows: split it.")
        yield row


def _workbook(path: Path) -> Iterator[Sequence[Any]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _delimited(path: Path) -> Iterator[Sequence[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    first = text.split("\n", 1)[0]
    yield from csv.reader(text.splitlines(), delimiter="\t" if first.count("\t") >= first.count(",") else ",")


def _cell(row: Sequence[Any], at: int) -> str:
    return str(row[at]).strip() if at < len(row) and row[at] is not None else ""


def _columns(rows: Sequence[Sequence[Any]]) -> tuple[int, int, int]:
    """(first row of data, code column, name column): by the headings, else by what stands in the columns."""
    for number, row in enumerate(rows[:_LOOK_AT]):
        heads = [_cell(row, at).lower() for at in range(len(row))]
        codes = [at for at, head in enumerate(heads) if any(word in head for word in _CODE_HEADS)]
        names = [at for at, head in enumerate(heads) if at not in codes[:1] and any(w in head for w in _NAME_HEADS)]
        if codes and names:
            return number + 1, codes[0], names[0]
    sample = rows[:_LOOK_AT]
    width = max(len(row) for row in sample)
    hits = [sum(_CODE.fullmatch(_cell(row, at).upper()) is not None for row in sample) for at in range(width)]
    code = max(range(width), key=lambda at: hits[at])
    if hits[code] * 2 < len(sample) or width < 2:
        raise BadInput("import_no_codes", "No column of ICD-10 codes was found: head it 编码 and the names 名称.")
    lengths = [sum(len(_cell(row, at)) for row in sample) if at != code else -1 for at in range(width)]
    return 0, code, max(range(width), key=lambda at: lengths[at])


def _by_code(lexicon: Lexicon) -> dict[str, list[Concept]]:
    by_code: dict[str, list[Concept]] = defaultdict(list)
    for concept in lexicon:
        for code in concept.icd10:
            by_code[code].append(concept)
    return by_code


def _parent(match: re.Match[str], name: str, by_code: dict[str, list[Concept]]) -> Concept | None:
    """The concept of the same four-character code, else of the three-character one, that is most like the name."""
    letters = set(name)
    for code in ([f"{match[1]}.{match[2]}"] if match[2] else []) + [match[1]]:
        candidates = by_code.get(code, [])
        if candidates:
            return max(candidates, key=lambda each: (max(len(letters & set(n)) / len(n) for n in each.names), each.id))
    return None


def _block(code: str, name: str, parent: Concept | None) -> str:
    identity = "icd-" + "-".join(re.findall(r"[a-z0-9]+", code.lower())) + "-" + format(_spread(name), "06x")
    english = f"{parent.en if parent else 'condition'} ({identity[4:]})"
    lines = ["[[concept]]", f"id = {_quote(identity)}", f"kind = {_quote(parent.kind.value if parent else 'disease')}"]
    lines += [f"zh = {_quote([name])}", f"en = {_quote([english])}"]
    match = _CODE.fullmatch(code)
    if match is not None:
        lines.append(f"icd10 = {_quote([match[1] + ('.' + match[2] if match[2] else '')])}")
    if parent is not None:
        lines.append(f"is-a = {_quote([parent.id])}")
    return "\n".join(lines)


def _spread(name: str) -> int:
    """24 bits that keep two names of one code apart; the same on every machine."""
    value = 0
    for char in squeeze(name):
        value = (value * 131 + ord(char)) % (1 << 24)
    return value


def _existing(overlay: Path) -> tuple[list[str], set[str]]:
    """Blocks already in the overlay, as text, and the names they hold."""
    if not overlay.is_file():
        return [], set()
    document = read_toml(overlay)
    names = [name for block in document.get("concept", []) for name in block.get("zh", [])]
    names += [name for block in document.get("extend", []) for name in block.get("names", [])]
    body = overlay.read_text(encoding="utf-8")
    blocks = [block.strip() for block in re.split(r"\n(?=\[\[)", body) if block.strip().startswith("[[")]
    return blocks, {squeeze(name) for name in names}


def _quote(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(overlay: Path, blocks: Sequence[str]) -> None:
    """Replace the overlay in one step, so that a reader never sees half of it."""
    overlay.parent.mkdir(parents=True, exist_ok=True)
    fresh = overlay.with_name(overlay.name + ".new")
    fresh.write_text(
        "# The hospital's own names and codes, imported.\n\n" + "\n\n".join(blocks) + "\n", encoding="utf-8"
    )
    fresh.replace(overlay)
