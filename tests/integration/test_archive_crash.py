"""kill -9 at random moments: what was acknowledged is there, once, and verifies; the rest can be done again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from archive.catalogue import DepositState
from archive.keys import Keys, Stretch
from archive.stacks import Stacks, verify_home
from records.ids import RecordId

KILLS = int(os.environ.get("LANTAI_KILLS", "8"))
TOTAL = 4000  # more than any run gets through
WRITER = """
import sys
from datetime import date
from pathlib import Path
from archive.catalogue import Accession
from archive.identity import PatientIdentity
from archive.keys import Keys
from archive.lock import HomeLock
from archive.stacks import Stacks
from records.ids import EditionNumber
from records.texts import IdentifiedText

strong, total, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
lock = HomeLock(strong)
stacks = Stacks.open(strong, Keys.open(strong, "passphrase"), 65536)
catalogue, vault = stacks.catalogue, stacks.vault

def data(n):
    return (b"%d " % n) * (1 + n * 37 % 2000)

def acknowledge(word, *records):
    sys.stdout.write("".join(f"{word} {record}\\n" for record in records))
    sys.stdout.flush()

acknowledge("open")
for entry in catalogue.pending():
    if entry.state == "RECEIVED":
        catalogue.archive(Accession(entry.record, PatientIdentity(name="n"), "t", "d", date(2024, 1, 1), {}))
    catalogue.shelve([entry.record], EditionNumber(1))
    acknowledge("shelved", entry.record)
for start in range(0, total, size):
    records = [(catalogue.tokens.record(data(n)), n) for n in range(start, start + size)]
    with vault.batch():
        for record, n in records:
            vault.put(record, "original", data(n))
    acknowledge("put", *[record for record, _ in records])
    for record, n in records:
        name = IdentifiedText(f"{n}.pdf")
        deposit, _ = catalogue.receive(record, size=len(data(n)), media_type="x", name=name, batch="B")
        acknowledge("received", record)
        if deposit.state != "SHELVED":
            identity = PatientIdentity(name="n", mrn=f"M100{n % 7}")
            catalogue.archive(Accession(record, identity, "t", "d", date(2024, 1, 1), {"n": n}))
            acknowledge("archived", record)
            catalogue.shelve([record], EditionNumber(1))
            acknowledge("shelved", record)
"""
STATES = {
    "received": {DepositState.RECEIVED, DepositState.ARCHIVED, DepositState.SHELVED},
    "archived": {DepositState.ARCHIVED, DepositState.SHELVED},
    "shelved": {DepositState.SHELVED},
}


def killed_run(strong: Path, lines: int, seconds: float, size: int) -> list[tuple[str, str]]:
    """What a writer acknowledged between its opening and its kill, some moments after so many lines."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(strong), str(TOTAL), str(size)],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the home left by the last kill opens"
    rest = "".join(process.stdout.readline() for _ in range(lines))
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    rest += process.stdout.read()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [(word, record) for word, _, record in (line.partition(" ") for line in rest.splitlines() if " " in line)]


def test_no_kill_loses_what_was_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(20260203)
    keys = Keys.create(tmp_path, "passphrase", Stretch(8, 1, 1))
    acknowledged: dict[str, set[str]] = {"put": set(), "received": set(), "archived": set(), "shelved": set()}
    for _ in range(KILLS):
        for word, record in killed_run(
            tmp_path, chance.randint(0, 120), chance.uniform(0, 0.02), chance.choice([1, 3, 25])
        ):
            if len(record) == 21:  # the last line may be cut
                acknowledged[word].add(record)
        assert verify_home(tmp_path, keys) == []
    assert len(acknowledged["shelved"]) > 20, "the writer got somewhere"
    with Stacks.open(tmp_path, keys) as stacks:
        for record in acknowledged["put"]:
            data = stacks.vault.get(RecordId(record), "original")
            assert stacks.catalogue.tokens.record(data) == record
        for word, records in acknowledged.items():
            for record in records if word in STATES else ():
                deposit = stacks.catalogue.deposit(RecordId(record))
                assert deposit is not None and deposit.state in STATES[word]
        deposits = stacks.catalogue.deposits()
        assert len({item.record for item in deposits}) == len(deposits), "every record once"
        assert len([item for item in deposits if item.record in stacks.vault.inventory()]) == len(deposits)
