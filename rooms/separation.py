"""An account of its own for the front desk (隔离账号), where `serve` starts as root: the kernel then keeps it out of
`strong/` whatever becomes of it. Changes owners and modes only; no file's content."""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.errors import BadInput
from rooms.config import Config

_PR_SET_DUMPABLE = 4
_READABLE = 0o2750  # setgid: what is published later belongs to the front desk's group too


@dataclass(frozen=True, slots=True)
class Account:
    """A system account: numbers as the kernel knows them."""

    uid: int
    gid: int

    @property
    def spawn(self) -> dict[str, Any]:
        """Arguments for subprocess.Popen that start a child under it, in no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def front_account(config: Config) -> Account | None:
    """The account named by `front_user`; None where none is named. Raises BadInput for one that cannot be used."""
    if not config.front_user:
        return None
    if os.geteuid() != 0:
        raise BadInput("front_user_not_root", "front_user in config.toml needs `lantai serve` to be started by root.")
    try:
        entry = pwd.getpwnam(config.front_user)
    except KeyError:
        raise BadInput(
            "front_user_unknown",
            f"config.toml names front_user {config.front_user!r}, which is no account here; make it with "
            f"`useradd --system --shell /usr/sbin/nologin {config.front_user}`.",
        ) from None
    if entry.pw_uid == 0:
        raise BadInput("front_user_root", "front_user in config.toml must not be root; name an account of its own.")
    return Account(entry.pw_uid, entry.pw_gid)


def keep_to_itself() -> None:
    """No core file and, on Linux, no look into this process's memory from another of the same account: without accounts
    of their own the two rooms run under one, and the keys are in that memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def separate(config: Config, account: Account) -> None:
    """The home may be walked through, the shelf read and the slot opened by the account; `strong/` by root alone."""
    config.home.chmod(0o711)
    for folder, _, files in os.walk(config.home / "shelf"):
        _give(Path(folder), 0, account.gid, _READABLE)
        for name in files:
            _give(Path(folder, name), 0, account.gid, 0o640)
    for owned in (config.home / "front", config.socket.parent):
        _give(owned, account.uid, account.gid, 0o700)
    config.strong.chmod(0o700)
    os.chown(config.strong, 0, 0)


def hand_slot(config: Config, account: Account) -> None:
    """The bound socket, which only its owner may open."""
    _give(config.socket, account.uid, account.gid, 0o600)


def cannot_run(config: Config) -> BadInput:
    """What to say when the account may not even start the program."""
    return BadInput(
        "front_user_cannot_run",
        f"The account {config.front_user} may not run {sys.executable}; install Lantai where every account can read it "
        "(/opt, say), not in root's own folder.",
    )


def _give(path: Path, uid: int, gid: int, mode: int) -> None:
    os.chown(path, uid, gid, follow_symlinks=False)
    path.chmod(mode)
