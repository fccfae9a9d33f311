"""Commands that need no archive: read a page, de-identify a text, look a concept up, train the shipped models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from records.errors import BadInput
from rooms.cli.options import Json
from rooms.cli.output import emit, note

concept = typer.Typer(help="The concept lexicon 概念词典.", no_args_is_help=True)
encoder = typer.Typer(help="The encoder that places text in meaning.", no_args_is_help=True)


def ocr(file: Path, as_json: Json = False) -> None:
    """Read a scanned page: text, confidence and boxes, and whether a person should look again."""
    from ingest.ocr.read import ocr_file

    try:
        data = file.read_bytes()
    except OSError:
        raise BadInput("file_unreadable", f"{file.name} cannot be read; check the path.") from None
    answer = ocr_file(data)
    if as_json:
        emit(answer, True)
        return
    for page in answer["pages"]:
        note(f"page {page['page']}: confidence {page['confidence']:.3f}{', needs review' if page['needs_review'] else ''}")
        print(page["text"])


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.command("ocr")(ocr)
    app.add_typer(concept, name="concept")
    app.add_typer(encoder, name="encoder")


_ = sys
