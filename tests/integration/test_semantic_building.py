"""Many records indexed on all processors: the same segment, and nobody is left behind or waited for after a kill."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from records.errors import Unavailable

_BUILD = """
import sys, threading
from records.errors import Unavailable
from semantic.building import build
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.segment import build_index
from tests.semantic_shelf import record
words = ["否认糖尿病", "糖尿病，从未有人提起痛风", "父亲高血压", "高血压×", "K 6.1"]
records = [record(at, ("既往史" if at % 3 else "", f"{words[at % 5]}{at}")) for at in range(int(sys.argv[1]))]
encoder, lexicon = open_encoder(), Lexicon.load()
print("ready", flush=True)
try:
    shared = build(records, encoder, lexicon)
except Unavailable as error:
    print(error.code)
else:
    assert threading.active_count() == 1
    print("alike" if shared == build_index(records, encoder, lexicon) else "unlike", len(shared))
"""
many = pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="one processor: there are no other processes")


def _start(records: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _BUILD, str(records)], stdout=subprocess.PIPE, text=True)


def _helpers(running: subprocess.Popen[str]) -> list[psutil.Process]:
    assert running.stdout is not None and running.stdout.readline() == "ready\n"
    me, waited = psutil.Process(running.pid), time.monotonic()
    while len(me.children()) < 2 and time.monotonic() - waited < 30:
        time.sleep(0.05)
    helpers = me.children()
    assert len(helpers) >= 2
    return helpers


def test_what_processes_build_together_is_what_one_builds_alone() -> None:
    out, _ = _start(2500).communicate(timeout=120)
    assert out.split()[:2] == ["ready", "alike"] and int(out.split()[2]) > 100_000


def test_an_error_comes_over_from_a_process_as_it_is() -> None:
    error = copy.copy(Unavailable("builder_stopped", "Free some memory."))  # as pickle does it
    assert (type(error), error.code, error.message) == (Unavailable, "builder_stopped", "Free some memory.")


@many
def test_a_killed_builder_leaves_no_process_behind() -> None:
    with _start(100_000) as running:
        helpers = _helpers(running)
        running.send_signal(signal.SIGKILL)
        running.wait()
        _, left = psutil.wait_procs(helpers, timeout=40)
        assert not left


@many
@pytest.mark.parametrize(("which", "later_s"), [(0, 0), (-1, 0), (0, 3)])
def test_a_killed_helper_is_said_and_not_waited_for(which: int, later_s: float) -> None:
    with _start(100_000) as running:
        helpers = _helpers(running)
        time.sleep(later_s)
        helpers[which].send_signal(signal.SIGKILL)
        out, _ = running.communicate(timeout=120)
        assert out.split()[-1] == "builder_stopped"
