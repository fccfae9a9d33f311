"""Commands that need no archive: read a page, de-identify a text, look a concept up, train the shipped models."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from records.errors import BadInput
from rooms.cli.options import As, Json
from rooms.cli.output import emit, err, note, out
from rooms.cli.session import session
from rooms.config import load

Examples = Annotated[
    list[Path] | None, typer.Option(help='Your own examples: {"heading","text","mention","status"} a line.')
]
concept = typer.Typer(help="The concept lexicon 概念词典.", no_args_is_help=True)
assertion = typer.Typer(
    help="What a record says of each concept 断言: present, denied, a relative's.", no_args_is_help=True
)
encoder = typer.Typer(help="The encoder that places text by its meaning.", no_args_is_help=True)


def ocr(file: Path, as_json: Json = False) -> None:
    """Read a scanned page: text, confidence and boxes, and whether a person should look again."""
    from ingest.ocr.read import ocr_file

    answer = ocr_file(_bytes(file), file.suffix)
    if as_json:
        emit(answer, True)
        return
    for page in answer["pages"]:
        review = ", needs review" if page["needs_review"] else ""
        note(f"page {page['page']}: confidence {page['confidence']:.3f}{review}")
        print(page["text"])


def mask(
    file: Annotated[Path, typer.Argument(help="A scan or PDF of pages.")],
    out: Annotated[Path, typer.Option(help="The PDF/A to write; it must not be there yet.")],
    known: Annotated[Path | None, typer.Option(help='A JSON list of known identifiers: [{"entity","value"}].')] = None,
    as_json: Json = False,
) -> None:
    """Black out identifiers, seals, signatures and whatever was not read on scanned pages; the result is read again."""
    from deid import cli
    from ingest.mask.file import mask_file

    if out.exists():
        raise BadInput("file_exists", f"{out} is there already; choose another name for the result.")
    people = cli.known_of(cli.known_file(_bytes(known))) if known else ()
    pdf, answer = mask_file(_bytes(file), file.suffix, people)
    out.write_bytes(pdf)
    if as_json:
        emit({"out": str(out), **answer}, True)
        return
    for page in answer["pages"]:
        note(f"page {page['page']}: {len(page['boxes'])} boxes, clean after {page['readings']} more readings")


def deid_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A UTF-8 text, - for standard input; `train` trains the models.")
    ] = "-",
    known: Annotated[Path | None, typer.Option(help='A JSON list of known identifiers: [{"entity","value"}].')] = None,
    profile: Annotated[str, typer.Option(help="How identifiers are shown: tags, research, strict.")] = "tags",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='One {"id","text","known"} a line in, one answer a line out.')
    ] = False,
    out: Annotated[Path | None, typer.Option(help="With `train`: where to write the models.")] = None,
    marked: Annotated[
        bool, typer.Option("--marked", help="With `train`: only what is learnt from marked lines: half a minute.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Replace what points to a person, and keep the medicine. Offsets are code points of the input."""
    from deid import cli

    if file == "train":
        _train(out, marked)
        return
    if jsonl:
        with _lines(file) as lines:
            for line in cli.jsonl(lines, profile):
                print(line, flush=True)
        return
    data = sys.stdin.buffer.read() if file == "-" else _bytes(Path(file))
    answer = cli.deid_text(cli.decode(data), cli.known_file(_bytes(known)) if known else None, profile)
    if as_json:
        emit(answer, True)
        return
    sys.stdout.buffer.write(answer["text"].encode("utf-8", "surrogatepass"))
    note(f"{len(answer['spans'])} identifiers replaced")


class _lines:  # noqa: N801 - reads as a function where it is used
    """Lines of a file or of standard input, closed afterwards."""

    def __init__(self, file: str) -> None:
        self._file = file

    def __enter__(self) -> Iterator[bytes]:
        try:
            self._stream = sys.stdin.buffer if self._file == "-" else Path(self._file).open("rb")
        except OSError:
            raise BadInput("file_unreadable", "The file cannot be read; check the path.") from None
        return iter(self._stream)

    def __exit__(self, *_: object) -> None:
        if self._file != "-":
            self._stream.close()


def _train(out: Path | None, marked: bool) -> None:
    from deid.train import train, train_marked
    from records.paths import data_dir

    emit({"models": str((train_marked if marked else train)(out or data_dir() / "deid"))}, False)


