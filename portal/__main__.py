"""`python -m portal`: opens the front desk with the ticket on standard input and serves it, for `lantai serve`."""

from __future__ import annotations

import argparse
import ctypes
import json
import logging
import signal
import sys
from pathlib import Path

from portal.desk import place
from portal.server import listen, serve
from portal.ui.concepts import names_from
from records.errors import BadInput, LantaiError
from rooms.config import FrontConfig
from rooms.front import FrontDesk
from rooms.separation import keep_to_itself
from rooms.slot_client import SlotClient

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; the exit code of DESIGN §7."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        _checked(options)
        ticket = sys.stdin.readline().strip()
        if not ticket:
            raise BadInput("no_ticket", "No ticket on standard input; start the portal with `lantai serve`.")
        listener = listen(options.host, options.port)
        shelf = options.shelf or options.socket.resolve().parents[1] / "shelf"
        config = FrontConfig(shelf, options.socket, options.encoder, options.lexicon)
        names_from(options.lexicon)
        place(FrontDesk.open(config, SlotClient(options.socket), ticket))
        serve(listener, options.tls_cert, options.tls_key)
    except LantaiError as error:
        sys.stderr.write(json.dumps({"error": {"code": error.code, "message": error.message}}) + "\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal", description="The front desk of Lantai.")
    parser.add_argument("--socket", type=Path, required=True, help="the slot to the strong room")
    parser.add_argument(
        "--shelf", type=Path, default=None, help="the open shelf; by default the home's, as the slot lies"
    )
    parser.add_argument("--encoder", type=Path, default=None, help="a local transformer folder")
    parser.add_argument("--lexicon", type=Path, default=None, help="the hospital's own terms")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--tls-cert", type=Path, default=None)
    parser.add_argument("--tls-key", type=Path, default=None)
    return parser


def _checked(options: argparse.Namespace) -> None:
    """Raises BadInput for a certificate without its key, or a file that is not there."""
    if (options.tls_cert is None) != (options.tls_key is None):
        raise BadInput("tls_half", "Give both --tls-cert and --tls-key, or neither.")
    for file in (options.tls_cert, options.tls_key):
        if file is not None and not file.is_file():
            raise BadInput("tls_missing", f"{file} is not a file; give the path of a PEM file.")


def _end_with_the_strong_room() -> None:
    """Have the kernel end this process when `lantai serve` is killed: nobody else would, and it holds the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    _end_with_the_strong_room()
    keep_to_itself()
    sys.exit(main())
