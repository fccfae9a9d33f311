"""`lantai serve`: the strong room here, the front desk as a child process that gets one ticket and no key."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from records.errors import Unavailable
from rooms import slot_server
from rooms.config import Config
from rooms.separation import Account, cannot_run, front_account, hand_slot, keep_to_itself, separate
from rooms.strong import StrongRoom

_RESTART_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Door:
    """Where the portal listens."""

    host: str = "127.0.0.1"
    port: int = 8501
    tls_cert: Path | None = None
    tls_key: Path | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.tls_cert else 'http'}://{self.host}:{self.port}"


def check_door(door: Door) -> None:
    """Raises Unavailable("port_in_use") before anything is started, so nothing is left half up."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((door.host, door.port))
        except OSError:
            raise Unavailable(
                "port_in_use", f"Port {door.port} cannot be used; stop what uses it or choose another with --port."
            ) from None


def serve(room: StrongRoom, config: Config, door: Door, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; the portal is started again if it dies."""
    check_door(door)
    keep_to_itself()
    account = front_account(config)
    if account is not None:
        separate(config, account)
    listener = slot_server.listen(config.socket)
    if account is not None:
        hand_slot(config, account)
    server = slot_server.server(room.call, None if account is None else frozenset({os.geteuid(), account.uid}))
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    # uvicorn would install handlers of its own; the signals are ours, since two processes must end together.
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    room.jobs.start("system", None)  # what a stop left waiting goes on, and an outdated shelf is made anew
    portal = _start_portal(room, config, door, account)
    announce(door.url)
    try:
        while not stopping.wait(0.5):
            if portal.poll() is not None:
                time.sleep(_RESTART_PAUSE_S)
                portal = _start_portal(room, config, door, account)
    finally:
        portal.terminate()
        try:
            portal.wait(timeout=10)
        except subprocess.TimeoutExpired:
            portal.kill()
        server.should_exit = True
        thread.join(timeout=10)
        config.socket.unlink(missing_ok=True)


def _start_portal(room: StrongRoom, config: Config, door: Door, account: Account | None) -> subprocess.Popen[bytes]:
    """The front desk's process: the ticket goes through standard input, so it stands in no argument or environment."""
    command = [sys.executable, "-m", "portal", "--socket", str(config.socket), "--shelf", str(config.front.shelf)]
    command += ["--host", door.host, "--port", str(door.port)]
    for option, path in (("--encoder", config.encoder), ("--lexicon", config.lexicon)):
        if path is not None:
            command += [option, str(path)]
    if door.tls_cert and door.tls_key:
        command += ["--tls-cert", str(door.tls_cert), "--tls-key", str(door.tls_key)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANTAI_")}
    if account is not None:
        environment["HOME"] = str(config.home / "front")
    try:
        portal = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=environment, **(account.spawn if account is not None else {})
        )
    except PermissionError:
        raise cannot_run(config) from None
    assert portal.stdin is not None
    portal.stdin.write(room.new_ticket().encode() + b"\n")
    portal.stdin.close()
    return portal
