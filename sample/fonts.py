"""Chinese fonts found through fontconfig; never ships or downloads one."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from records.errors import Unavailable

# face -> families, the first one installed is taken
FACES = {
    "hei": ("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN"),
    "song": ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN"),
    "ming": ("AR PL UMing CN", "AR PL SungtiL GB", "SimSun"),
    "kai": ("AR PL UKai CN", "AR PL KaitiM GB", "KaiTi"),
    "wqy": ("WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    "zenhei": ("WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and the number of the face in it."""

    name: str
    family: str
    path: Path
    index: int


@lru_cache(maxsize=1)
def installed() -> dict[str, Face]:
    """Faces that this machine has, by our names for them. Unavailable if there is none."""
    try:
        listing = subprocess.run(
            ["fc-list", "--format", "%{family}\t%{style}\t%{file}\t%{index}\n", ":lang=zh-cn"],
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError) as problem:
        raise Unavailable(
            "fontconfig_missing",
            "fc-list did not run: install fontconfig and fonts-noto-cjk, then run the command again.",
        ) from problem
    rows = sorted(row.split("\t") for row in listing.splitlines() if row.count("\t") == 3)
    found: dict[str, Face] = {}
    for name, families in FACES.items():
        for family in families:
            match = next((r for r in rows if family in r[0].split(",") and _plain_style(r[1])), None)
            if match and Path(match[2]).is_file():
                # fontconfig keeps the named instance of a variable font in the upper 16 bits
                found[name] = Face(name, family, Path(match[2]), int(match[3] or 0) & 0xFFFF)
                break
    if not found:
        raise Unavailable(
            "fonts_missing", "No Chinese font was found: install fonts-noto-cjk (Debian) and run the command again."
        )
    return found


def face(name: str) -> Face:
    """The face asked for, or any other that is installed."""
    faces = installed()
    return faces.get(name) or faces[sorted(faces)[0]]


def _plain_style(style: str) -> bool:
    return bool({"Regular", "Book", "Light", "Medium", "Normal"} & set(style.split(","))) and "Bold" not in style