@concept.command("show")
def concept_show(
    words: Annotated[str, typer.Argument(help="A name or part of one, an abbreviation, an ICD-10 code or an id.")],
    count: Annotated[bool, typer.Option("--count", help="Also how many patients and records hold it.")] = False,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Explain a concept: its names, codes and relations, what a question for it reaches, and what comes near."""
    if count:
        with session(as_user, "researcher") as own:
            answer = own.call("concept.show", words=words)
    else:
        from rooms.concepts import explain

        answer = explain(words, load().lexicon)
    if as_json:
        emit(answer, True)
    else:
        _show_concepts(answer)


def _show_concepts(answer: dict[str, Any]) -> None:
    """Concepts for people: names, codes, and each relation with what stands at its end."""
    for each in answer["concepts"]:
        held = f"  {each['patients']} patients, {each['records']} records" if "records" in each else ""
        out.print(Text(f"{each['zh']}  {each['en']}  ({each['kind']}, {each['id']}){held}"))
        out.print(Text(f"  names: {', '.join(each['names'])}"))
        if each["icd10"]:
            out.print(Text(f"  icd10: {', '.join(each['icd10'])}"))
        for edge, targets in each["relations"].items():
            named = (" ".join(filter(None, (one["zh"], one.get("records", "")))) for one in targets)
            out.print(Text(f"  {edge}: {', '.join(named)}"))
    if answer["near"]:
        out.print(Text(f"near: {', '.join(one['zh'] for one in answer['near'])}"))


@concept.command("import")
def concept_import(
    file: Annotated[Path, typer.Argument(help="xlsx or csv: ICD-10 codes with names, or names with their synonyms.")],
    overlay: Annotated[Path, typer.Option(help="The overlay file to write; name it as `lexicon` in config.toml.")],
    synonyms: Annotated[bool, typer.Option(help="The first column is a known name, the others its synonyms.")] = False,
    as_json: Json = False,
) -> None:
    """Extend the lexicon with a hospital's own ICD-10 workbook or synonym list."""
    from semantic.concepts import Lexicon
    from semantic.lexicon_import import import_codes, import_synonyms

    lexicon = Lexicon.load(overlay if overlay.exists() else None)
    report = (import_synonyms if synonyms else import_codes)(file, overlay, lexicon)
    skipped = [{"row": number, "reason": reason} for number, reason in report.skipped]
    emit(
        {
            "added": report.added,
            "extended": report.extended,
            "known": report.known,
            "skipped": skipped,
            "overlay": str(overlay),
        },
        as_json,
    )


@encoder.command("train")
def encoder_train(
    out: Annotated[Path, typer.Argument(help="Folder for the encoder, in sentence-transformers' format.")],
    words: Annotated[Path | None, typer.Option(help="A word list with frequencies (THUOCL's format).")] = None,
    codes: Annotated[Path | None, typer.Option(help="ICD codes and English names, csv or csv.gz.")] = None,
    texts: Annotated[Path | None, typer.Option(help="De-identified text, a passage a line.")] = None,
    as_json: Json = False,
) -> None:
    """Train a static encoder; the same sources give the same bytes."""
    from semantic.train import train
    from semantic.training_pairs import Sources

    emit(train(out, Sources(words, codes, texts)), as_json)


@assertion.command("train")
def assertion_train(
    out: Annotated[
        Path, typer.Argument(help="The file of weights to write; judge.tsv in data/assertion is what is used.")
    ],
    examples: Examples = None,
    as_json: Json = False,
) -> None:
    """Learn how clinicians deny, doubt and plan from judged examples: the shipped ones, and a hospital's own."""
    from semantic.assertion_train import train
    from semantic.concepts import Lexicon

    emit(train(out, Lexicon.load(), examples or []), as_json)


@assertion.command("train-net")
def assertion_train_net(
    out: Annotated[
        Path, typer.Argument(help="The network to write; net.safetensors in data/assertion is what is used.")
    ],
    examples: Examples = None,
    as_json: Json = False,
) -> None:
    """Learn to read whole lines, from the same examples; some ten minutes on two processors, with torch."""
    from rich.progress import Progress

    from semantic.assertion_net_train import train
    from semantic.assertion_train import lines
    from semantic.concepts import Lexicon

    judged, ordinary = lines(Lexicon.load(), examples or [])
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("learning", total=None)
        report = train(
            out, [*judged, *ordinary], ticks=lambda done, total: bar.update(task, completed=done, total=total)
        )
    emit(report, as_json)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise BadInput("file_unreadable", "The file cannot be read; check the path.") from None


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.command("ocr")(ocr)
    app.command("mask")(mask)
    app.command("deid")(deid_command)
    app.add_typer(concept, name="concept")
    app.add_typer(assertion, name="assertion")
    app.add_typer(encoder, name="encoder")
