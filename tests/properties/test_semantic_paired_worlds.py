"""Nothing tells whether a record outside the asker's scope exists: worlds with it and without it answer alike."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.worlds import World


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.integers(min_value=0, max_value=2**32))
def test_worlds_with_and_without_hidden_records_answer_alike(seed: int) -> None:
    scratch = Path(tempfile.mkdtemp())
    try:
        assert World.drawn(seed).differs(scratch) is None
    finally:
        shutil.rmtree(scratch)
