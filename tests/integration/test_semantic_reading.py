"""Many sections read on all processors: the same mentions, in order, and nobody is left behind when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

_READ = """
import sys, threading
from records.texts import CleanText
from semantic import reading
from semantic.concepts import Lexicon
words = ["否认糖尿病", "糖尿病，从未有人提起痛风", "父亲高血压", "高血压×", "K 6.1"]
texts = [CleanText.from_shelf(f"{words[at % 5]}{at}") for at in range(int(sys.argv[1]))]
sections = [(text, "既往史" if at % 3 else "") for at, text in enumerate(texts)]
lexicon = Lexicon.load()
print("ready", flush=True)
shared = list(reading.read_all(sections, lexicon))
assert shared == [reading.read(text, heading, lexicon) for text, heading in sections]
assert threading.active_count() == 1
print("alike", len(shared), sum(map(len, shared)))
"""


def _start(sections: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _READ, str(sections)], stdout=subprocess.PIPE, text=True)


def test_what_processes_read_together_is_what_one_reads_alone() -> None:
    out, _ = _start(2500).communicate(timeout=120)
    assert out.split()[:3] == ["ready", "alike", "2500"] and int(out.split()[3]) > 2500


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="one processor: there are no other processes")
def test_a_killed_reader_leaves_no_process_behind() -> None:
    with _start(400_000) as running:
        assert running.stdout is not None and running.stdout.readline() == "ready\n"
        me, waited = psutil.Process(running.pid), time.monotonic()
        while len(me.children()) < 2 and time.monotonic() - waited < 30:
            time.sleep(0.05)
        helpers = me.children()
        assert len(helpers) >= 2
        running.send_signal(signal.SIGKILL)
        running.wait()
        _, left = psutil.wait_procs(helpers, timeout=20)
        assert not left
