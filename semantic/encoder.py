"""Text to unit vectors. The shipped encoder is static (one vector per token, averaged) and runs without torch; a local
transformer directory is a drop-in. Encoders see clean text only and never reach for a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from records.errors import BadInput
from records.paths import data_dir
from semantic.grams import normalise

Floats = npt.NDArray[np.float32]
CENTROIDS_FILE: Final = "centroids.safetensors"
WEIGHTS_FILE: Final = "0_StaticEmbedding/model.safetensors"
_BATCH: Final = 4096


class Encoder(Protocol):
    """`encode` gives float32 [n, dim] unit rows (a zero row for text without any known token). `id` names the weights,
    so vectors of two ids never meet. `centroids` float32 [lists, dim] are fixed: they never come from an archive."""

    @property
    def id(self) -> str: ...
    @property
    def dim(self) -> int: ...
    @property
    def centroids(self) -> Floats: ...
    def encode(self, texts: Sequence[str]) -> Floats: ...


class StaticEncoder:
    """A sentence-transformers StaticEmbedding + Normalize folder, run by tokenizers and numpy."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "0_StaticEmbedding" / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        weights = load_file(folder / WEIGHTS_FILE)
        self._codes = weights["embeddings"]
        self._scale = weights["weights"].astype(np.float32)
        self._centroids_file = folder / CENTROIDS_FILE
        digest = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes())
        digest.update((folder / "0_StaticEmbedding" / "tokenizer.json").read_bytes())
        self.id = f"static-{digest.hexdigest()[:16]}"
        self.dim = int(self._codes.shape[1])

    @cached_property
    def centroids(self) -> Floats:
        """Shipped beside the weights; made from the training vocabulary."""
        found: Floats = load_file(self._centroids_file)["centroids"].astype(np.float32)
        return found

    def encode(self, texts: Sequence[str]) -> Floats:
        """float32 [n, dim], unit rows."""
        rows = [self._block(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), dtype=np.float32)

    def _block(self, texts: Sequence[str]) -> Floats:
        found = self._tokenizer.encode_batch([normalise(text) for text in texts], add_special_tokens=False)
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, one in enumerate(found):
            if one.ids:
                ids = np.asarray(one.ids)
                out[row] = self._scale[ids] @ self._codes[ids].astype(np.float32)
        size = np.linalg.norm(out, axis=1, keepdims=True).astype(np.float32)
        unit: Floats = (out / np.where(size == 0, 1, size)).astype(np.float32)
        return unit


@lru_cache(maxsize=4)
def open_encoder(path: Path | None = None) -> Encoder:
    """The shipped encoder, or the one in a local sentence-transformers folder. Raises BadInput("encoder_unusable")."""
    folder = path or data_dir() / "encoder"
    if not (folder / "modules.json").is_file():
        raise BadInput(
            "encoder_unusable", "The encoder folder has no modules.json: name a sentence-transformers folder."
        )
    if (folder / WEIGHTS_FILE).is_file() and (folder / CENTROIDS_FILE).is_file():
        return StaticEncoder(folder)
    from semantic.transformer import TransformerEncoder

    return TransformerEncoder(folder)


def kind_of_modules(folder: Path) -> list[str]:
    """The module types a sentence-transformers folder lists, for people who look at a configuration."""
    return [str(one["type"]) for one in json.loads((folder / "modules.json").read_text(encoding="utf-8"))]
