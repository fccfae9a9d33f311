"""The front desk under an account of its own: the kernel keeps it out of the strong room."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from records.errors import BadInput
from rooms import slot_server
from rooms.config import Config
from rooms.separation import Account, front_account, hand_slot, separate
from semantic.manifest import write_durably

ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="only root can change accounts")


@pytest.fixture
def home() -> Iterator[Config]:
    """Outside pytest's own folders, which nobody else may walk through."""
    folder = Path(tempfile.mkdtemp(prefix="lantai-", dir="/tmp"))
    config = Config(folder, front_user="nobody")
    config.make_folders()
    (config.strong / "keys.json").write_text("secret")
    (config.strong / "keys.json").chmod(0o600)
    (folder / "shelf" / "segments").mkdir(mode=0o700)
    write_durably(folder / "shelf" / "segments" / "old.index", b"sealed")
    yield config
    shutil.rmtree(folder)


def _as(account: Account, attempt: Callable[[], object]) -> str:
    """What a process of that account meets: "ok" or the name of the exception."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            attempt()
            os.write(write, b"ok")
        except BaseException as error:  # noqa: BLE001 (told to the parent by name)
            os.write(write, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as pipe:
        return pipe.read().decode()


@needs_root
def test_the_front_account_reads_the_shelf_and_nothing_of_the_strong_room(home: Config) -> None:
    account = front_account(home)
    assert account is not None
    separate(home, account)
    segments = home.home / "shelf" / "segments"
    write_durably(segments / "new.index", b"sealed")
    for name in ("old.index", "new.index"):
        assert _as(account, (segments / name).read_bytes) == "ok"
        assert _as(account, lambda name=name: (segments / name).write_bytes(b"x")) == "PermissionError"  # type: ignore[misc]
    assert _as(account, lambda: (segments / "made").write_bytes(b"x")) == "PermissionError"
    assert _as(account, lambda: list(home.strong.iterdir())) == "PermissionError"
    assert _as(account, (home.strong / "keys.json").read_bytes) == "PermissionError"
    assert _as(account, lambda: list(home.home.iterdir())) == "PermissionError"


@needs_root
def test_only_the_front_account_and_root_reach_the_slot(home: Config) -> None:
    account = front_account(home)
    assert account is not None
    separate(home, account)
    listener = slot_server.listen(home.socket)
    hand_slot(home, account)

    def connect() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(home.socket))

    assert _as(account, connect) == "ok"
    connection, _ = listener.accept()
    assert slot_server.peer_uid(connection) == account.uid
    connection.close()
    assert _as(Account(account.uid - 1, account.gid), connect) == "PermissionError"
    listener.close()


@needs_root
@pytest.mark.parametrize(("name", "code"), [("root", "front_user_root"), ("no-such-account", "front_user_unknown")])
def test_an_account_that_cannot_serve_is_refused(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as problem:
        front_account(Config(tmp_path, front_user=name))
    assert problem.value.code == code


def test_no_account_named_changes_nothing(tmp_path: Path) -> None:
    assert front_account(Config(tmp_path)) is None


def test_the_account_is_given_to_the_child_with_no_other_group() -> None:
    entry = pwd.getpwnam("nobody")
    spawn = Account(entry.pw_uid, entry.pw_gid).spawn
    assert spawn == {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
