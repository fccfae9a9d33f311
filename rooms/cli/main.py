"""The `lantai` command. Each group of commands is one file here; what they do is in the rooms."""

from __future__ import annotations

import io
import json
import sys

import typer

from records.errors import BadInput, LantaiError
from rooms.cli import audit, decide, home, leak, people, release, research, text, work

app = typer.Typer(
    name="lantai",
    help="Lantai 兰台: a hospital's archive that research may ask, without seeing who the patients are.\n\n"
    "Start with `lantai demo`, or `lantai init` for a real archive. State lies in $LANTAI_HOME (default ./var); the "
    "passphrase in the file that $LANTAI_PASSPHRASE_FILE names. Exit codes: 0 ok, 2 bad input, 3 refused, "
    "4 integrity, 5 unavailable. --json prints one JSON document last on standard output.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (home, work, text, research, decide, release, leak, people, audit):
    group.add_to(app)


def main() -> None:
    """Run a command; an error of ours is one sentence (or one JSON document) and its exit code."""
    as_json = "--json" in sys.argv
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be no text
    try:
        ended = app(standalone_mode=False)
        if isinstance(ended, int):  # outside standalone mode click returns the code of a typer.Exit
            sys.exit(ended)
    except LantaiError as error:
        _fail(error.code, error.message, error.exit_code, as_json)
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    except typer.Abort:
        _fail("stopped", "Stopped; what was finished is kept.", 2, as_json)
    except KeyboardInterrupt:
        _fail("stopped", "Stopped; what was finished is kept, and the same command goes on from there.", 2, as_json)
    except OSError as error:
        known = BadInput("file", "")
        if error.errno == 28:
            _fail("disk_full", "The disk is full; free some room and run the same command again.", 5, as_json)
        _fail(
            "file", f"A file or folder could not be used ({error.strerror}); check the path.", known.exit_code, as_json
        )
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is None:
            if type(error).__module__.startswith("click"):
                raise
            _fail("internal", f"Something went wrong inside ({type(error).__name__}); nothing was decided.", 1, as_json)
        else:
            _fail("usage", f"{usage()} See `lantai --help`.", 2, as_json)


def _fail(code: str, message: str, exit_code: int, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=True))
    print(message, file=sys.stderr)
    sys.exit(exit_code)
