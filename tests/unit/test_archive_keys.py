"""The key file: right and wrong passphrases, flipped bytes, no overwriting, no leaking."""

from __future__ import annotations

import json
import pickle
import stat
from pathlib import Path

import pytest

from archive.keys import FILE, Keys, Purpose, Stretch
from records import sm2
from records.errors import BadInput, IntegrityFailure, LantaiError, Refused

FAST = Stretch(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "兰台 open sesame"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Keys.create(tmp_path, PASSPHRASE, FAST)
    return tmp_path


def test_the_same_keys_come_back(tmp_path: Path) -> None:
    made = Keys.create(tmp_path, PASSPHRASE, FAST)
    opened = Keys.open(tmp_path, PASSPHRASE)
    assert {made.purpose(name) for name in Purpose} == {opened.purpose(name) for name in Purpose}
    assert len({opened.purpose(name) for name in Purpose}) == len(Purpose), "each purpose has a key of its own"
    assert sm2.verify(made.public_key(), b"checkpoint", opened.sign(b"checkpoint"))


def test_two_archives_share_no_key(tmp_path: Path) -> None:
    first, second = (Keys.create(tmp_path / name, PASSPHRASE, FAST) for name in "ab")
    assert not {first.purpose(name) for name in Purpose} & {second.purpose(name) for name in Purpose}


@pytest.mark.parametrize("wrong", ["", PASSPHRASE[:-1], PASSPHRASE + " ", PASSPHRASE.upper()])
def test_a_wrong_passphrase_is_refused(folder: Path, wrong: str) -> None:
    with pytest.raises(Refused) as caught:
        Keys.open(folder, wrong)
    assert caught.value.code == "wrong_passphrase"


def test_the_passphrase_may_be_typed_in_either_normal_form(tmp_path: Path) -> None:
    Keys.create(tmp_path, "passphrasé", FAST)
    Keys.open(tmp_path, "passphrase\u0301")


def test_a_key_file_is_never_overwritten(folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    with pytest.raises(BadInput) as caught:
        Keys.create(folder, PASSPHRASE, FAST)
    assert caught.value.code == "file_exists"
    assert (folder / FILE).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [FILE], "no draft stays behind"


def test_no_home_and_short_passphrase_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lantai init"):
        Keys.open(tmp_path, PASSPHRASE)
    with pytest.raises(BadInput) as caught:
        Keys.create(tmp_path, "1234567", FAST)
    assert caught.value.code == "passphrase_short"
    assert not Keys.exists(tmp_path)


def test_the_file_is_for_its_owner_only_and_holds_no_key(folder: Path) -> None:
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    keys, data = Keys.open(folder, PASSPHRASE), (folder / FILE).read_bytes()
    for secret in [*(keys.purpose(name) for name in Purpose), keys._root]:
        assert secret.hex().encode() not in data and secret not in data
    assert b"PRIVATE KEY" not in data


def test_every_flipped_byte_is_damage_not_a_wrong_passphrase(folder: Path) -> None:
    data = (folder / FILE).read_bytes()
    for at in range(0, len(data), 7):
        (folder / FILE).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(IntegrityFailure) as caught:
            Keys.open(folder, PASSPHRASE)
        assert caught.value.code == "keys_damaged", at
    (folder / FILE).write_bytes(data)
    Keys.open(folder, PASSPHRASE)


def _rewritten(folder: Path, change: str) -> None:
    """A key file altered by somebody who makes the plain checksum right again."""
    from archive.keys import _file_bytes

    stored = json.loads((folder / FILE).read_bytes())
    stored.pop("sm3")
    if change == "swap":
        purposes = stored["purposes"]
        purposes["vault"], purposes["shelf-index"] = purposes["shelf-index"], purposes["vault"]
    elif change == "public":
        stored["signing"]["public"] = sm2.new_keypair()[1].decode()
    elif change.startswith("memory"):
        stored["root"]["memory_kib"] = {"memory": 1 << 40, "memory<0": -8, "memory=text": "8", "memory=4": 4}[change]
    elif change == "passes":
        stored["root"]["passes"] = 2
    elif change == "shape":
        stored["purposes"] = ["vault"]
    else:
        stored["root"] = change
    (folder / FILE).write_bytes(_file_bytes(stored))


@pytest.mark.parametrize(
    "change", ["swap", "public", "memory", "memory<0", "memory=text", "memory=4", "passes", "shape", "text"]
)
def test_a_file_with_a_forged_checksum_does_not_open(folder: Path, change: str) -> None:
    _rewritten(folder, change)
    with pytest.raises(LantaiError) as caught:
        Keys.open(folder, PASSPHRASE)
    assert caught.value.code in {"keys_damaged", "wrong_passphrase"}


def test_a_purpose_that_an_older_file_lacks_is_added_for_good(folder: Path) -> None:
    from archive.keys import _file_bytes

    stored = json.loads((folder / FILE).read_bytes())
    stored.pop("sm3")
    del stored["purposes"]["cards"]
    (folder / FILE).write_bytes(_file_bytes(stored))
    added = Keys.open(folder, PASSPHRASE).purpose("cards")
    assert Keys.open(folder, PASSPHRASE).purpose("cards") == added


def test_an_unknown_purpose_is_a_mistake(folder: Path) -> None:
    with pytest.raises(ValueError, match="shelves"):
        Keys.open(folder, PASSPHRASE).purpose("shelves")


def test_the_passphrase_can_be_changed_without_changing_a_key(folder: Path) -> None:
    keys = Keys.open(folder, PASSPHRASE)
    keys.change_passphrase("another passphrase", FAST)
    assert Keys.open(folder, "another passphrase").purpose("vault") == keys.purpose("vault")
    with pytest.raises(Refused):
        Keys.open(folder, PASSPHRASE)


def test_keys_hide_themselves_and_do_not_travel(folder: Path) -> None:
    keys = Keys.open(folder, PASSPHRASE)
    assert keys._root.hex() not in repr(keys)
    with pytest.raises(TypeError):
        pickle.dumps(keys)
