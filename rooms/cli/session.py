"""How a command reaches the strong room: over the slot if it is up, else by opening it here; and as whom."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from records.errors import BadInput, Unavailable
from rooms.config import Config, load
from rooms.slot import Slot
from rooms.slot_client import SlotClient, is_up

DEMO_PASSPHRASE_FILE = "demo-passphrase"  # noqa: S105 - a file name


class Session:
    """An open way to the strong room, with the session token of whoever runs the command."""

    def __init__(self, slot: Slot, config: Config, token: str | None) -> None:
        self.slot = slot
        self.config = config
        self.token = token

    def call(self, name: str, /, **args: Any) -> dict[str, Any]:
        """One call with this session's token."""
        return self.slot.call(name, self.token, **args)


def read_secret(variable: str, prompt: str, code: str) -> str:
    """The first line of the file named by an environment variable, or typed at a terminal."""
    name = os.environ.get(variable)
    if name:
        try:
            return Path(name).read_text(encoding="utf-8").splitlines()[0]
        except (OSError, IndexError, UnicodeDecodeError):
            raise BadInput(code, f"{variable} names a file that cannot be read or is empty; correct it.") from None
    if sys.stdin.isatty():
        return getpass.getpass(f"{prompt}: ", stream=sys.stderr)
    raise BadInput(code, f"{prompt} is needed; put it in a file and name the file in {variable}.")


def passphrase(config: Config) -> str:
    """The home's passphrase; a demo home keeps its own beside it, since it protects nobody."""
    demo = config.home / DEMO_PASSPHRASE_FILE
    if demo.exists() and "LANTAI_PASSPHRASE_FILE" not in os.environ:
        return demo.read_text(encoding="utf-8").strip()
    return read_secret("LANTAI_PASSPHRASE_FILE", "The archive's passphrase", "passphrase_needed")


@contextmanager
def strong_room(need_init: bool = True) -> Iterator[tuple[Slot, Config]]:
    """The strong room as a slot: its socket if it is up, else opened in this process until the block ends."""
    config = load()
    if need_init and not config.initialised and not config.bereft:
        raise Unavailable(
            "not_initialised", "There is no archive here yet; run `lantai init` (or `lantai demo`) first."
        )
    if is_up(config.socket):
        client = SlotClient(config.socket)
        try:
            yield client, config
        finally:
            client.close()
        return
    from rooms.strong import StrongRoom

    room = StrongRoom.open(config, passphrase(config))
    try:
        yield room, config
    finally:
        room.close()


@contextmanager
def session(as_user: str | None, demo_default: str | None = None, *, local: bool = False) -> Iterator[Session]:
    """A session as USER (password asked for, or none in a demo home), as $LANTAI_TOKEN, or as the passphrase's holder.

    `demo_default` is who acts in a demo home when nobody is named; `local` allows the holder of the archive's
    passphrase to act without an account, for the commands that set a home up and keep it running.
    """
    with strong_room() as (slot, config):
        demo = bool(slot.call("ping")["demo"])
        own = Session(slot, config, _token(slot, config, as_user or (demo_default if demo else None), demo, local))
        try:
            yield own
        finally:
            if own.token != os.environ.get("LANTAI_TOKEN"):
                own.call("logout")


def _token(slot: Slot, config: Config, user: str | None, demo: bool, local: bool) -> str:
    if user is None and os.environ.get("LANTAI_TOKEN"):
        return os.environ["LANTAI_TOKEN"]
    if user is None and local:
        return str(slot.call("login.local", passphrase=passphrase(config))["token"])
    if user is None:
        raise BadInput(
            "who", "Say who you are with --as USER, or log in with `lantai login USER` and set LANTAI_TOKEN."
        )
    if demo and "LANTAI_PASSWORD_FILE" not in os.environ:
        return str(slot.call("login.demo", username=user)["token"])
    password = read_secret("LANTAI_PASSWORD_FILE", f"Password of {user}", "password_needed")
    return str(slot.call("login", username=user, password=password)["token"])
