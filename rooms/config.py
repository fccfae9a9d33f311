"""Where a home's things lie, and the few settings it has. Reads `config.toml`; opens nothing else."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from records.errors import BadInput

_KNOWN = {"encoder", "lexicon", "anchors", "workers", "hospital", "session_hours", "front_user"}


def home_from_environment() -> Path:
    """`$LANTAI_HOME`, or ./var."""
    return Path(os.environ.get("LANTAI_HOME") or "var").resolve()


@dataclass(frozen=True, slots=True)
class FrontConfig:
    """What the front desk may know: where the shelf is and how to reach the slot."""

    shelf: Path
    socket: Path
    encoder: Path | None = None
    lexicon: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """A home: `front/` and `shelf/` readable by the front desk, `strong/` by the strong room alone.

    `encoder` is a local transformer directory that replaces the shipped encoder, `lexicon` an overlay of the
    hospital's own terms, `anchors` the second place where signed checkpoints of the register are kept (it should
    be on another disk), `workers` the number of recognition processes, `front_user` the account that the front desk
    runs under when root starts `serve`.
    """

    home: Path
    encoder: Path | None = None
    lexicon: Path | None = None
    anchors: Path | None = None
    workers: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    hospital: str = ""
    session_hours: int = 8
    front_user: str = ""

    @property
    def strong(self) -> Path:
        return self.home / "strong"

    @property
    def socket(self) -> Path:
        return self.home / "slot" / "slot.sock"

    @property
    def checkpoints(self) -> Path:
        return (self.anchors or self.home / "anchors") / "checkpoints.jsonl"

    @property
    def front(self) -> FrontConfig:
        return FrontConfig(self.home / "shelf", self.socket, self.encoder, self.lexicon)

    @property
    def initialised(self) -> bool:
        return (self.strong / "keys.json").exists()

    @property
    def bereft(self) -> bool:
        """Whether there is an archive here whose key file is gone: new keys would open none of it."""
        remains = [self.strong / name for name in ("ledger.db", "keyring.db", "vault")]
        return not self.initialised and any(path.exists() for path in (*remains, self.home / "shelf" / "CURRENT"))

    def make_folders(self) -> None:
        """front/, shelf/, strong/ and slot/, each for its owner alone (0700) unless rooms/separation.py says more."""
        for name in ("front", "shelf", "strong", "slot"):
            folder = self.home / name
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.front_user:
                folder.chmod(0o700)


def load(home: Path | None = None) -> Config:
    """The configuration of a home. Raises BadInput("config_malformed") with the line that is wrong."""
    home = (home or home_from_environment()).resolve()
    file = home / "config.toml"
    if not file.exists():
        return Config(home)
    try:
        raw: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("config_malformed", f"config.toml cannot be read ({error}); correct that line.") from None
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise BadInput("config_unknown", f"config.toml has unknown settings {unknown}; known are {sorted(_KNOWN)}.")
    for name in ("encoder", "lexicon", "anchors"):
        if name in raw:
            raw[name] = (home / raw[name]).resolve()
    return Config(home, **raw)
